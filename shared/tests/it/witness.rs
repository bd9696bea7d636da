//! What a reader proves, against a server that lies in every way. It knows no connection: a book stands for the server.

use parley_shared::chain::EntryKind;
use parley_shared::ids::Seq;
use parley_shared::timeline::Timeline;
use parley_shared::witness::{Doubt, Finding, Witness};

mod book;
mod mutations;

use book::Book;

/// A reader with what they have of the conversation, who asks until nothing is left to ask.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) timeline: Timeline,
    pub(crate) witness: Witness,
    pub(crate) asked: Vec<Seq>,
    now_ms: u64,
}

impl Reader {
    /// Opens the conversation: the newest page, and its proof.
    pub(crate) fn opens(book: &Book) -> Self {
        let mut reader = Self::default();
        reader.reloads(book);
        reader
    }

    /// Loads the page anew, with what the witness kept.
    pub(crate) fn reloads(&mut self, book: &Book) {
        let kept = self.witness.to_json();
        self.witness = kept.map_or_else(Witness::default, |kept| {
            Witness::from_json(&kept).expect("it reads what it wrote")
        });
        self.timeline = Timeline::new();
        let (messages, through, more) = book.newest();
        self.timeline.apply_newest(messages, through, more);
        self.proves(book);
    }

    /// Connects again, and hears what happened meanwhile.
    pub(crate) fn reconnects(&mut self, book: &Book) {
        self.witness.reconnected();
        let (messages, through) = book.changes(self.timeline.through());
        let since = self.timeline.through();
        self.timeline.apply_changes(since, messages, through);
        self.proves(book);
    }

    /// Hears a change live.
    pub(crate) fn hears(&mut self, book: &Book) {
        self.timeline.apply_live(book.latest_change());
        self.proves(book);
    }

    /// Scrolls up by a page.
    pub(crate) fn scrolls_up(&mut self, book: &Book) {
        let before = self.timeline.ask_older().expect("there is more");
        let (messages, more) = book.before(before);
        self.timeline.apply_older(before, messages, more);
        self.proves(book);
    }

    pub(crate) fn proves(&mut self, book: &Book) {
        for _ in 0..1_000 {
            self.now_ms += 1;
            let Some(after) = self.witness.look(&self.timeline, true, self.now_ms) else {
                return;
            };
            self.asked.push(after);
            let (head, entries) = book.entries(after);
            self.witness.take(after, head, entries, self.now_ms);
        }
        panic!("it asks without end: {:?}", &self.asked[..20]);
    }

    /// What was found: the doubt, the place, and whether the message is named.
    pub(crate) fn found(&self) -> Vec<(Doubt, u64)> {
        let findings = self.witness.findings().iter();
        findings
            .map(|finding| (finding.doubt, finding.place.0))
            .collect()
    }
}

#[test]
fn a_good_history_is_proven_with_one_page_and_one_look_at_its_end() {
    let book = Book::with(30);
    let mut reader = Reader::opens(&book);
    assert_eq!(reader.found(), []);
    assert_eq!(reader.witness.through(), Seq(30));
    assert_eq!(reader.asked, [Seq(0), Seq(30)]);
    reader.proves(&book);
    assert_eq!(reader.asked.len(), 2, "what is proven is not asked again");
}

#[test]
fn what_is_told_live_is_proven_without_a_question() {
    let mut book = Book::with(10);
    let mut reader = Reader::opens(&book);
    let asked = reader.asked.len();
    for act in 0..30 {
        match act % 5 {
            0..3 => drop(book.send("more")),
            3 => book.edit(Seq(act / 5 + 1), "changed"),
            _ => book.delete(Seq(act / 5 + 1)),
        }
        reader.hears(&book);
    }
    assert_eq!(reader.found(), []);
    assert_eq!(reader.witness.through(), Seq(40));
    assert_eq!(reader.asked.len(), asked);
    reader.reconnects(&book);
    assert_eq!(reader.found(), [], "and it is what the server has");
}

#[test]
fn what_was_missed_is_asked_for_and_leads_on() {
    let mut book = Book::with(10);
    let mut reader = Reader::opens(&book);
    book.edit(Seq(3), "once");
    book.edit(Seq(3), "twice");
    book.send("and on");
    reader.reconnects(&book);
    assert_eq!(reader.found(), []);
    assert_eq!(reader.witness.through(), Seq(13));
}

#[test]
fn a_window_that_grows_upwards_is_proven_downwards() {
    let book = Book::with(180);
    let mut reader = Reader::opens(&book);
    assert_eq!(reader.timeline.len(), 50);
    for _ in 0..3 {
        reader.scrolls_up(&book);
    }
    assert_eq!(reader.timeline.len(), 180);
    assert_eq!(reader.found(), []);
}

#[test]
fn a_long_history_is_proven_page_by_page() {
    let mut book = Book::with(20);
    let mut reader = Reader::opens(&book);
    for _ in 0..1_700 {
        book.send("more");
    }
    reader.reloads(&book);
    assert_eq!(reader.found(), []);
    assert_eq!(reader.witness.through(), Seq(1_720));
}

#[test]
fn who_was_away_for_too_long_begins_anew_and_proves_the_rest_on_the_way_back() {
    let mut book = Book::with(20);
    let mut reader = Reader::opens(&book);
    for _ in 0..25_000 {
        book.send("more");
    }
    reader.asked.clear();
    reader.reloads(&book);
    assert!(reader.asked.len() < 5, "{:?}", reader.asked);
    assert_eq!(reader.found(), []);
}

