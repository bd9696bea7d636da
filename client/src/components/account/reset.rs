//! Setting a new password with a code, which comes by e-mail or from an administrator. It does not know who issued it.

use leptos::prelude::*;
use parley_shared::api::Secret;
use parley_shared::api::account::{AskResetLetter, ResetPassword};
use parley_shared::content::check_password;
use parley_shared::refusal::Refusal;

use super::field::{Field, Kind};
use super::form::{Form, NOTHING, button, done, kept, part};
use super::frame::{aside, entrance, paragraph};
use super::listing::waiting;
use crate::account::{Failure, accounts};
use crate::dom;
use crate::route::Route;

/// How far the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Asks for a code.
    Letter,
    /// Has asked for one.
    Sent,
    /// Has one.
    Code,
}

/// The page for setting a new password.
pub fn reset() -> AnyView {
    let accounts = accounts();
    let has_mail = kept(move || accounts.server().map(|server| server.mail));
    let step = RwSignal::new(Step::Letter);
    let name = RwSignal::new(String::new());
    let body = move || match (has_mail.get(), step.get()) {
        (None, _) => waiting(),
        (Some(true), Step::Letter) => letter(name, step),
        (Some(true), Step::Sent) => code(name, step, true),
        (Some(has_mail), _) => code(name, step, has_mail),
    };
    let parts = vec![
        part(body),
        aside(
            |t| t.own().have_account,
            Route::SignIn,
            "to-sign-in",
            |t| t.sign_in,
        ),
    ];
    entrance(|t| t.reset, "page-title", parts)
}

/// Asks for a code by e-mail.
fn letter(name: RwSignal<String>, step: RwSignal<Step>) -> AnyView {
    let accounts = accounts();
    let form = Form::new();
    let send = move || {
        let asked = AskResetLetter {
            name: name.with_untracked(|name| name.trim().to_owned()),
        };
        if asked.name.is_empty() {
            dom::focus_soon("letter-name");
            return;
        }
        form.run(async move {
            accounts.ask_reset_letter(&asked).await?;
            step.try_set(Step::Sent);
            dom::focus_soon("reset-code");
            Ok(None)
        });
    };
    let field = Field {
        id: "letter-name",
        label: |t| t.own().letter_name,
        hint: None,
        kind: Kind::Exact,
        autocomplete: "username",
        value: name,
        blame: NOTHING,
    };
    let on = move || {
        step.set(Step::Code);
        dom::focus_soon("page-title");
    };
    let parts = vec![
        paragraph("card__intro", |t| t.own().letter_intro),
        form.view(
            "letter-form",
            vec![field.of(form)],
            |t| t.own().letter_send,
            false,
            send,
        ),
        button("link-button", "have-code", |t| t.own().have_code, on),
    ];
    view! { <div class="card__step-body">{parts}</div> }.into_any()
}

/// Sets the password with a code.
fn code(name: RwSignal<String>, step: RwSignal<Step>, has_mail: bool) -> AnyView {
    let is_sent = step.get_untracked() == Step::Sent;
    let accounts = accounts();
    // An address of e-mail is no user name.
    let known = name.get_untracked().trim().to_owned();
    let user_name = RwSignal::new(if known.contains('@') {
        String::new()
    } else {
        known
    });
    let (code, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let send = move || {
        let chosen = password.get_untracked();
        if let Err(refusal) = check_password(&chosen) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        let asked = ResetPassword {
            user_name: user_name.get_untracked().trim().to_owned(),
            code: Secret(code.get_untracked().trim().to_owned()),
            password: Secret(chosen),
        };
        form.run(async move {
            accounts.reset_password(&asked).await?;
            password.try_set(String::new());
            code.try_set(String::new());
            done(|t| t.own().reset_done)
        });
    };
    let code = Field {
        id: "reset-code",
        label: |t| t.own().reset_code,
        hint: None,
        kind: Kind::Exact,
        autocomplete: "one-time-code",
        value: code,
        blame: |r| matches!(r, Refusal::UnknownResetCode),
    };
    let fields = vec![
        Field::user_name(user_name, None).of(form),
        code.of(form),
        Field::new_password(password, |t| t.own().new_password).of(form),
    ];
    let again = move || {
        step.set(Step::Letter);
        dom::focus_soon("letter-name");
    };
    let again = has_mail
        .then(|| {
            button(
                "link-button",
                "letter-again",
                |t| t.own().letter_again,
                again,
            )
        })
        .into_any();
    let parts = vec![
        where_from(is_sent, has_mail),
        form.view("reset-form", fields, |t| t.save, false, send),
        again,
    ];
    view! { <div class="card__step-body">{parts}</div> }.into_any()
}

/// Where the code comes from.
fn where_from(is_sent: bool, has_mail: bool) -> AnyView {
    match (is_sent, has_mail) {
        (true, _) => view! {
            <div class="card__note" role="status" data-testid="letter-sent">
                {paragraph("", |t| t.own().letter_sent)}
            </div>
        }
        .into_any(),
        (false, true) => ().into_any(),
        (false, false) => paragraph("card__intro", |t| t.own().reset_intro),
    }
}
