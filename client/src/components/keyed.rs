//! A list whose elements stay while what they are of stands in it. It does not know what an element looks like.

use leptos::prelude::*;

/// What elements are told apart by: the bytes of an id, of whatever kind.
pub type Key = [u8; 16];

/// Draws an element for each key, in their order.
///
/// Leptos has `For`, which is compiled for each type and each place. This is compiled once.
pub fn keyed(keys: Memo<Vec<Key>>, draw: fn(Key) -> AnyView) -> AnyView {
    view! { <For each=move || keys.get() key=|key| *key children=draw /> }.into_any()
}
