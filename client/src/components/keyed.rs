//! A list whose elements stay while what they are of stands in it. It does not know what an element looks like.

use std::sync::Arc;

use leptos::prelude::*;

/// What elements are told apart by: the bytes of an id, of whatever kind, and a mark for what else tells them apart.
pub type Key = ([u8; 16], u8);

/// Draws an element for each key, in their order.
///
/// Leptos has `For`, which is compiled for each type and each place. This is compiled once.
pub fn keyed(
    keys: Memo<Vec<Key>>,
    draw: impl Fn(Key) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    drawn(keys, Arc::new(draw))
}

fn drawn(keys: Memo<Vec<Key>>, draw: Arc<dyn Fn(Key) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || keys.get() key=|key| *key children=move |key| draw(key) /> }
        .into_any()
}
