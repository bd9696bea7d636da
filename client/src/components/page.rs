//! Which page stands in the window: the conversation, or one of accounts. It does not know what stands on them.

use leptos::prelude::*;

use super::account::frame;
use super::contacts::card::person_card;
use super::parts::Parts;
use super::proof::Memory;
use super::shell::Shell;
use crate::route::{Route, Section, pages};
use crate::text::provide_texts;

/// The page. Needs `Chat`, `Actions`, `Accounts`, `Pages` and `Preferences` in context.
#[component]
pub fn Page() -> impl IntoView {
    provide_texts();
    let pages = pages();
    let parts = Parts::default();
    provide_context(parts);
    Memory::provide();
    // The settings are one page, whichever of their sections is shown, and so is what has a conversation.
    let page = Memo::new(move |_| match pages.shown() {
        Route::Settings(_) => Route::Settings(Section::Profile),
        Route::Conversation(_) => Route::Home,
        other => other,
    });
    let shown = move || {
        let route = page.get();
        match parts.of(route) {
            Some(part) => part.show(route, frame::bare),
            None => view! { <Shell /> }.into_any(),
        }
    };
    view! {
        {shown}
        {person_card()}
    }
}
