//! Has what is shown be proven, some time after it is there. It does not know how: that comes with its chunk.
//!
//! What is done about messages is fetched at the same time, so that it is there without a connection as well.

use std::any::Any;
use std::time::Duration;

use leptos::prelude::*;
use parley_shared::limits::PROOF_AFTER_MS;

use super::account::form::part;
use super::chunk::Chunk;
use super::talk::talk;
use crate::route::Route;
use crate::state::{Chat, Link};

mod draw;
mod witnesses;

/// What whoever proves remembers while other pages are shown. In context.
#[derive(Debug, Clone, Copy)]
pub struct Memory(StoredValue<Option<Box<dyn Any>>, LocalStorage>);

impl Memory {
    /// A memory with nothing in it. It lives as long as the component that provides it.
    pub fn provide() {
        provide_context(Self(StoredValue::new_local(None)));
    }
}

/// What there is to say when something is not what was written.
pub fn proof() -> AnyView {
    let chat = expect_context::<Chat>();
    let chunk = Chunk::new(draw::proven);
    let talk = talk();
    let is_due = RwSignal::new(false);
    let is_loaded = Memo::new(move |_| chat.timeline.with(|timeline| timeline.is_loaded()));
    let is_live = Memo::new(move |_| chat.link.get() == Link::Live);
    Effect::new(move |_| {
        if is_loaded.get() && is_live.get() {
            let due = move || {
                // A server that is gone meanwhile has nothing to fetch: what did not come is tried again when it is back.
                if is_live.try_get_untracked() == Some(true) {
                    if !is_due.get_untracked() {
                        is_due.set(true);
                    }
                    chunk.fetch();
                    talk.want();
                }
            };
            // First what is said is drawn.
            set_timeout(due, Duration::from_millis(PROOF_AFTER_MS));
        }
    });
    part(move || match is_due.get() {
        true => chunk.show_or_nothing(Route::Home),
        false => ().into_any(),
    })
}
