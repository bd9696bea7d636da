//! What one reader can prove of one conversation: that what is served is what was written. It knows no network, clock or screen.
//!
//! A [`Witness`] keeps a stretch of entries (see [`crate::chain`]) with the head at its end. Whatever is
//! served later must lead on from there, and lead to it from below; and every message of the window must
//! be what its entries say: author, times, place, content. What is told live needs no question: the
//! entry of a message follows from the message. What does not fit is a [`Finding`], with the message that
//! it is about where that can be told.
//!
//! The first entries that a reader sees are believed: whoever rewrote everything before that, with all
//! heads, is not found by this reader, but by one who was there before.

use std::collections::{BTreeMap, HashMap};

use crate::chain::{EMPTY_HEAD, Entry, Hash, head};
use crate::ids::{MessageId, Seq};
use crate::limits::{
    PAGE_ENTRIES_MAX, WITNESS_BRIDGE_MAX, WITNESS_ENTRIES_KEPT, WITNESS_ENTRIES_MAX,
};
use crate::model::LedgerEntry;
use crate::timeline::Timeline;

mod compare;
mod finding;
mod kept;

pub use finding::{Doubt, Finding};
use kept::Proven;

/// What a reader can prove of a conversation.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    /// Where the stretch begins: what comes after it is kept. `None` until anything is known.
    low: Option<Point>,
    /// The entries after `low`, up to `high`; a number that is not there was not served.
    entries: BTreeMap<Seq, LedgerEntry>,
    /// Where the stretch ends.
    high: Point,
    /// An older place that is not joined to the stretch, and that a way down must meet.
    known: Option<(Seq, Hash)>,
    /// Whether the server stood by the end of the stretch on this connection.
    is_confirmed: bool,
    /// Whether everything that the window had was proven on this connection: what it has besides came live.
    is_level: bool,
    /// The question that waits for its answer.
    asked: Option<Seq>,
    /// Questions whose answers led nowhere on this connection.
    fruitless: Vec<Seq>,
    /// The server has a head that is not ours: where that begins is being looked for.
    search: Option<Search>,
    /// The server has no entry where ours end.
    is_cut: bool,
    /// The messages that were compared, in which state.
    compared: HashMap<MessageId, Seq>,
    /// What was looked over last: from where, up to where.
    surveyed: Option<(Seq, Seq)>,
    /// What was right last, and when.
    proven: Option<Proven>,
    findings: Vec<Finding>,
}

/// A place in the chain, with the head after it where that is known.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    seq: Seq,
    head: Option<Hash>,
}

/// A search for the first entry after which the server's head is not ours, by halving.
#[derive(Debug, Clone, Copy)]
struct Search {
    /// An entry after which the heads are the same; `None` until that is known of the beginning.
    same: Option<Seq>,
    /// An entry after which they differ.
    differs: Seq,
}

impl Witness {
    /// Everything that does not fit, as it was found.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The newest entry that it can prove; zero when it knows none.
    pub fn through(&self) -> Seq {
        self.high.seq
    }

    /// When what it knows was right last, in milliseconds since 1970.
    pub fn proven_ms(&self) -> Option<u64> {
        self.proven.map(|proven| proven.at_ms)
    }

    /// The connection is a new one: no answer is to come, and the server is asked whether it stands by
    /// what it said.
    pub fn reconnected(&mut self) {
        self.is_confirmed = false;
        self.is_level = false;
        self.given_up();
        self.fruitless.clear();
    }

    /// The question that was asked is not answered.
    pub fn given_up(&mut self) {
        self.asked = None;
    }

    /// The reader has seen what was found.
    pub fn dismiss(&mut self) {
        for finding in &mut self.findings {
            finding.dismissed = true;
        }
    }

    /// Looks at a window: compares what can be compared, and says after which entry to ask for more, if
    /// more is needed. One question at a time: the next is said when this one is answered or given up.
    ///
    /// `reads_all` is false for a page that is not of the server's version: what it does not know it passed
    /// over when it read, and so cannot tell digests.
    pub fn look(&mut self, window: &Timeline, reads_all: bool, now_ms: u64) -> Option<Seq> {
        if self.asked.is_some() || !window.is_loaded() || window.missing().is_some() {
            return None;
        }
        self.asked = self.question(window, reads_all, now_ms);
        self.asked
    }

