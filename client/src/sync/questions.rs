//! What the page asks of a conversation, one question at a time. It does not know what the answers say.
//!
//! Older pages are asked for by the reader's scrolling; of those the timeline itself takes note.

use parley_shared::ids::{ConversationId, Seq};
use parley_shared::protocol::ClientCommand;
use parley_shared::timeline::Timeline;

use crate::back_off::BackOff;

/// The question that was asked, and when the next may be.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: Option<Question>,
    not_before_ms: u64,
    /// How long to wait when the server names no time.
    back_off: BackOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Newest,
    ChangesSince(Seq),
}

impl Question {
    /// What this timeline needs to know, if anything.
    fn of(timeline: &Timeline) -> Option<Self> {
        if timeline.is_loaded() && !timeline.is_recalled() {
            timeline.missing().map(Self::ChangesSince)
        } else {
            Some(Self::Newest)
        }
    }
}

impl Questions {
    /// The question to ask now, if there is one; it counts as asked from now on.
    pub(super) fn next(
        &mut self,
        conversation: ConversationId,
        timeline: &Timeline,
        now_ms: u64,
    ) -> Option<ClientCommand> {
        if self.asked.is_some() || now_ms < self.not_before_ms {
            return None;
        }
        self.asked = Question::of(timeline);
        Some(match self.asked? {
            Question::Newest => ClientCommand::History {
                conversation,
                before: None,
            },
            Question::ChangesSince(since) => ClientCommand::Changes {
                conversation,
                since,
            },
        })
    }

    /// When [`Questions::next`] is to be asked again, if waiting is all that is needed.
    pub(super) fn wakes_at_ms(&self, timeline: &Timeline) -> Option<u64> {
        let waits =
            self.asked.is_none() && self.not_before_ms > 0 && Question::of(timeline).is_some();
        waits.then_some(self.not_before_ms)
    }

    /// A page of history came.
    pub(super) fn answered_history(&mut self, before: Option<Seq>) {
        if before.is_none() && self.asked.take_if(|q| *q == Question::Newest).is_some() {
            self.back_off.reset();
        }
    }

    /// A page of changes came.
    pub(super) fn answered_changes(&mut self, since: Seq, through: Seq, now_ms: u64) {
        let asked = Question::ChangesSince(since);
        if self.asked.take_if(|q| *q == asked).is_none() {
            return;
        }
        if through > since {
            self.back_off.reset();
        } else {
            // A server that lags behind what it announced is given time, not a storm of questions.
            self.postpone(None, now_ms);
        }
    }

    /// Some question was refused; if one was asked here, it was this one.
    pub(super) fn refused(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        if self.asked.is_some() {
            self.postpone(retry_after_ms, now_ms);
        }
    }

    /// The question was refused: it is asked again after the time that the server named, or longer each time.
    fn postpone(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        self.asked = None;
        let delay_ms = retry_after_ms.unwrap_or_else(|| u64::from(self.back_off.next_ms()));
        self.not_before_ms = now_ms.saturating_add(delay_ms);
    }

    /// The connection is a new one: no answer is to come.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }
}
