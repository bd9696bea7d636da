//! Which page stands in the window: the conversation, or one of accounts. It does not know what stands on them.

use leptos::prelude::*;

use super::account::frame;
use super::account::pages::account_pages;
use super::chunk::Chunk;
use super::shell::Shell;
use crate::route::{Route, Section, pages};
use crate::text::provide_texts;

/// The page. Needs `Chat`, `Actions`, `Accounts`, `Pages` and `Preferences` in context.
#[component]
pub fn Page() -> impl IntoView {
    provide_texts();
    let pages = pages();
    let account = Chunk::new(account_pages);
    // The settings are one page, whichever of their sections is shown.
    let page = Memo::new(move |_| match pages.shown() {
        Route::Settings(_) => Route::Settings(Section::Profile),
        other => other,
    });
    move || match page.get() {
        Route::Lobby => view! { <Shell /> }.into_any(),
        route => account.show(route, frame::bare),
    }
}
