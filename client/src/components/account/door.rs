//! The way in, beside the conversation: for guests, and for whoever comes first. It does not know how one gets in.

use leptos::prelude::*;
use parley_shared::model::Role;

use super::form::{Label, kept, part, say};
use super::frame::{link, paragraph};
use crate::account::accounts;
use crate::route::{Route, pages};
use crate::state::Chat;
use crate::text::texts;

/// Who the reader is, as far as doors go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Nothing is known yet.
    Unknown,
    /// The first on a server without an owner.
    First,
    /// Someone without an account.
    Guest,
    /// Someone with one.
    Registered,
}

/// Who the reader is, as far as doors go.
pub fn who() -> Memo<Who> {
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
pub fn claim() -> AnyView {
    view! {
        <div class="claim" data-testid="claim">
            {paragraph("claim__text", |t| t.unclaimed)}
            {link(Route::Setup, "claim__link", "to-setup", |t| t.claim)}
        </div>
    }
    .into_any()
}

/// The two ways in, for whoever has no account.
pub fn ways_in(class: &'static str) -> AnyView {
    view! {
        <div class=class data-testid="door">
            {link(Route::SignIn, "button button--small", "to-sign-in", |t| t.sign_in)}
            {link(Route::Register, "button button--small", "to-register", |t| t.register)}
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
