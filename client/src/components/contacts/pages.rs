//! The pages of friends and groups as a chunk of their own: who only talks does not load them. It does not know what
//! stands on them.

use leptos::prelude::*;

use super::friends::contacts;
use crate::components::account::frame::bare;
use crate::components::chunk::chunk;
use crate::route::Route;

chunk! {
    /// Fetches the pages of friends and groups.
    pub fn people_pages() -> fn(Route) in people { draw }
}

/// The page at an address.
fn draw(route: Route) -> AnyView {
    match route {
        Route::Contacts => contacts(),
        route => bare(view! { <p>{route.address()}</p> }.into_any()),
    }
}
