//! A model of a reader, a connection and everything that can happen between them. It does not judge the outcome.

use std::collections::{BTreeSet, VecDeque};

use parley_shared::ids::{MessageId, Seq};
use parley_shared::protocol::Refusal;
use parley_shared::timeline::{PendingState, Timeline};

use super::server::{Page, Server};
use crate::sample::{nth_id, text};

/// One thing that happens. Numbers choose among what is there; what cannot happen now does not.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Somebody else writes.
    Write,
    /// Somebody changes the words of an earlier message.
    Edit(usize),
    /// Somebody deletes an earlier message.
    Delete(usize),
    /// The connection brings so many live changes.
    Live(usize),
    /// A live change is lost on the way to a connection that lives on.
    LoseLive,
    /// A live change is told a second time.
    RepeatLive(usize),
    /// The reader asks for the newest page.
    AskNewest,
    /// The reader asks for what it misses; unless it misses anything, for what comes after all it has.
    AskChanges,
    /// The reader asks for older messages.
    AskOlder,
    /// The server reads the answer to one question, which then waits.
    Read(usize),
    /// The answer to one question arrives.
    Answer(usize),
    /// The reader writes a message.
    WriteOwn,
    /// The server stores the reader's next message.
    Store,
    /// The server refuses the reader's next message.
    Refuse,
    /// What the server said about the reader's next message arrives.
    Acknowledge,
    /// The reader sends one that failed again.
    Retry(usize),
    /// The reader gives one up.
    Discard(usize),
    /// The connection is lost, with all that was on its way; so many of the messages reached the server.
    Drop(usize),
    /// A connection is made that listens since so many changes ago.
    Connect(u64),
    /// The reader starts afresh.
    Restart,
    /// The reader drops the oldest messages.
    Trim(usize),
}

#[derive(Debug, Clone, Copy)]
enum Question {
    Newest,
    Older(Seq),
    Changes(Seq),
}

#[derive(Debug)]
enum Verdict {
    Stored(MessageId, Seq),
    Refused(MessageId),
}

#[derive(Debug, Default)]
struct Connection {
    /// The newest live change that was told or lost.
    told: Seq,
    /// Whether the newest live change was lost: nobody could know of it.
    tail_lost: bool,
    questions: Vec<(Question, Option<Page>)>,
    sends: VecDeque<MessageId>,
    verdicts: VecDeque<Verdict>,
}

pub(super) struct World {
    pub(super) server: Server,
    pub(super) reader: Timeline,
    /// Messages of the reader, in the order they were written.
    pub(super) own: Vec<MessageId>,
    /// Those of them that the reader gave up.
    pub(super) discarded: BTreeSet<MessageId>,
    connection: Option<Connection>,
    page_size: usize,
    minted: u64,
}

impl World {
    pub(super) fn new(page_size: usize) -> Self {
        Self {
            server: Server::default(),
            reader: Timeline::new(),
            own: Vec::new(),
            discarded: BTreeSet::new(),
            connection: None,
            page_size,
            minted: 0,
        }
    }

    pub(super) fn step(&mut self, step: &Step) {
        match *step {
            Step::Write => {
                let id = self.mint();
                self.server.write(id);
            }
            Step::Edit(nth) => {
                self.server.edit(nth);
            }
            Step::Delete(nth) => {
                self.server.delete(nth);
            }
            Step::RepeatLive(nth) => {
                if let Some(n) = nth.checked_rem(self.server.last().0 as usize) {
                    let change = self.server.change(Seq(n as u64 + 1));
                    self.reader.apply_live(change);
                }
            }
            Step::WriteOwn => self.write_own(),
            Step::Retry(nth) => self.retry(nth),
            Step::Discard(nth) => {
                if let Some(id) = self.pending_id(nth) {
                    self.reader.remove_pending(id);
                    self.discarded.insert(id);
                }
            }
            Step::Connect(ago) if self.connection.is_none() => self.connect(ago),
            Step::Restart => {
                self.reader.restart();
                self.send_waiting();
                self.ask(Question::Newest);
            }
            Step::Trim(keep) => self.reader.trim(keep),
            _ => self.step_of_connection(step),
        }
    }