    /// Takes the answer to the question that was asked: the head after an entry, and those that follow it.
    pub fn take(&mut self, after: Seq, head: Hash, entries: Vec<LedgerEntry>, now_ms: u64) {
        if self.asked.take_if(|asked| *asked == after).is_none() {
            return;
        }
        // No entry has a head of zeros: the server has none there.
        let is_there = after == Seq::ZERO || head != EMPTY_HEAD;
        let start = Point {
            seq: after,
            head: is_there.then_some(head),
        };
        let reach = |witness: &Self| (witness.low.map(|low| low.seq), witness.high.seq);
        let (before, was_confirmed) = (reach(self), self.is_confirmed);
        match (self.low, self.search) {
            (None, _) => self.begin(start, entries, now_ms),
            (Some(low), Some(search)) => return self.narrow(low, search, start, now_ms),
            (Some(low), None) if after < low.seq => self.reach_down(low, start, entries, now_ms),
            (Some(low), None) => self.reach_up(low, start, entries, now_ms),
        }
        if was_confirmed && before == reach(self) {
            self.fruitless.push(after);
        }
    }

    /// Compares what can be compared, and says what is to be asked.
    fn question(&mut self, window: &Timeline, reads_all: bool, now_ms: u64) -> Option<Seq> {
        let through = window.through();
        let before = Seq(window.start().0.saturating_sub(1));
        if through.0.saturating_sub(before.0) > WITNESS_BRIDGE_MAX {
            return None;
        }
        if std::mem::take(&mut self.is_cut) {
            self.end_is_gone(through, now_ms);
        }
        if self.low.is_some() && before.0.saturating_sub(self.high.seq.0) > WITNESS_BRIDGE_MAX {
            self.leave_behind();
        }
        let Some(low) = self.low else {
            return Some(before);
        };
        if let Some(search) = self.search {
            let middle = |same: Seq| Seq(same.0 + (search.differs.0 - same.0) / 2);
            return Some(search.same.map_or(low.seq, middle));
        }
        if !self.is_confirmed {
            return Some(self.high.seq);
        }
        if self.is_level && reads_all {
            self.follow(window);
        }
        self.drop_strays(low, through, now_ms);
        if self.high.seq < through {
            if !self.fruitless.contains(&self.high.seq) {
                return Some(self.high.seq);
            }
            // Nothing more is served: what the window has beyond it stands without an entry.
            self.high = Point {
                seq: through,
                head: None,
            };
        }
        self.is_level = true;
        self.compare(window, reads_all, now_ms);
        let below = Seq(low.seq.0.saturating_sub(PAGE_ENTRIES_MAX as u64)).max(before);
        if below < low.seq && !self.fruitless.contains(&below) {
            return Some(below);
        }
        self.let_go(before);
        None
    }

    fn begin(&mut self, start: Point, entries: Vec<LedgerEntry>, now_ms: u64) {
        if start.head.is_none() {
            self.find(Finding::new(Doubt::Missing, start.seq, now_ms));
        }
        self.low = Some(start);
        self.high = self.read_along(start, entries, now_ms);
    }

    /// Entries that follow the end of the stretch.
    fn reach_up(&mut self, low: Point, start: Point, entries: Vec<LedgerEntry>, now_ms: u64) {
        match (self.high.head, start.head) {
            (Some(_), None) => {
                self.is_cut = true;
                self.is_confirmed = true;
                return;
            }
            (Some(ours), Some(theirs)) if ours != theirs => {
                self.search = Some(Search {
                    same: None,
                    differs: self.high.seq,
                });
                if low.seq == self.high.seq {
                    self.search = None;
                    self.find(Finding::new(Doubt::Rewritten, low.seq, now_ms));
                }
            }
            _ => {}
        }
        // What follows a whole page is asked for by the same question.
        self.is_confirmed = entries.len() < PAGE_ENTRIES_MAX;
        self.high = self.read_along(start, entries, now_ms);
    }

    /// Entries before the beginning of the stretch, which must lead to it.
    fn reach_down(&mut self, low: Point, start: Point, mut entries: Vec<LedgerEntry>, now_ms: u64) {
        entries.retain(|entry| entry.seq <= low.seq);
        let end = self.read_along(start, entries, now_ms);
        if end.seq == low.seq
            && let (Some(theirs), Some(ours)) = (end.head, low.head)
            && theirs != ours
        {
            self.find(Finding::new(Doubt::Rewritten, low.seq, now_ms));
        }
        self.low = Some(start);
    }

    /// The server's head after an entry in the middle: where it differs from ours begins before it, or after.
    fn narrow(&mut self, low: Point, mut search: Search, theirs: Point, now_ms: u64) {
        let is_same = theirs.head.is_some() && theirs.head == self.head_at(low, theirs.seq);
        self.search = None;
        match (search.same, is_same) {
            // It was before anything that is kept here.
            (None, false) => {
                self.find(Finding::new(Doubt::Rewritten, low.seq, now_ms));
                return;
            }
            (_, true) => search.same = Some(theirs.seq),
            (Some(_), false) => search.differs = theirs.seq,
        }
        if search.same.is_some_and(|same| same.next() < search.differs) {
            self.search = Some(search);
            return;
        }
        let finding = match self.entries.get(&search.differs) {
            Some(entry) => Finding::about(Doubt::Rewritten, entry, now_ms),
            None => Finding::new(Doubt::Rewritten, search.differs, now_ms),
        };
        self.find(finding);
    }

