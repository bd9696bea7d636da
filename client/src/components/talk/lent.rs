//! What the chunk lends the first part of the program: who only reads and writes does not load it. It does not know how each
//! thing is done.

use leptos::prelude::*;

use super::completion::completion;
use super::menu::{Menu, menu_dialog};
use super::{Lent, talk};
use crate::components::chunk::chunk;
use crate::route::Route;

mod mentioned;

use mentioned::mentioned;

chunk! {
    /// Fetches what can be done about what was said.
    pub(super) fn lent() -> fn(Route) in talk { draw }
}

fn draw(_: Route) -> AnyView {
    let talk = talk();
    let menu = Menu::provide();
    // Before its dialog is on the page, the menu could not open.
    menu.on_load(move || {
        talk.lend(Lent {
            hear: Callback::new(move |(surface, event)| menu.hear(surface, &event)),
            mentioned,
            completion,
        });
    });
    on_cleanup(move || talk.take_back());
    menu_dialog()
}
