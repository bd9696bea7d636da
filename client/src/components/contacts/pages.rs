//! The pages of friends and groups as a chunk of their own: who only talks does not load them. It does not know what
//! stands on them.

use leptos::prelude::*;

use super::friends::contacts;
use crate::components::chunk::chunk;
use crate::components::groups::directory::directory;
use crate::components::groups::group::group;
use crate::components::groups::invited::invited;
use crate::components::groups::make::make;
use crate::route::Route;

chunk! {
    /// Fetches the pages of friends and groups.
    pub fn people_pages() -> fn(Route) in people { draw }
}

/// The page at an address. The others are none of these.
fn draw(route: Route) -> AnyView {
    match route {
        Route::NewGroup => make(),
        Route::Groups => directory(),
        Route::Group(id) => group(id),
        Route::GroupInvitation => invited(),
        Route::Contacts => contacts(),
        _ => ().into_any(),
    }
}
