//! Completing the name of whom one mentions. It knows when that is wanted, and not how it is done: that comes with its
//! chunk.

use leptos::html;
use leptos::prelude::*;

use super::chunk::{Chunk, chunk};
use crate::dom::listen;
use crate::route::Route;
use crate::state::Chat;

pub mod list;
pub mod query;
pub mod sources;

/// The field in which a name is completed.
pub type Field = NodeRef<html::Textarea>;

chunk! {
    /// Fetches the list of those who may be meant.
    pub fn completion() -> fn(Route) in talk { list::completion }
}

/// What stands above the field while a name is being written. Nothing of it is there before the first at sign.
#[component]
pub fn Completion(field: Field) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let is_wanted = RwSignal::new(false);
    let chunk = Chunk::new(completion);
    // Whoever has no account finds nobody.
    let is_able = Memo::new(move |_| chat.standing.with(Option::is_some));
    field.on_load(move |element| {
        let looked_at = element.clone();
        listen::until_gone(&element, "input", move |_| {
            if !is_wanted.get_untracked() && looked_at.value().contains(['@', '＠']) {
                is_wanted.set(true);
            }
        });
    });
    move || match is_wanted.get() && is_able.get() {
        true => chunk.show_or_nothing(Route::Home),
        false => ().into_any(),
    }
}
