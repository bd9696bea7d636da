//! The first start: someone becomes the owner and says who may come in. It does not know what an owner does later.

use leptos::prelude::*;
use parley_shared::model::Role;

use super::form::{Form, kept, part};
use super::frame::{aside, entrance, paragraph};
use super::listing::waiting;
use super::policy::policy;
use super::register::{Entered, guest_note};
use crate::account::accounts;
use crate::route::{Route, pages};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Unknown,
    Account,
    Policy,
    Taken,
}

/// The page of the first start.
pub fn setup() -> AnyView {
    let accounts = accounts();
    // After a reload between the two steps, the server still knows who became owner.
    leptos::task::spawn_local(async move { drop(accounts.load_me().await) });
    let is_owner = move || {
        let role = accounts.me().and_then(|me| Some(me.account?.standing.role));
        role == Some(Role::Owner)
    };
    let step = kept(move || match accounts.server() {
        _ if is_owner() => Step::Policy,
        None => Step::Unknown,
        Some(server) if server.claimed => Step::Taken,
        Some(_) => Step::Account,
    });
    let shown = move || match step.get() {
        Step::Unknown => waiting(),
        Step::Account => account(),
        Step::Policy => second(),
        Step::Taken => aside(
            |t| t.own().setup_taken,
            Route::SignIn,
            "to-sign-in",
            |t| t.sign_in,
        ),
    };
    entrance(|t| t.own().setup, "page-title", vec![part(shown)])
}

fn account() -> AnyView {
    let entered = Entered::new(String::new());
    let form = Form::new();
    let accounts = accounts();
    let send = move || match entered.asked() {
        Ok(asked) => form.run(async move {
            accounts.register(asked).await?;
            crate::dom::focus_soon("page-title");
            Ok(None)
        }),
        Err(failure) => form.fail(failure),
    };
    let parts = vec![
        paragraph("card__step", |t| t.own().setup_step_one),
        paragraph("card__intro", |t| t.own().setup_owner),
        guest_note(),
        form.view(
            "setup-form",
            entered.fields(form),
            |t| t.own().setup_next,
            false,
            send,
        ),
    ];
    parts.into_any()
}

fn second() -> AnyView {
    let pages = pages();
    let parts = vec![
        paragraph("card__step", |t| t.own().setup_step_two),
        paragraph("card__intro", |t| t.own().setup_policy),
        policy(
            |t| t.own().setup_done,
            move || pages.go_instead(Route::Home),
        ),
    ];
    parts.into_any()
}
