//! Which page stands in the window: the conversation, or one of accounts. It does not know what stands on them.

use leptos::prelude::*;

use super::account::register::register;
use super::account::reset::reset;
use super::account::settings::settings;
use super::account::setup::setup;
use super::account::sign_in::sign_in;
use super::shell::Shell;
use crate::route::{Route, Section, pages};
use crate::text::provide_texts;

/// The page. Needs `Chat`, `Actions`, `Accounts`, `Pages` and `Preferences` in context.
#[component]
pub fn Page() -> impl IntoView {
    provide_texts();
    let pages = pages();
    // The settings are one page, whichever of their sections is shown.
    let page = Memo::new(move |_| match pages.shown() {
        Route::Settings(_) => Route::Settings(Section::Profile),
        other => other,
    });
    move || match page.get() {
        Route::Lobby => view! { <Shell /> }.into_any(),
        Route::SignIn => sign_in(),
        Route::Register => register(),
        Route::Reset => reset(),
        Route::Setup => setup(),
        Route::Settings(_) => settings(),
    }
}
