//! Password and second factor. It does not know where one is signed in.

use leptos::prelude::*;
use parley_shared::api::Secret;
use parley_shared::api::account::ChangePassword;
use parley_shared::content::check_password;

use super::field::Field;
use super::form::{Form, done};
use super::frame::paragraph;
use super::listing::panel;
use super::second_factor::second_factor;
use crate::account::{Failure, accounts};

/// The section of password and second factor.
pub fn security() -> AnyView {
    let parts = vec![
        panel(|t| t.own().change_password, vec![password()]),
        panel(|t| t.own().second_factor, vec![second_factor()]),
    ];
    parts.into_any()
}

fn password() -> AnyView {
    let accounts = accounts();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let form = Form::new();
    let send = move || {
        let asked = ChangePassword {
            current: Secret(current.get_untracked()),
            new: Secret(new.get_untracked()),
        };
        if let Err(refusal) = check_password(&asked.new.0) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        form.run(async move {
            accounts.change_password(&asked).await?;
            current.try_set(String::new());
            new.try_set(String::new());
            done(|t| t.own().password_changed)
        });
    };
    let user_name = move || {
        let account = accounts.me().and_then(|me| me.account);
        account.map(|account| account.standing.user_name)
    };
    // A password manager wants to know whose password it keeps.
    let whose = view! {
        <input type="text" autocomplete="username" readonly=true hidden=true value=user_name />
    }
    .into_any();
    let fields = vec![
        whose,
        Field::password("current-password", current, |t| t.own().current_password).of(form),
        Field::new_password(new, |t| t.own().new_password).of(form),
    ];
    let parts = vec![
        paragraph("panel__intro", |t| t.own().change_password_hint),
        form.view(
            "password-form",
            fields,
            |t| t.own().change_password,
            false,
            send,
        ),
    ];
    parts.into_any()
}
