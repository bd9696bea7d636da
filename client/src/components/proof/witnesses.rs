//! The witnesses of the conversations that were shown, and the question that one of them asked. They do not know the screen.

use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::{REQUEST_TIMEOUT_MS, WITNESSES_MAX};
use parley_shared::protocol::ServerEvent;
use parley_shared::timeline::Timeline;
use parley_shared::witness::{Finding, Witness};

/// The witnesses of one reader.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    reader: Option<UserId>,
    /// That of the conversation that was shown last stands last.
    all: Vec<(ConversationId, Witness)>,
    /// In which conversation was asked, and when.
    asked: Option<(ConversationId, u64)>,
    /// Conversations whose window may be of an earlier visit or connection.
    stale: Vec<ConversationId>,
    /// What was kept last: of which conversation, up to where, and how much was found and seen.
    kept: Option<(ConversationId, Seq, usize, usize)>,
}

impl Witnesses {
    /// This is the reader now. What another one saw is not theirs to know.
    pub(super) fn serve(&mut self, reader: Option<UserId>) {
        if reader.is_some() && self.reader != reader {
            *self = Self {
                reader,
                ..Self::default()
            };
        }
    }

    /// The connection is a new one.
    pub(super) fn reconnected(&mut self) {
        self.asked = None;
        self.stale = self.all.iter().map(|(id, _)| *id).collect();
        for (_, witness) in &mut self.all {
            witness.reconnected();
        }
    }

    /// Whether nothing is known of a conversation yet.
    pub(super) fn is_new(&self, conversation: ConversationId) -> bool {
        self.all.iter().all(|(id, _)| *id != conversation)
    }

    /// Goes on from what was kept of a conversation. What cannot be read is as if it were not there.
    pub(super) fn go_on(&mut self, conversation: ConversationId, kept: &str) {
        if let Ok(witness) = Witness::from_json(kept) {
            *self.of(conversation) = witness;
            self.stale.push(conversation);
        }
    }

    /// What is to be kept of a conversation, if it is something else than before.
    pub(super) fn what_to_keep(&mut self, conversation: ConversationId) -> Option<String> {
        let witness = self.of(conversation);
        let findings = witness.findings();
        let seen = findings.iter().filter(|finding| finding.dismissed).count();
        let now = (conversation, witness.through(), findings.len(), seen);
        let text = witness.to_json()?;
        (self.kept.replace(now) != Some(now)).then_some(text)
    }

    /// Looks at what is shown, and says after which entry to ask for more.
    pub(super) fn look(
        &mut self,
        conversation: ConversationId,
        window: &Timeline,
        reads_all: bool,
        now_ms: u64,
    ) -> Option<Seq> {
        self.forget_unanswered(now_ms);
        let witness = self.of(conversation);
        let after = witness.look(window, reads_all, now_ms);
        if after.is_some() {
            self.asked = Some((conversation, now_ms));
        }
        after
    }

    /// Whether the newest messages of a conversation are to be asked for, to be held against what is known of
    /// them; then they count as asked for.
    pub(super) fn wants_newest(&mut self, conversation: ConversationId) -> bool {
        let before = self.stale.len();
        self.stale.retain(|id| *id != conversation);
        self.stale.len() != before
    }

    /// Takes what was told.
    pub(super) fn take(&mut self, told: ServerEvent, reads_all: bool, now_ms: u64) {
        match told {
            ServerEvent::Entries {
                conversation,
                after,
                head,
                entries,
                ..
            } => {
                self.asked = None;
                self.of(conversation).take(after, head.0, entries, now_ms);
            }
            ServerEvent::History {
                conversation,
                messages,
                through,
                ..
            } => {
                let witness = self.of(conversation);
                witness.served(messages, through, reads_all, now_ms);
            }
            _ => {}
        }
    }

    /// What does not fit in a conversation.
    pub(super) fn findings(&self, conversation: ConversationId) -> Vec<Finding> {
        let witness = self.all.iter().find(|(id, _)| *id == conversation);
        witness.map_or_else(Vec::new, |(_, witness)| witness.findings().to_vec())
    }

    /// How far a conversation is proven.
    pub(super) fn through(&self, conversation: ConversationId) -> Seq {
        let witness = self.all.iter().find(|(id, _)| *id == conversation);
        witness.map_or(Seq::ZERO, |(_, witness)| witness.through())
    }

    /// The reader has seen what does not fit.
    pub(super) fn dismiss(&mut self, conversation: ConversationId) {
        self.of(conversation).dismiss();
    }

    fn forget_unanswered(&mut self, now_ms: u64) {
        let timeout_ms = u64::from(REQUEST_TIMEOUT_MS);
        let is_over = |(_, at_ms): &mut (ConversationId, u64)| *at_ms + timeout_ms <= now_ms;
        if let Some((conversation, _)) = self.asked.take_if(is_over) {
            self.of(conversation).given_up();
        }
    }

    fn of(&mut self, conversation: ConversationId) -> &mut Witness {
        let at = self.all.iter().position(|(id, _)| *id == conversation);
        let known = at.map(|at| self.all.remove(at));
        if known.is_none() && self.all.len() >= WITNESSES_MAX {
            self.all.remove(0);
        }
        self.all
            .push(known.unwrap_or_else(|| (conversation, Witness::default())));
        let (_, witness) = self.all.last_mut().expect("it was just put there");
        witness
    }
}
