//! The messages of conversations, the one that is shown and those beside it. It does not know what is asked when.
//!
//! The timeline of the one that is shown stands in a signal. A few others are parked here, so that
//! coming back to them asks nothing but what happened meanwhile; one with messages that are on their
//! way is never dropped.

use std::collections::HashSet;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::limits::{
    CATCH_UP_CHANGES_MAX, PARKED_TIMELINES_MAX, PEOPLE_ASKED_MAX, WINDOW_MESSAGES_MAX, WINDOW_SLACK,
};
use parley_shared::model::Conversation;
use parley_shared::protocol::ClientCommand;
use parley_shared::timeline::{Pending, PendingState, Timeline};

use super::Sync;
use super::questions::Questions;
use crate::order;
use crate::state::Receipts;

/// What the page keeps of a conversation.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// Its messages; empty while they stand in the signal.
    pub(super) timeline: Timeline,
    /// What was asked about it.
    pub(super) questions: Questions,
    /// Whether its authors are named as they are named now: they are told of while there is a connection.
    is_named: bool,
    /// When it was shown last, in turns.
    used: u64,
}

/// Every conversation of which something is kept.
#[derive(Debug, Default)]
pub(super) struct Talks {
    // So few that looking through them is quicker than a table.
    all: Vec<(ConversationId, Talk)>,
    turns: u64,
}

impl Talks {
    pub(super) fn get(&mut self, id: ConversationId) -> Option<&mut Talk> {
        let mut all = self.all.iter_mut();
        all.find(|(other, _)| *other == id).map(|(_, talk)| talk)
    }

    /// What is kept of a conversation, from now on.
    pub(super) fn keep(&mut self, id: ConversationId) -> &mut Talk {
        let at = self.all.iter().position(|(other, _)| *other == id);
        let at = at.unwrap_or_else(|| {
            self.all.push((id, Talk::default()));
            self.all.len() - 1
        });
        &mut self.all[at].1
    }

    /// What is kept of a conversation that was shown in an earlier turn.
    pub(super) fn keep_as(&mut self, id: ConversationId, used: u64) -> &mut Talk {
        self.turns = self.turns.max(used);
        let talk = self.keep(id);
        talk.used = used;
        talk
    }

    /// Every timeline, with when it was shown last, in turns; the one that stands in the signal is empty here.
    pub(super) fn timelines(&self) -> impl Iterator<Item = (ConversationId, u64, &Timeline)> {
        let all = self.all.iter();
        all.map(|(id, talk)| (*id, talk.used, &talk.timeline))
    }

    pub(super) fn questions(&self, id: ConversationId) -> Option<&Questions> {
        let mut all = self.all.iter();
        all.find(|(other, _)| *other == id)
            .map(|(_, talk)| &talk.questions)
    }

    pub(super) fn each(&mut self) -> impl Iterator<Item = &mut Talk> {
        self.all.iter_mut().map(|(_, talk)| talk)
    }

    pub(super) fn forget(&mut self, id: ConversationId) {
        self.all.retain(|(other, _)| *other != id);
    }

    /// Nothing that was asked will be answered, and nobody told of names.
    pub(super) fn restart(&mut self) {
        for talk in self.each() {
            talk.questions.restart();
            talk.timeline.cancel_older();
            talk.is_named = false;
        }
    }

    /// Drops those that were not shown for longest, beyond the bound.
    pub(super) fn drop_old(&mut self, open: Option<ConversationId>) {
        let mut idle: Vec<(u64, ConversationId)> = self
            .all
            .iter()
            .filter(|(id, talk)| Some(*id) != open && talk.timeline.pending().is_empty())
            .map(|(id, talk)| (talk.used, *id))
            .collect();
        order::put(&mut idle, |one, other| one.0 < other.0);
        for (_, id) in idle.iter().rev().skip(PARKED_TIMELINES_MAX) {
            self.forget(*id);
        }
    }

    /// The messages that wait for the server, in the order in which they were written.
    pub(super) fn waiting<'a>(
        &'a self,
        open: Option<ConversationId>,
        shown: &'a Timeline,
    ) -> Vec<(ConversationId, &'a Pending)> {
        let parked = self.all.iter().map(|(id, talk)| (*id, &talk.timeline));
        let all = open.map(|id| (id, shown)).into_iter().chain(parked);
        let mut waiting: Vec<(ConversationId, &Pending)> = all
            .flat_map(|(id, timeline)| timeline.pending().iter().map(move |p| (id, p)))
            .filter(|(_, pending)| pending.state == PendingState::Waiting)
            .collect();
        order::put(&mut waiting, |(_, one), (_, other)| {
            one.written_ms < other.written_ms
        });
        waiting
    }

    /// In which parked conversation a message is on its way.
    pub(super) fn of_pending(&self, id: MessageId) -> Option<ConversationId> {
        let mut all = self.all.iter();
        let found = all.find(|(_, talk)| talk.timeline.pending().iter().any(|p| p.id == id));
        found.map(|(conversation, _)| *conversation)
    }

    /// How many messages of parked conversations are on their way.
    pub(super) fn pending(&self) -> usize {
        let all = self.all.iter();
        all.map(|(_, talk)| talk.timeline.pending().len()).sum()
    }

    /// Every parked timeline.
    pub(super) fn parked(&self) -> impl Iterator<Item = &Timeline> {
        self.all.iter().map(|(_, talk)| &talk.timeline)
    }
}

