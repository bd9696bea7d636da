//! What comes with the first touch of what was said: what can be done about it, who is meant in it, whom one may mean. It knows
//! when that is wanted, and not how it is done: that comes with its chunk.
//!
//! The log and the list listen for all of their rows, so that a row costs nothing for it.

use std::ops::Range;

use leptos::prelude::*;
use parley_shared::ids::MessageId;
use web_sys::Event;

use super::account::form::part;
use super::chunk::Chunk;
use crate::route::Route;

pub mod completion;
pub mod lent;
pub mod menu;

/// Where a text mentions someone, and whether that is the reader, who has this user name.
pub type Mentioned = fn(&str, Option<&str>) -> Vec<(Range<usize>, bool)>;

/// Where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Among the messages.
    Log,
    /// In the list of conversations.
    List,
}

/// What the chunk lends, once it is there.
#[derive(Clone, Copy)]
pub struct Lent {
    /// Hears what happened; whether something was done about it.
    pub hear: Callback<(Surface, Event), bool>,
    /// Finds whom a text mentions.
    pub mentioned: Mentioned,
    /// Draws the names that are completed while one writes.
    pub completion: fn() -> AnyView,
}

/// What has come, and what is shared with it. In context: [`talk`].
#[derive(Clone, Copy)]
pub struct Talk {
    chunk: Chunk<Route>,
    is_wanted: RwSignal<bool>,
    lent: RwSignal<Option<Lent>>,
    /// What happened last, while nobody could hear it.
    early: StoredValue<Option<(Surface, Event)>, LocalStorage>,
    /// The message whose words stand in the field, to be changed.
    pub editing: RwSignal<Option<MessageId>>,
}

/// What has come, from context.
pub fn talk() -> Talk {
    expect_context::<Talk>()
}

impl Talk {
    /// Nothing has come yet.
    pub fn provide() {
        provide_context(Self {
            chunk: Chunk::new(lent::lent),
            is_wanted: RwSignal::new(false),
            lent: RwSignal::new(None),
            early: StoredValue::new_local(None),
            editing: RwSignal::new(None),
        });
    }

    /// It is about to be needed. What did not come before is tried again.
    pub fn want(self) {
        self.chunk.fetch();
        if !self.is_wanted.get_untracked() {
            self.is_wanted.set(true);
        }
    }

    /// Something happened to what was said; whether something was done about it.
    pub fn happened(self, surface: Surface, event: &Event) -> bool {
        match self.lent.get_untracked() {
            Some(lent) => lent.hear.run((surface, event.clone())),
            None => {
                self.want();
                self.early.set_value(Some((surface, event.clone())));
                false
            }
        }
    }

    /// Whom a text mentions: nobody, until it is known how names are found. Tracked.
    pub fn mentioned(self, text: &str, reader: Option<&str>) -> Vec<(Range<usize>, bool)> {
        if !has_sign(text) {
            return Vec::new();
        }
        let Some(lent) = self.lent.get() else {
            self.want();
            return Vec::new();
        };
        (lent.mentioned)(text, reader)
    }

    /// The names that are completed above the field. There is nothing of it before the first at sign.
    pub fn completion(self) -> AnyView {
        part(move || match self.lent.get() {
            Some(lent) => (lent.completion)(),
            None => ().into_any(),
        })
    }

    /// The chunk is there, and lends this until it takes it back.
    fn lend(self, lent: Lent) {
        self.lent.set(Some(lent));
        if let Some((surface, event)) = self.early.try_update_value(Option::take).flatten() {
            lent.hear.run((surface, event));
        }
    }

    fn take_back(self) {
        self.lent.try_set(None);
    }
}

/// Whether there is an at sign in a text, without which nobody is mentioned.
pub fn has_sign(text: &str) -> bool {
    text.contains(['@', '＠'])
}

/// Where the chunk draws what it shows over everything else.
pub fn talk_slot() -> AnyView {
    let talk = talk();
    part(move || match talk.is_wanted.get() {
        true => talk.chunk.show_or_nothing(Route::Home),
        false => ().into_any(),
    })
}