    fn step_of_connection(&mut self, step: &Step) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        match *step {
            Step::Live(count) => {
                for _ in 0..count {
                    self.live(&mut connection);
                }
            }
            Step::LoseLive if connection.told < self.server.last() => {
                connection.told = connection.told.next();
                connection.tail_lost = true;
            }
            Step::Read(nth) => {
                self.read(&mut connection, nth);
            }
            Step::Answer(nth) => self.answer(&mut connection, nth),
            Step::Store => self.store(&mut connection),
            Step::Refuse => {
                let refused = connection.sends.pop_front();
                connection.verdicts.extend(refused.map(Verdict::Refused));
            }
            Step::Acknowledge => self.acknowledge(&mut connection),
            Step::Drop(stored) => {
                for _ in 0..stored {
                    self.store(&mut connection);
                }
                self.reader.cancel_older();
                return;
            }
            _ => {}
        }
        self.connection = Some(connection);
        match step {
            Step::AskNewest => self.ask(Question::Newest),
            Step::AskChanges => self.ask(Question::Changes(self.reader.through())),
            Step::AskOlder => {
                if let Some(before) = self.reader.ask_older() {
                    self.ask(Question::Older(before));
                }
            }
            _ => {}
        }
    }

    /// Lets the reader catch up: everything arrives, it asks until it misses nothing, and sends what failed again.
    pub(super) fn settle(&mut self, live_first: bool) {
        // What was lost at the end of a connection only the next welcome can tell.
        if self
            .connection
            .as_ref()
            .is_some_and(|c| c.tail_lost && c.told == self.server.last())
        {
            self.step(&Step::Drop(0));
        }
        self.step(&Step::Connect(0));
        for _ in 0..10 + 2 * self.server.last().0 {
            self.deliver_all(live_first);
            if !self.reader.is_loaded() {
                self.step(&Step::AskNewest);
            } else if self.reader.missing().is_some() {
                self.step(&Step::AskChanges);
            } else if self.reader.pending().is_empty() {
                return;
            } else {
                (0..self.own.len()).for_each(|nth| self.retry(nth));
            }
        }
    }

    fn deliver_all(&mut self, live_first: bool) {
        let mut connection = self.connection.take().expect("it was just made");
        while !connection.sends.is_empty() {
            self.store(&mut connection);
        }
        for live in [live_first, !live_first] {
            while live && connection.told < self.server.last() {
                self.live(&mut connection);
            }
            while !live && !connection.questions.is_empty() {
                self.answer(&mut connection, 0);
            }
        }
        while !connection.verdicts.is_empty() {
            self.acknowledge(&mut connection);
        }
        self.connection = Some(connection);
    }

    fn mint(&mut self) -> MessageId {
        self.minted += 1;
        nth_id(self.minted)
    }

    fn pending_id(&self, nth: usize) -> Option<MessageId> {
        let pending = self.reader.pending();
        Some(pending[nth.checked_rem(pending.len())?].id)
    }

    fn write_own(&mut self) {
        let id = self.mint();
        self.own.push(id);
        self.reader.push_pending(id, text("own"), 1);
        if let Some(connection) = &mut self.connection {
            connection.sends.push_back(id);
        }
    }

    fn retry(&mut self, nth: usize) {
        let failed =
            |p: &&parley_shared::timeline::Pending| matches!(p.state, PendingState::Failed(_));
        let failed: Vec<_> = self.reader.pending().iter().filter(failed).collect();
        let Some(chosen) = nth.checked_rem(failed.len()) else {
            return;
        };
        let id = failed[chosen].id;
        self.reader.retry_pending(id);
        if let Some(connection) = &mut self.connection {
            connection.sends.push_back(id);
        }
    }

    fn connect(&mut self, ago: u64) {
        let last = self.server.last();
        self.connection = Some(Connection {
            told: Seq(last.0.saturating_sub(ago)),
            ..Connection::default()
        });
        self.reader.announce(last);
        self.send_waiting();
    }

    fn send_waiting(&mut self) {
        let Some(connection) = &mut self.connection else {
            return;
        };
        let pending = self.reader.pending().iter();
        let waiting = pending.filter(|pending| pending.state == PendingState::Waiting);
        connection.sends.extend(waiting.map(|pending| pending.id));
    }

    fn ask(&mut self, question: Question) {
        if let Some(connection) = &mut self.connection {
            connection.questions.push((question, None));
        }
    }

    fn live(&mut self, connection: &mut Connection) {
        if connection.told < self.server.last() {
            connection.told = connection.told.next();
            connection.tail_lost = false;
            self.reader.apply_live(self.server.change(connection.told));
        }
    }

    /// Reads the answer to a question from the server as it is now, unless it was read before.
    fn read(&self, connection: &mut Connection, nth: usize) -> Option<usize> {
        let chosen = nth.checked_rem(connection.questions.len())?;
        let (question, answer) = &mut connection.questions[chosen];
        let (size, now) = (self.page_size, self.server.last());
        answer.get_or_insert_with(|| match *question {
            Question::Newest => self.server.history(None, size, now),
            Question::Older(before) => self.server.history(Some(before), size, now),
            Question::Changes(since) => self.server.changes(since, size, now),
        });
        Some(chosen)
    }

    fn answer(&mut self, connection: &mut Connection, nth: usize) {
        let Some(chosen) = self.read(connection, nth) else {
            return;
        };
        let (question, answer) = connection.questions.remove(chosen);
        let page = answer.expect("it was just read");
        match question {
            Question::Newest => self
                .reader
                .apply_newest(page.messages, page.through, page.more),
            Question::Older(before) => self.reader.apply_older(before, page.messages, page.more),
            Question::Changes(since) => {
                self.reader
                    .apply_changes(since, page.messages, page.through)
            }
        }
    }

    fn store(&mut self, connection: &mut Connection) {
        if let Some(id) = connection.sends.pop_front() {
            let place = self.server.write(id);
            connection.verdicts.push_back(Verdict::Stored(id, place));
        }
    }

    fn acknowledge(&mut self, connection: &mut Connection) {
        match connection.verdicts.pop_front() {
            Some(Verdict::Stored(id, place)) => self.reader.accept_pending_at(id, place),
            Some(Verdict::Refused(id)) => self.reader.refuse_pending(id, Refusal::Unavailable),
            None => {}
        }
    }
}