impl Sync {
    /// Changes the timeline of a conversation, wherever it stands; nothing happens where none is kept.
    pub(super) fn change_timeline(
        &mut self,
        conversation: ConversationId,
        change: impl FnOnce(&mut Timeline),
    ) {
        if self.is_open(conversation) {
            self.write.timeline.update(change);
        } else if let Some(talk) = self.talks.get(conversation) {
            change(&mut talk.timeline);
            // Nobody reads above in a conversation that is not shown.
            if talk.timeline.len() > WINDOW_MESSAGES_MAX + WINDOW_SLACK {
                talk.timeline.trim(WINDOW_MESSAGES_MAX);
            }
        }
    }

    /// Shows a conversation that is known.
    pub(super) fn show(&mut self, conversation: &Conversation) {
        let id = conversation.id;
        if self.missing() {
            self.write.missing.set(false);
        }
        if self.is_open(id) {
            return;
        }
        // What was written before anything was shown belongs to what is shown first.
        let early = match self.open_id() {
            Some(_) => None,
            None => Some(self.chat.timeline.get_untracked()),
        };
        self.park();
        self.talks.turns += 1;
        let used = self.talks.turns;
        let talk = self.talks.keep(id);
        talk.used = used;
        let mut timeline = std::mem::take(&mut talk.timeline);
        for pending in early.iter().flat_map(Timeline::pending) {
            timeline.push_pending(pending.id, pending.body.clone(), pending.written_ms);
        }
        self.write.open.set(Some(id));
        self.write.timeline.set(timeline);
        self.talks.drop_old(Some(id));
        self.begin_visit(conversation);
        if self.is_live {
            self.said.push(ClientCommand::Open { conversation: id });
            self.ask_names();
        }
    }

    /// Looks at the timeline of a conversation, wherever it stands, if one is kept.
    pub(super) fn look_at_timeline(&mut self, id: ConversationId, look: impl FnOnce(&Timeline)) {
        if self.is_open(id) {
            self.chat.timeline.with_untracked(look);
        } else if let Some(talk) = self.talks.get(id) {
            look(&talk.timeline);
        }
    }

    /// Puts what is shown aside: nothing is shown then.
    pub(super) fn park(&mut self) {
        let shown = self.open_id();
        if let Some(id) = shown {
            self.mark_read();
            let timeline = self.chat.timeline.get_untracked();
            let last = self.listed(id).map(|known| known.last);
            let is_here = timeline.is_loaded() && timeline.missing().is_none();
            if self.is_account()
                && !is_here
                && last.is_some_and(|last| self.reader.counts_less_than(last))
            {
                // What came meanwhile would have been counted where it is seen.
                self.doubt_count(id);
            }
            self.write.open.set(None);
            self.write.timeline.set(Timeline::new());
            let talk = self.talks.keep(id);
            talk.timeline = timeline;
            talk.timeline.trim(WINDOW_MESSAGES_MAX);
        }
        self.typing_told_ms = None;
        self.write.typing.set(Vec::new());
        self.write.presence.set(Default::default());
        self.write.receipts.set(Receipts::default());
    }

    /// A conversation has come this far, as the server says. What cannot be continued change by change
    /// is begun anew.
    pub(super) fn catch_up(&mut self, conversation: &Conversation) {
        let (id, last) = (conversation.id, conversation.last);
        let is_open = self.is_open(id);
        if !is_open && self.talks.get(id).is_none() {
            return;
        }
        let mut is_set_back = false;
        self.change_timeline(id, |timeline| {
            let through = timeline.through();
            is_set_back = last < through;
            let is_far_behind =
                timeline.is_loaded() && last.0.saturating_sub(through.0) > CATCH_UP_CHANGES_MAX;
            if is_set_back || is_far_behind {
                timeline.restart();
            }
            timeline.announce(last);
        });
        if is_open && is_set_back {
            // Places mean something else now.
            self.reader.forget_places();
        }
    }

    /// Asks how the authors of what is shown are named, unless that is known.
    pub(super) fn ask_names(&mut self) {
        let Some(id) = self.open_id() else {
            return;
        };
        let talk = self.talks.keep(id);
        if std::mem::replace(&mut talk.is_named, true) {
            return;
        }
        for ids in self.authors().chunks(PEOPLE_ASKED_MAX) {
            self.said.push(ClientCommand::People { ids: ids.to_vec() });
        }
    }

    /// Forgets the oldest rows.
    pub(super) fn trim(&mut self) {
        if self.chat.timeline.read_untracked().len() > WINDOW_MESSAGES_MAX + WINDOW_SLACK {
            self.write
                .timeline
                .update(|timeline| timeline.trim(WINDOW_MESSAGES_MAX));
        }
    }

    /// The authors of the window, each once.
    pub(super) fn authors(&self) -> Vec<UserId> {
        let timeline = self.chat.timeline.read_untracked();
        let mut seen = HashSet::new();
        let authors = timeline.messages().map(|message| message.author);
        authors.filter(|author| seen.insert(*author)).collect()
    }
}
