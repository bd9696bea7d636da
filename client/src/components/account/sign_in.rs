//! Signing in, with a second step where the account asks for one. It does not know what comes after.

use leptos::prelude::*;
use parley_shared::api::Secret;
use parley_shared::api::account::SignIn as Asked;
use parley_shared::refusal::Refusal;

use super::field::{Field, Kind};
use super::form::{Form, Label, button, kept, part};
use super::frame::{aside, entrance, link, paragraph};
use crate::account::{Failure, accounts};
use crate::route::{Route, pages};
use crate::state::{Chat, Link};

/// What is asked for beside the name and the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Password,
    Code,
    RecoveryCode,
}

/// What was entered so far.
#[derive(Debug, Clone, Copy)]
struct Entered {
    user_name: RwSignal<String>,
    password: RwSignal<String>,
    code: RwSignal<String>,
    step: RwSignal<Step>,
}

impl Entered {
    fn asked(self) -> Asked {
        let code = Some(Secret(self.code.get_untracked().trim().to_owned()));
        let (code, recovery_code) = match self.step.get_untracked() {
            Step::Password => (None, None),
            Step::Code => (code, None),
            Step::RecoveryCode => (None, code),
        };
        Asked {
            user_name: self.user_name.get_untracked().trim().to_owned(),
            password: Secret(self.password.get_untracked()),
            code,
            recovery_code,
        }
    }
}

/// The page for signing in.
pub fn sign_in() -> AnyView {
    let entered = Entered {
        user_name: RwSignal::new(String::new()),
        password: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        step: RwSignal::new(Step::Password),
    };
    let form = Form::new();
    let (accounts, pages) = (accounts(), pages());
    let send = move || {
        form.run(async move {
            match accounts.sign_in(entered.asked()).await {
                Ok(_) => {
                    pages.go_on();
                    Ok(None)
                }
                Err(Failure::Refused(Refusal::SecondFactorNeeded)) => {
                    entered.step.try_set(Step::Code);
                    crate::dom::focus_soon("code");
                    Ok(None)
                }
                Err(failure) => Err(failure),
            }
        });
    };
    let fields = move || {
        form.clear();
        match entered.step.get() {
            Step::Password => credentials(form, entered),
            step => second_step(form, entered, step),
        }
    };
    let step = kept(move || entered.step.get() == Step::Password);
    entrance(
        |t| t.sign_in,
        "user-name",
        vec![
            part(move || {
                if step.get() {
                    intro()
                } else {
                    paragraph("card__intro", |t| t.own().code_intro)
                }
            })
            .into_any(),
            form.view(
                "sign-in-form",
                vec![part(fields)],
                |t| t.sign_in,
                false,
                send,
            ),
            link(Route::Reset, "card__link", "to-reset", |t| t.own().forgot),
            to_register(),
        ],
    )
}

fn intro() -> AnyView {
    let chat = expect_context::<Chat>();
    let is_shut = move || {
        let is_nobody = chat.link.get() == Link::SignedOut && chat.standing.with(Option::is_none);
        is_nobody
            && accounts()
                .server()
                .is_some_and(|server| !server.policy.guests)
    };
    let is_shut = kept(is_shut);
    part(move || {
        let label: Label = if is_shut.get() {
            |t| t.own().sign_in_shut
        } else {
            |t| t.own().sign_in_intro
        };
        paragraph("card__intro", label)
    })
}

/// The way to an account, also to that of an owner where there is none.
fn to_register() -> AnyView {
    let accounts = accounts();
    let is_claimed = kept(move || accounts.server().is_none_or(|server| server.claimed));
    part(move || {
        if is_claimed.get() {
            aside(
                |t| t.own().no_account,
                Route::Register,
                "to-register",
                |t| t.register,
            )
        } else {
            aside(|t| t.unclaimed, Route::Setup, "to-setup", |t| t.claim)
        }
    })
}

fn credentials(form: Form, entered: Entered) -> AnyView {
    let fields = vec![
        Field::user_name(entered.user_name, None).of(form),
        Field::password("password", entered.password, |t| t.own().password).of(form),
    ];
    view! { <div class="form__fields">{fields}</div> }.into_any()
}

fn second_step(form: Form, entered: Entered, step: Step) -> AnyView {
    let is_recovery = step == Step::RecoveryCode;
    let field = Field {
        id: "code",
        label: if is_recovery {
            |t| t.own().recovery_code
        } else {
            |t| t.code
        },
        hint: Some(if is_recovery {
            |t| t.own().recovery_code_hint
        } else {
            |t| t.own().code_hint
        }),
        kind: if is_recovery {
            Kind::Exact
        } else {
            Kind::Digits
        },
        autocomplete: if is_recovery { "off" } else { "one-time-code" },
        value: entered.code,
        blame: |r| matches!(r, Refusal::SecondFactorWrong | Refusal::SecondFactorNeeded),
    };
    let (label, other): (Label, Step) = if is_recovery {
        (|t| t.own().use_authenticator, Step::Code)
    } else {
        (|t| t.own().use_recovery, Step::RecoveryCode)
    };
    let switch = button("link-button", "other-code", label, move || {
        entered.code.set(String::new());
        entered.step.set(other);
        crate::dom::focus_soon("code");
    });
    view! { <div class="form__fields">{field.of(form)} {switch}</div> }.into_any()
}