#[test]
fn what_is_kept_goes_on_and_says_when_it_was_right_last() {
    let mut book = Book::with(60);
    let mut reader = Reader::opens(&book);
    let right_ms = reader.witness.proven_ms();
    assert!(right_ms.is_some());
    book.messages[54].body = book::words("something else");
    reader.reloads(&book);
    let found = reader.witness.findings().to_vec();
    assert_eq!(reader.found(), [(Doubt::Altered, 55)]);
    assert_eq!(found[0].message, Some(book.messages[54].id));
    assert_eq!(found[0].right_ms, right_ms);
    assert_eq!(found[0].at_ms, Some(book.messages[54].sent_ms));
    reader.reloads(&book);
    assert_eq!(reader.witness.findings(), found, "it is found once");
}

#[test]
fn a_reader_who_knows_nothing_finds_an_altered_message_as_well() {
    let mut book = Book::with(60);
    book.messages[54].body = book::words("something else");
    let reader = Reader::opens(&book);
    assert_eq!(reader.found(), [(Doubt::Altered, 55)]);
    assert_eq!(reader.witness.findings()[0].right_ms, None);
}

#[test]
fn a_history_that_was_written_anew_as_a_whole_is_found_by_who_knew_the_old_one() {
    let mut book = Book::with(60);
    let mut reader = Reader::opens(&book);
    book.messages[54].body = book::words("something else");
    book.write_anew();
    assert_eq!(Reader::opens(&book).found(), [], "a newcomer believes it");
    reader.reconnects(&book);
    assert_eq!(reader.found(), [(Doubt::Rewritten, 55)]);
    let message = reader.witness.findings()[0].message;
    assert_eq!(message, Some(book.messages[54].id), "it says which");
    let asked = reader.asked.len();
    reader.proves(&book);
    assert_eq!(reader.asked.len(), asked, "and asks no further");

    let mut again = Reader::opens(&Book::with(60));
    again.reloads(&book);
    assert_eq!(
        again.found(),
        [(Doubt::Rewritten, 55)],
        "also after a reload"
    );
}

#[test]
fn a_history_that_was_written_anew_before_what_is_kept_is_found_without_the_message() {
    let mut book = Book::with(200);
    let mut reader = Reader::opens(&book);
    book.messages[3].body = book::words("something else");
    book.write_anew();
    reader.reloads(&book);
    assert_eq!(reader.found().len(), 1);
    assert_eq!(reader.found()[0].0, Doubt::Rewritten);
    assert_eq!(reader.witness.findings()[0].message, None);
}

#[test]
fn a_server_that_was_set_back_has_lost_what_was_seen() {
    let mut book = Book::with(60);
    let old = book.clone();
    for _ in 0..5 {
        book.send("soon lost");
    }
    let mut reader = Reader::opens(&book);
    reader.reloads(&old);
    let found = reader.witness.findings().to_vec();
    assert_eq!(reader.found(), [(Doubt::Cut, 61)]);
    assert_eq!(found[0].message, Some(book.messages[60].id));
    assert_eq!(found[0].also, 4);

    let mut on = old.clone();
    on.send("a new beginning");
    reader.reconnects(&on);
    assert_eq!(reader.witness.findings(), found, "what comes after is good");
    assert_eq!(reader.witness.through(), Seq(61));
}

#[test]
fn what_a_later_change_puts_right_is_no_finding_any_more() {
    let mut book = Book::with(10);
    book.messages[4].body = book::words("something else");
    let mut reader = Reader::opens(&book);
    assert_eq!(reader.found(), [(Doubt::Altered, 5)]);
    book.delete(Seq(5));
    reader.hears(&book);
    assert_eq!(reader.found(), []);
}

#[test]
fn what_is_shown_from_an_earlier_visit_is_held_against_what_is_served_now() {
    let mut book = Book::with(60);
    let mut reader = Reader::opens(&book);
    book.messages[54].body = book::words("something else");
    book.messages.remove(57);
    reader.reconnects(&book);
    assert_eq!(reader.found(), [], "what is shown is right");
    let (messages, through, _) = book.newest();
    reader.witness.served(messages, through, true, 99);
    assert_eq!(reader.found(), [(Doubt::Altered, 55), (Doubt::Missing, 58)]);
}

#[test]
fn a_page_of_another_version_compares_no_digests() {
    let mut book = Book::with(10);
    book.messages[4].body = book::words("something else");
    let mut witness = Witness::default();
    let mut timeline = Timeline::new();
    let (messages, through, more) = book.newest();
    timeline.apply_newest(messages, through, more);
    while let Some(after) = witness.look(&timeline, false, 1) {
        let (head, entries) = book.entries(after);
        witness.take(after, head, entries, 1);
    }
    assert_eq!(witness.findings(), []);
}

#[test]
fn a_kind_of_entry_that_a_newer_server_writes_is_chained_and_not_judged() {
    let mut book = Book::with(10);
    book.append(9, Seq(4), book.messages[3].author);
    let reader = Reader::opens(&book);
    assert_eq!(reader.found(), []);
    assert_eq!(reader.witness.through(), Seq(11));
}

#[test]
fn a_finding_that_was_seen_stays_seen() {
    let mut book = Book::with(10);
    book.messages[4].body = book::words("something else");
    let mut reader = Reader::opens(&book);
    reader.witness.dismiss();
    reader.reloads(&book);
    assert!(
        reader
            .witness
            .findings()
            .iter()
            .all(|finding: &Finding| finding.dismissed)
    );
}

#[test]
fn what_is_no_witness_is_not_read() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"seq":1,"head":"00","entries":[],"findings":[]}"#,
    ] {
        assert!(Witness::from_json(text).is_err(), "{text}");
    }
    assert_eq!(Witness::default().to_json(), None);
    assert_eq!(
        EntryKind::of(4),
        None,
        "another kind needs a line in the comparison"
    );
}
