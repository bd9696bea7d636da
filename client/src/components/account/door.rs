//! The way in, beside the conversation: for guests, and for whoever comes first. It does not know how one gets in.

use leptos::prelude::*;
use parley_shared::model::Role;

use super::form::{Form, Label, button, kept, part, say};
use super::frame::{link, paragraph};
use crate::account::accounts;
use crate::route::{Route, Section, pages};
use crate::state::Chat;
use crate::text::texts;

/// Who the reader is, as far as doors go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Nothing is known yet.
    Unknown,
    /// The first on a server without an owner.
    First,
    Guest,
    Registered,
}

fn who() -> Memo<Who> {
    let chat = expect_context::<Chat>();
    let accounts = accounts();
    kept(move || {
        let is_claimed = accounts.server().map(|server| server.claimed);
        match (chat.standing.with(Option::is_some), is_claimed) {
            (true, _) => Who::Registered,
            (false, None) => Who::Unknown,
            (false, Some(false)) => Who::First,
            (false, Some(true)) => Who::Guest,
        }
    })
}

/// What stands above oneself in the sidebar.
pub fn door() -> AnyView {
    let who = who();
    part(move || match who.get() {
        Who::First => claim(),
        Who::Guest => ways_in("door"),
        Who::Unknown | Who::Registered => ().into_any(),
    })
}

/// The invitation to become the owner.
fn claim() -> AnyView {
    view! {
        <div class="claim" data-testid="claim">
            {paragraph("claim__text", |t| t.unclaimed)}
            {link(Route::Setup, "claim__link", "to-setup", |t| t.claim)}
        </div>
    }
    .into_any()
}

fn ways_in(class: &'static str) -> AnyView {
    view! {
        <div class=class data-testid="door">
            {link(Route::SignIn, "button button--small", "to-sign-in", |t| t.sign_in)}
            {link(Route::Register, "button button--small", "to-register", |t| t.register)}
        </div>
    }
    .into_any()
}

/// The reader's account, in the dialog of settings.
pub fn account_field() -> AnyView {
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

/// What a role is called.
pub fn role_label(role: Role) -> Label {
    match role {
        Role::Member => |t| t.member,
        Role::Administrator => |t| t.administrator,
        Role::Owner => |t| t.owner,
    }
}

/// The way back for someone who was signed out, in the banner above the conversation.
pub fn back_in() -> AnyView {
    let chat = expect_context::<Chat>();
    let pages = pages();
    let label = move || -> Label {
        if chat.standing.with(Option::is_some) {
            |t| t.signed_out
        } else {
            |t| t.guest_out
        }
    };
    let texts = texts();
    view! {
        <div class="link-banner" data-testid="signed-out">
            <span class="link-banner__text">{move || label()(&texts.get().account)}</span>
            <button
                type="button"
                class="link-banner__action"
                data-testid="sign-in-again"
                on:click=move |_| pages.go(Route::SignIn)
            >
                {say(|t| t.sign_in)}
            </button>
        </div>
    }
    .into_any()
}
