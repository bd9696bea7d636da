//! Setting a new password with a code that an administrator issued. It does not know who issued it.

use leptos::prelude::*;
use parley_shared::api::Secret;
use parley_shared::api::account::ResetPassword;
use parley_shared::content::check_password;
use parley_shared::refusal::Refusal;

use super::field::{Field, Kind};
use super::form::{Form, done};
use super::frame::{aside, entrance, paragraph};
use crate::account::{Failure, accounts};
use crate::route::Route;

/// The page for setting a new password.
pub fn reset() -> AnyView {
    let empty = || RwSignal::new(String::new());
    let (user_name, code, password) = (empty(), empty(), empty());
    let form = Form::new();
    let accounts = accounts();
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
            done(|t| t.reset_done)
        });
    };
    let code = Field {
        id: "reset-code",
        label: |t| t.reset_code,
        hint: None,
        kind: Kind::Exact,
        autocomplete: "one-time-code",
        value: code,
        blame: |r| matches!(r, Refusal::UnknownResetCode),
    };
    let fields = vec![
        Field::user_name(user_name, None).of(form),
        code.of(form),
        Field::new_password(password, |t| t.new_password).of(form),
    ];
    entrance(
        |t| t.reset,
        "user-name",
        vec![
            paragraph("card__intro", |t| t.reset_intro),
            form.view("reset-form", fields, |t| t.save, false, send),
            aside(
                |t| t.have_account,
                Route::SignIn,
                "to-sign-in",
                |t| t.sign_in,
            ),
        ],
    )
}
