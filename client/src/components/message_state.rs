//! A message as its row shows it: what it says now, and how far that has come. It does not know how it is drawn.

use std::sync::Arc;

use leptos::prelude::*;
use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal};
use parley_shared::timeline::{Pending, PendingState, Timeline, changed};

use super::person::person_now;
use crate::state::Chat;

/// A message as the timeline has it now: what it is, and the newest change of it that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) what: What,
    change: Option<Pending>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Confirmed(Arc<Message>),
    Pending(Pending),
}

impl Shown {
    pub(super) fn body(&self) -> &ChatMessage {
        let body = match &self.what {
            What::Confirmed(message) => &message.body,
            What::Pending(pending) => &pending.body,
        };
        changed(body, self.change.as_ref())
    }

    pub(super) fn at_ms(&self) -> u64 {
        match &self.what {
            What::Confirmed(message) => message.sent_ms,
            What::Pending(pending) => pending.written_ms,
        }
    }

    /// What of it waits or failed: the message itself, else its change.
    fn on_its_way(&self) -> Option<&Pending> {
        match &self.what {
            What::Pending(pending) => Some(pending),
            What::Confirmed(_) => self.change.as_ref(),
        }
    }

    pub(super) fn state(&self) -> State {
        match self.on_its_way() {
            None => State::Sent,
            Some(pending) => match &pending.state {
                PendingState::Waiting => State::Waiting,
                PendingState::Stored => State::Stored,
                PendingState::Failed(reason) => State::Failed(pending.id, reason.clone()),
            },
        }
    }

    /// When it got other words; of what is erased, that says nothing any more.
    pub(super) fn edited_ms(&self) -> Option<u64> {
        match &self.what {
            What::Confirmed(message) if matches!(self.body(), ChatMessage::Text { .. }) => {
                message.edited_ms
            }
            _ => None,
        }
    }

    /// Where it stands, once that is known.
    pub(super) fn place(&self) -> Option<Seq> {
        match &self.what {
            What::Confirmed(message) => Some(message.seq),
            What::Pending(_) => None,
        }
    }
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Stored,
    Sent,
    /// What was refused, and why.
    Failed(MessageId, Refusal),
}

impl State {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Sent => "sent",
            Self::Failed(..) => "failed",
        }
    }
}

/// What the rows of the log show. One look at the timeline serves all of them: were each of them to look by itself, a message
/// that comes would cost something for each that is there, and leaving the timeline's list of lookers something for each again.
#[derive(Clone, Copy)]
pub(super) struct AllShown(StoredValue<Vec<(MessageId, RwSignal<Option<Shown>>)>>);

impl AllShown {
    /// Looks whenever the timeline changes. In context from here on.
    pub(super) fn provide(chat: Chat) {
        let all = Self(StoredValue::new(Vec::new()));
        provide_context(all);
        Effect::new(move |_| {
            chat.timeline.with(|timeline| {
                all.0.update_value(|all| {
                    all.retain(|(id, shown)| {
                        let now = find(timeline, *id);
                        match shown.try_with_untracked(|before| *before != now) {
                            Some(true) => shown.set(now),
                            Some(false) => {}
                            // The row is gone.
                            None => return false,
                        }
                        true
                    });
                });
            });
        });
    }
}

fn find(timeline: &Timeline, id: MessageId) -> Option<Shown> {
    let pending = || {
        let mut pending = timeline.pending().iter();
        pending.find(|pending| pending.id == id).cloned()
    };
    let what = match timeline.message(id) {
        Some(message) => What::Confirmed(message.clone()),
        None => What::Pending(pending()?),
    };
    let change = timeline.change_of(id).cloned();
    Some(Shown { what, change })
}

/// A message of the conversation that is shown, while it is here. Tracked.
pub(super) fn shown(chat: Chat, id: MessageId) -> RwSignal<Option<Shown>> {
    let now = chat.timeline.with_untracked(|timeline| find(timeline, id));
    let shown = RwSignal::new(now);
    expect_context::<AllShown>()
        .0
        .update_value(|all| all.push((id, shown)));
    shown
}

/// The author as they are named now; of a message on its way, the reader.
pub(super) fn author(chat: Chat, shown: RwSignal<Option<Shown>>) -> Signal<Person> {
    let id = Memo::new(move |_| {
        let confirmed = shown.with(|shown| match shown {
            Some(Shown {
                what: What::Confirmed(message),
                ..
            }) => Some(message.author),
            _ => None,
        });
        confirmed.or_else(|| chat.me.with(|me| me.as_ref().map(|me| me.id)))
    });
    let nobody = parley_shared::ids::UserId::from_bytes([0; 16]);
    Memo::new(move |_| person_now(chat, id.get().unwrap_or(nobody))).into()
}
