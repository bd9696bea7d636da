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

#[cfg(test)]
mod tests {
    use parley_shared::chain::{EntryKind, Hex, digest};
    use parley_shared::ids::MessageId;
    use parley_shared::model::{LedgerEntry, Message};
    use parley_shared::protocol::ChatMessage;
    use parley_shared::witness::Doubt;

    use super::*;

    const HERE: ConversationId = ConversationId::from_bytes([9; 16]);
    const ME: UserId = UserId::from_bytes([1; 16]);

    fn message(text: &str) -> Message {
        Message {
            id: MessageId::from_bytes([5; 16]),
            conversation: HERE,
            author: ME,
            seq: Seq(1),
            changed: Seq(1),
            sent_ms: 70,
            edited_ms: None,
            salt: Some(Hex([3; 16])),
            body: ChatMessage::Text { text: text.into() },
        }
    }

    fn window(text: &str) -> Timeline {
        let mut timeline = Timeline::new();
        timeline.apply_newest(vec![message(text)], Seq(1), false);
        timeline
    }

    /// The entry of the message as it was written.
    fn entries(after: u64) -> ServerEvent {
        let written = message("written");
        let json = serde_json::to_string(&written.body).unwrap();
        let entry = LedgerEntry {
            seq: Seq(1),
            kind: EntryKind::Sent as u32,
            message: written.id,
            author: ME,
            at_ms: 70,
            digest: Hex(digest(written.salt.as_ref(), &json)),
        };
        ServerEvent::Entries {
            conversation: HERE,
            after: Seq(after),
            head: Hex([0; 32]),
            entries: if after == 0 { vec![entry] } else { Vec::new() },
            more: false,
        }
    }

    fn doubts(witnesses: &Witnesses) -> Vec<Doubt> {
        let findings = witnesses.findings(HERE);
        findings.iter().map(|finding| finding.doubt).collect()
    }

    #[test]
    fn a_message_that_is_not_what_was_written_is_found() {
        let mut witnesses = Witnesses::default();
        witnesses.serve(Some(ME));
        assert_eq!(
            witnesses.look(HERE, &window("altered"), true, 1),
            Some(Seq(0))
        );
        witnesses.take(entries(0), true, 2);
        witnesses.look(HERE, &window("altered"), true, 3);
        witnesses.take(entries(1), true, 4);
        witnesses.look(HERE, &window("altered"), true, 5);
        assert!(doubts(&witnesses).contains(&Doubt::Altered));
        witnesses.serve(Some(UserId::from_bytes([2; 16])));
        assert_eq!(doubts(&witnesses), [], "another reader knows nothing of it");
    }

    #[test]
    fn an_answer_that_does_not_come_is_asked_for_again() {
        let mut witnesses = Witnesses::default();
        let window = window("written");
        assert_eq!(witnesses.look(HERE, &window, true, 1), Some(Seq(0)));
        assert_eq!(
            witnesses.look(HERE, &window, true, 2),
            None,
            "it is on its way"
        );
        let late_ms = 2 + u64::from(REQUEST_TIMEOUT_MS);
        assert_eq!(witnesses.look(HERE, &window, true, late_ms), Some(Seq(0)));
    }

    #[test]
    fn the_newest_messages_are_asked_for_once_for_each_connection_but_the_first() {
        let mut witnesses = Witnesses::default();
        witnesses.reconnected();
        witnesses.look(HERE, &window("written"), true, 1);
        assert!(!witnesses.wants_newest(HERE));
        witnesses.reconnected();
        assert!(witnesses.wants_newest(HERE));
        assert!(!witnesses.wants_newest(HERE));
    }

    #[test]
    fn what_cannot_be_read_is_as_if_it_were_not_there() {
        let mut witnesses = Witnesses::default();
        witnesses.go_on(HERE, "{");
        assert!(witnesses.is_new(HERE));
        assert_eq!(witnesses.what_to_keep(HERE), None);
    }
}
