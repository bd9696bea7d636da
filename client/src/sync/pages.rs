//! How far the list of conversations is known, and what is asked of it, one question at a time. It does not know what the
//! answers say.

use std::collections::VecDeque;

use parley_shared::ids::{ConversationId, Stamp};
use parley_shared::model::Message;
use parley_shared::protocol::{ClientCommand, ListPlace};

use crate::back_off::BackOff;

/// What the page knows of its knowledge of the list.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The question that was asked. One at a time: a refusal does not say to which it is the answer.
    pub(super) asked: Option<Question>,
    /// The list was read up to here.
    pub(super) read_to: Option<ListPlace>,
    /// What changed since this moment was read up to this place, and there is more of it.
    pub(super) changes: Option<(Stamp, ListPlace)>,
    /// Whether the next page is wanted.
    pub(super) wants_more: bool,
    /// Conversations about which is to be asked one by one, the most urgent first.
    pub(super) wanted: VecDeque<ConversationId>,
    /// Those that were known before the connection and that no page named since.
    pub(super) old: Vec<ConversationId>,
    /// The newest message of conversations of which nothing else is known.
    pub(super) heard: Vec<Message>,
    /// Whether some of what changed could not be read.
    is_torn: bool,
    not_before_ms: u64,
    pub(super) back_off: BackOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Page(ListPlace),
    Changes(Stamp, ListPlace),
    One(ConversationId),
}

impl Pages {
    pub(super) fn want(&mut self, id: ConversationId) {
        if self.asked != Some(Question::One(id)) && !self.wanted.contains(&id) {
            self.wanted.push_back(id);
        }
    }

    pub(super) fn want_at_once(&mut self, id: ConversationId) {
        if self.asked != Some(Question::One(id)) {
            self.wanted.retain(|other| *other != id);
            self.wanted.push_front(id);
        }
    }

    fn question(&self) -> Option<Question> {
        let one = self.wanted.front().map(|id| Question::One(*id));
        let changes = self
            .changes
            .map(|(since, place)| Question::Changes(since, place));
        let page = self.read_to.filter(|_| self.wants_more).map(Question::Page);
        one.or(changes).or(page)
    }

    /// The question to ask now, if there is one; it counts as asked from now on.
    pub(super) fn next(&mut self, now_ms: u64) -> Option<ClientCommand> {
        if self.asked.is_some() || now_ms < self.not_before_ms {
            return None;
        }
        self.asked = self.question();
        Some(match self.asked? {
            Question::One(conversation) => {
                self.wanted.pop_front();
                ClientCommand::Conversation { conversation }
            }
            Question::Page(before) => ClientCommand::Conversations {
                since: None,
                before: Some(before),
            },
            Question::Changes(since, before) => ClientCommand::Conversations {
                since: Some(since),
                before: Some(before),
            },
        })
    }

    /// When [`Pages::next`] is to be asked again, if waiting is all that is needed.
    pub(super) fn wakes_at_ms(&self) -> Option<u64> {
        let waits = self.asked.is_none() && self.not_before_ms > 0 && self.question().is_some();
        waits.then_some(self.not_before_ms)
    }

    /// The question is asked again after the time that the server named, or longer each time.
    pub(super) fn postpone(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        if let Some(Question::One(id)) = self.asked.take() {
            self.wanted.push_front(id);
        }
        let delay_ms = retry_after_ms.unwrap_or_else(|| u64::from(self.back_off.next_ms()));
        self.not_before_ms = now_ms.saturating_add(delay_ms);
    }

    /// The question will not be answered: which conversation it was about, if about one.
    pub(super) fn refused(&mut self) -> Option<ConversationId> {
        match self.asked.take()? {
            Question::One(id) => Some(id),
            Question::Page(_) => {
                self.wants_more = false;
                None
            }
            Question::Changes(..) => {
                // It cannot be read any further, so nothing is known up to any later moment.
                self.is_torn = true;
                self.changes = None;
                None
            }
        }
    }

    /// Whether the list lacks nothing that happened until now.
    pub(super) fn is_settled(&self) -> bool {
        let asks_for_one = matches!(self.asked, Some(Question::One(_)));
        let is_whole = self.changes.is_none() && !self.is_torn;
        let is_sure = self.wanted.is_empty() && self.heard.is_empty() && self.old.is_empty();
        is_whole && is_sure && !asks_for_one
    }

    /// The connection is a new one, on which is told what changed since the last: what is known stays as it is but for
    /// `changed`, and no answer is to come.
    pub(super) fn go_on(&mut self, changed: Vec<ConversationId>) {
        *self = Self {
            old: changed,
            read_to: self.read_to,
            ..Self::default()
        };
    }

    /// The connection is a new one: what was known is old, and no answer is to come.
    pub(super) fn restart(&mut self, known: &[ConversationId]) {
        *self = Self {
            old: known.to_vec(),
            ..Self::default()
        };
    }
}
