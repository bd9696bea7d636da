//! A message as its row shows it: what it says now, who says it, and how far that has come. It does not know how it is drawn.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::signal::guards::{Plain, ReadGuard};
use parley_shared::ids::{MessageId, UserId};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal};
use parley_shared::timeline::{Pending, PendingState, Timeline, changed};

use super::person::person_among;
use crate::state::{Chat, Reach, Receipts};

/// A message as the timeline has it now: what it is, and the newest change of it that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) what: What,
    change: Option<Pending>,
    /// The author as they are named now; of a message on its way, the reader.
    pub(super) author: Person,
    /// How far one's own has come, beyond the server.
    pub(super) reach: Reach,
    /// Whether it is not what was written.
    pub(super) is_doubted: bool,
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

/// What the rows of the log show. One look at what is known serves all of them, and no row looks at it by itself: a message
/// that comes would cost something for each that is there, and what is known would remember every row that ever was.
#[derive(Clone, Copy)]
pub(super) struct AllShown(StoredValue<Vec<(MessageId, RwSignal<Option<Shown>>)>>);

impl AllShown {
    /// Looks whenever something changes that rows show. In context from here on.
    pub(super) fn provide(chat: Chat) {
        let all = Self(StoredValue::new(Vec::new()));
        provide_context(all);
        Effect::new(move |_| {
            let known = Known::of(chat);
            all.0.update_value(|all| {
                all.retain(|(id, shown)| {
                    let now = known.find(*id);
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
    }
}

type Held<T> = ReadGuard<T, Plain<T>>;

/// What rows show something of.
struct Known {
    me: Option<UserId>,
    timeline: Held<Timeline>,
    people: Held<HashMap<UserId, Person>>,
    remarks: Held<HashMap<UserId, String>>,
    receipts: Held<Receipts>,
    doubted: Held<Vec<MessageId>>,
}

impl Known {
    /// What is known now. Tracked.
    fn of(chat: Chat) -> Self {
        Self {
            me: chat.me.with(|me| me.as_ref().map(|me| me.id)),
            timeline: chat.timeline.read(),
            people: chat.people.read(),
            remarks: chat.remarks.read(),
            receipts: chat.receipts.read(),
            doubted: chat.doubted.read(),
        }
    }

    fn find(&self, id: MessageId) -> Option<Shown> {
        let pending = || {
            let mut pending = self.timeline.pending().iter();
            pending.find(|pending| pending.id == id).cloned()
        };
        let what = match self.timeline.message(id) {
            Some(message) => What::Confirmed(message.clone()),
            None => What::Pending(pending()?),
        };
        let author = match &what {
            What::Confirmed(message) => Some(message.author),
            What::Pending(_) => self.me,
        };
        let reach = match &what {
            What::Confirmed(message) if author == self.me => self.receipts.of(message.seq),
            _ => Reach::Sent,
        };
        let author = author.unwrap_or(UserId::from_bytes([0; 16]));
        Some(Shown {
            what,
            change: self.timeline.change_of(id).cloned(),
            author: person_among(&self.people, &self.remarks, author),
            reach,
            is_doubted: self.doubted.contains(&id),
        })
    }
}

/// A message of the conversation that is shown, while it is here. Tracked.
pub(super) fn shown(chat: Chat, id: MessageId) -> RwSignal<Option<Shown>> {
    let shown = RwSignal::new(untrack(|| Known::of(chat).find(id)));
    expect_context::<AllShown>()
        .0
        .update_value(|all| all.push((id, shown)));
    shown
}