    /// Our head after an entry of the stretch.
    fn head_at(&self, low: Point, seq: Seq) -> Option<Hash> {
        let entries = self.entries.range(low.seq.next()..=seq.max(low.seq.next()));
        let entries = entries.filter(|(number, _)| **number <= seq);
        let end = entries.fold(low, |at, (_, entry)| step(at, entry));
        end.head.filter(|_| end.seq == seq)
    }

    /// Keeps entries that follow a place, and says where they lead.
    fn read_along(&mut self, start: Point, entries: Vec<LedgerEntry>, now_ms: u64) -> Point {
        let mut at = start;
        for entry in entries {
            if entry.seq <= at.seq {
                continue;
            }
            at = step(at, &entry);
            self.entries.insert(entry.seq, entry);
            if let (Some((seq, ours)), Some(theirs)) = (self.known, at.head)
                && seq == at.seq
            {
                self.known = None;
                if ours != theirs {
                    self.find(Finding::new(Doubt::Rewritten, seq, now_ms));
                }
            }
        }
        at
    }

    /// The server has no entry where ours end: it has less than it once served, or has lost that one.
    fn end_is_gone(&mut self, through: Seq, now_ms: u64) {
        if through >= self.high.seq {
            self.find(Finding::new(Doubt::Missing, self.high.seq, now_ms));
            self.high.head = None;
            return;
        }
        let first = through.next();
        let finding = match self.entries.range(first..).next() {
            Some((_, lost)) => Finding::about(Doubt::Cut, lost, now_ms),
            None => Finding::new(Doubt::Cut, first, now_ms),
        };
        self.find(Finding {
            also: self.high.seq.0 - first.0,
            ..finding
        });
        self.forget_stretch();
    }

    /// Drops entries beyond the window that nothing leads to: the numbers of a conversation have no hole.
    fn drop_strays(&mut self, low: Point, through: Seq, now_ms: u64) {
        let mut end = through.max(low.seq);
        let mut stray = None;
        for (seq, entry) in self.entries.range(end.next()..) {
            if *seq != end.next() {
                stray = Some(entry.clone());
                break;
            }
            end = *seq;
        }
        if let Some(stray) = stray {
            self.find(Finding::about(Doubt::Foreign, &stray, now_ms));
            self.entries.split_off(&end.next());
            self.high = Point {
                seq: end,
                head: self.head_at(low, end),
            };
        }
    }

    /// The window is too far from what is known to go there step by step: whoever reads back to it proves it.
    fn leave_behind(&mut self) {
        self.known = self.high.head.map(|head| (self.high.seq, head));
        self.forget_stretch();
    }

    fn forget_stretch(&mut self) {
        self.low = None;
        self.high = Point::default();
        self.entries.clear();
        self.compared.clear();
        self.surveyed = None;
        self.search = None;
        self.is_confirmed = false;
        self.is_level = false;
        self.fruitless.clear();
    }

    /// Drops entries before the window, when there are many.
    fn let_go(&mut self, before: Seq) {
        while self.entries.len() > WITNESS_ENTRIES_MAX {
            let Some(entry) = self.entries.first_entry() else {
                return;
            };
            if *entry.key() > before {
                return;
            }
            let entry = entry.remove();
            self.low = self.low.map(|low| step(low, &entry));
        }
    }

    /// The stretch without all but the newest entries, for keeping.
    fn newest(&self) -> Option<(Point, Vec<LedgerEntry>)> {
        let mut low = self.low?;
        self.high.head?;
        let count = self.entries.len();
        let (mut at, mut kept) = (low, Vec::new());
        for (index, entry) in self.entries.values().enumerate() {
            at = step(at, entry);
            // What stands behind a hole cannot be led to from before it.
            if count - index > WITNESS_ENTRIES_KEPT || at.head.is_none() {
                low = at;
                kept.clear();
            } else {
                kept.push(entry.clone());
            }
        }
        low.head.is_some().then_some((low, kept))
    }
}

/// The place after an entry.
fn step(before: Point, entry: &LedgerEntry) -> Point {
    let head = before.head.filter(|_| entry.seq == before.seq.next());
    Point {
        seq: entry.seq,
        head: head.and_then(|head| head_after(&head, entry)),
    }
}

/// The head after an entry; `None` when its kind is none that the chain can count.
fn head_after(before: &Hash, entry: &LedgerEntry) -> Option<Hash> {
    let kind = u8::try_from(entry.kind).ok()?;
    Some(head(
        before,
        &Entry {
            seq: entry.seq,
            kind,
            message: &entry.message,
            author: &entry.author,
            at_ms: entry.at_ms,
            content: &entry.digest.0,
        },
    ))
}
