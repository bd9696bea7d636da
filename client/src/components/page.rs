//! Which page stands in the window: the conversation, or one of accounts. It does not know what stands on them.

use leptos::prelude::*;

use super::account::frame;
use super::account::pages::account_pages;
use super::chunk::Chunk;
use super::contacts::card::person_card;
use super::contacts::pages::people_pages;
use super::shell::Shell;
use crate::route::{Route, Section, pages};
use crate::text::provide_texts;

/// The page. Needs `Chat`, `Actions`, `Accounts`, `Pages` and `Preferences` in context.
#[component]
pub fn Page() -> impl IntoView {
    provide_texts();
    let pages = pages();
    let (account, people) = (Chunk::new(account_pages), Chunk::new(people_pages));
    // The settings are one page, whichever of their sections is shown, and so is what has a conversation.
    let page = Memo::new(move |_| match pages.shown() {
        Route::Settings(_) => Route::Settings(Section::Profile),
        Route::Conversation(_) => Route::Home,
        other => other,
    });
    let shown = move || match page.get() {
        Route::Home | Route::Conversation(_) => view! { <Shell /> }.into_any(),
        route @ (Route::Contacts
        | Route::Groups
        | Route::NewGroup
        | Route::Group(_)
        | Route::GroupInvitation) => people.show(route, frame::bare),
        route @ (Route::SignIn
        | Route::Register
        | Route::Reset
        | Route::Setup
        | Route::Settings(_)) => account.show(route, frame::bare),
    };
    view! {
        {shown}
        {person_card()}
    }
}
