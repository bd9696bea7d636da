//! A list whose elements stay while what they are of stands in it. It does not know what an element looks like.
//!
//! Leptos has `For`, which moves everything that stands below what is put in above, and has the browser lay all of it out
//! anew: in a log that is read back that is the log.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use web_sys::Element;

/// What elements are told apart by: the bytes of an id, of whatever kind, and a mark for what else tells them apart.
pub type Key = ([u8; 16], u8);

/// What stands in a list. Each key is there once.
#[derive(Clone)]
pub struct Listed {
    keys: Memo<Vec<Key>>,
    draw: Arc<dyn Fn(Key) -> AnyView + Send + Sync>,
}

/// An element for each key, in their order. `draw` draws one element.
pub fn listed(
    keys: Memo<Vec<Key>>,
    draw: impl Fn(Key) -> AnyView + Send + Sync + 'static,
) -> Listed {
    let draw = Arc::new(draw);
    Listed { keys, draw }
}

/// What is drawn of a key.
struct Drawn {
    key: Key,
    /// Of what was made while it was drawn.
    owner: Owner,
    state: AnyViewState,
}

/// A directive: fills an element that has nothing else in it, and keeps it so. Where a view is drawn anew over one of its
/// kind, the element stays, and this fills it from the start.
pub fn keyed(container: Element, listed: Listed) {
    let parent = Owner::current().expect("elements are drawn by an owner");
    container.set_text_content(None);
    let draw = move |key| {
        let owner = parent.with(Owner::new);
        let state = owner.with(|| untrack(|| (listed.draw)(key)).build());
        Drawn { key, owner, state }
    };
    // What is drawn ends with the owner, and not when the effect's task does: what follows a signal in it would read
    // what is gone.
    let all = Rc::new(Cell::new(Vec::new()));
    let weak = Rc::downgrade(&all);
    let effect = RenderEffect::new(move |_| {
        if let Some(all) = weak.upgrade() {
            all.set(follow(&container, all.take(), &listed.keys.get(), &draw));
        }
    });
    StoredValue::new_local((effect, all));
}

/// Puts in what is new, takes out what is gone, moves what stands elsewhere, and touches nothing else.
fn follow(
    container: &Element,
    before: Vec<Drawn>,
    keys: &[Key],
    draw: &dyn Fn(Key) -> Drawn,
) -> Vec<Drawn> {
    let mut known: HashMap<Key, Drawn> =
        before.into_iter().map(|drawn| (drawn.key, drawn)).collect();
    let found: Vec<_> = keys.iter().map(|key| known.remove(key)).collect();
    for mut gone in known.into_values() {
        gone.state.unmount();
        gone.owner.cleanup();
    }
    // The element that stands where the next belongs.
    let mut here = container.first_element_child();
    let stay = keys.iter().zip(found).map(|(key, found)| {
        let mut drawn = found.unwrap_or_else(|| draw(*key));
        match &here {
            Some(element) if drawn.state.elements().first() == Some(element) => {
                here = element.next_element_sibling();
            }
            _ => drawn.state.mount(container, here.as_deref()),
        }
        drawn
    });
    stay.collect()
}
