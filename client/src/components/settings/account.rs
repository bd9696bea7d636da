//! The reader's account, in the settings: who they are, the way to all of it, the way out. It does not know how one gets in.

use leptos::prelude::*;

use crate::account::accounts;
use crate::components::account::door::{Who, claim, role_label, ways_in, who};
use crate::components::account::form::{Form, button, part};
use crate::components::account::frame::{link, paragraph};
use crate::route::{Route, Section, pages};
use crate::state::Chat;
use crate::text::texts;

/// The reader's account, in the dialog of settings.
pub(super) fn account_field() -> AnyView {
    let who = who();
    part(move || match who.get() {
        Who::First => claim(),
        Who::Guest => {
            let parts = vec![
                paragraph("field__hint", |t| t.guest),
                ways_in("door door--wide"),
            ];
            view! { <div class="field">{parts}</div> }.into_any()
        }
        Who::Registered => registered(),
        Who::Unknown => ().into_any(),
    })
}

fn registered() -> AnyView {
    let chat = expect_context::<Chat>();
    let (accounts, pages, texts) = (accounts(), pages(), texts());
    let form = Form::new();
    let name = move || {
        let standing = chat.standing.get();
        let user_name = standing.map(|standing| standing.user_name);
        (texts.get().account.signed_in_as)(&user_name.unwrap_or_default())
    };
    let role = move || {
        chat.standing
            .with(|standing| standing.as_ref().map(|s| s.role))
    };
    let sign_out = move || {
        form.run(async move {
            accounts.sign_out().await?;
            let is_shut = untrack(|| accounts.server()).is_some_and(|s| !s.policy.guests);
            pages.go(if is_shut { Route::SignIn } else { Route::Home });
            Ok(None)
        });
    };
    view! {
        <div class="field" data-testid="account-field">
            <p class="account__name">
                <span data-testid="signed-in-as">{name}</span>
                <span class="tag">
                    {move || role().map(|role| role_label(role)(&texts.get().account))}
                </span>
            </p>
            <div class="door door--wide">
                {link(
                    Route::Settings(Section::Profile),
                    "button button--small",
                    "to-settings",
                    |t| t.open_settings,
                )}
                {button("button button--small", "sign-out", |t| t.sign_out, sign_out)}
            </div>
            {form.brief_news()}
        </div>
    }
    .into_any()
}
