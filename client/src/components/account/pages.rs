//! The pages of accounts as a chunk of their own: who talks does not load them. It does not know what stands on them.

use leptos::prelude::*;

use super::register::register;
use super::reset::reset;
use super::settings::settings;
use super::setup::setup;
use super::sign_in::sign_in;
use crate::components::chunk::chunk;
use crate::route::Route;

chunk! {
    /// Fetches the pages of accounts.
    pub fn account_pages() -> fn(Route) in account { draw }
}

/// The page at an address. The others are none of accounts.
fn draw(route: Route) -> AnyView {
    match route {
        Route::SignIn => sign_in(),
        Route::Register => register(),
        Route::Reset => reset(),
        Route::Setup => setup(),
        Route::Settings(_) => settings(),
        _ => ().into_any(),
    }
}
