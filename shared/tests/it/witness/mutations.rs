//! Every way in which a row can be altered, against a reader who comes fresh and one who was there before.

use parley_shared::chain::{EMPTY_HEAD, Hex};
use parley_shared::ids::Seq;
use parley_shared::model::Message;
use parley_shared::witness::Finding;

use super::Reader;
use super::book::{Book, Row, words};
use crate::sample::{nth_id, user};

/// Places of a message that was only sent, one that was edited, and one that was deleted.
const PLACES: [u64; 3] = [12, 20, 30];

fn book() -> Book {
    let mut book = Book::with(40);
    book.edit(Seq(20), "changed");
    book.edit(Seq(20), "changed again");
    book.delete(Seq(30));
    book.send("the end");
    book
}

type Alter<T> = (&'static str, fn(&mut T));

const MESSAGES: &[Alter<Message>] = &[
    ("its body", |it| it.body = words("something else")),
    ("its salt", |it| it.salt = Some(Hex([0x77; 16]))),
    ("its author", |it| {
        it.author = user("ee000000ee000000ee000000ee000000")
    }),
    ("its time", |it| it.sent_ms += 1),
    ("its id", |it| it.id = nth_id(9_999)),
    ("its place", |it| it.seq = Seq(1_000)),
    ("its newest change", |it| it.changed = Seq(it.changed.0 - 1)),
    ("the time of its edit", |it| it.edited_ms = Some(77)),
];

const ROWS: &[Alter<Row>] = &[
    ("the entry's kind", |it| it.kind = 2 - (it.kind - 1).min(1)),
    ("the entry's author", |it| {
        it.author = user("ee000000ee000000ee000000ee000000")
    }),
    ("the entry's time", |it| it.at_ms += 1),
    ("the entry's digest", |it| it.digest[5] ^= 1),
    ("the entry's message", |it| it.place = Seq(it.place.0 - 1)),
    ("the entry's number", |it| it.seq = Seq(it.seq.0 + 500)),
];

/// Readers of an altered book: one who comes fresh, one whose page is loaded anew.
fn readers(good: &Book, altered: &Book) -> [(&'static str, Vec<Finding>); 2] {
    let fresh = Reader::opens(altered);
    let mut again = Reader::opens(good);
    again.reloads(altered);
    [
        ("fresh", fresh.witness.findings().to_vec()),
        ("again", again.witness.findings().to_vec()),
    ]
}

#[test]
fn every_alteration_of_a_message_is_found_and_named() {
    let good = book();
    for place in PLACES {
        for (what, alter) in MESSAGES {
            let mut altered = good.clone();
            alter(altered.message(Seq(place)));
            for (who, findings) in readers(&good, &altered) {
                let is_named = |finding: &Finding| {
                    finding.place == Seq(place) || finding.message == Some(nth_id(place))
                };
                assert!(
                    findings.iter().any(is_named),
                    "{what} of {place}, {who}: {findings:?}"
                );
            }
        }
    }
}

#[test]
fn every_alteration_of_an_entry_is_found_by_whoever_asks_for_it() {
    let good = book();
    // Each entry about those messages.
    for seq in [12, 20, 30, 41, 42, 43] {
        for (what, alter) in ROWS {
            let mut altered = good.clone();
            alter(&mut altered.rows[seq - 1]);
            // Who had them before does not ask for them again.
            let fresh = Reader::opens(&altered);
            assert!(!fresh.witness.findings().is_empty(), "{what} at {seq}");
        }
    }
}

#[test]
fn rows_that_are_gone_or_slipped_in_or_swapped_are_found() {
    let good = book();
    let alterations: &[Alter<Book>] = &[
        ("a message is gone", |it| drop(it.messages.remove(11))),
        ("a message with its entry is gone", |it| {
            it.messages.remove(11);
            it.rows.remove(11);
        }),
        ("an entry is gone", |it| {
            it.rows.remove(11);
        }),
        ("the entry of an edit is gone", |it| {
            it.rows.remove(41);
        }),
        ("the last entry is gone", |it| {
            it.rows.pop();
        }),
        ("two messages change places", |it| {
            it.messages[11].seq = Seq(13);
            it.messages[12].seq = Seq(12);
        }),
        ("two messages change what they say", |it| {
            let other = it.messages[12].body.clone();
            it.messages[12].body = std::mem::replace(&mut it.messages[11].body, other);
        }),
        ("two entries change places", |it| {
            it.rows[11].seq = Seq(13);
            it.rows[12].seq = Seq(12);
        }),
        ("a message slips in at the place of an edit", |it| {
            let mut message = it.messages[11].clone();
            message.id = nth_id(7_777);
            message.seq = Seq(41);
            message.changed = Seq(41);
            it.messages.push(message);
        }),
        ("a message slips in at the end", |it| {
            let mut message = it.messages[11].clone();
            message.id = nth_id(7_777);
            message.seq = Seq(45);
            message.changed = Seq(45);
            it.messages.push(message);
            it.last = Seq(45);
        }),
        ("a deleted message is back", |it| {
            let place = it.message(Seq(30));
            place.changed = Seq(30);
            place.body = words("message 30");
        }),
    ];
    for (what, alter) in alterations {
        let mut altered = good.clone();
        alter(&mut altered);
        for (who, findings) in readers(&good, &altered) {
            // Who had an entry before does not ask for it again, and what they see is right.
            let is_served = who == "fresh" || altered.newest() != good.newest();
            assert!(!is_served || !findings.is_empty(), "{what}, {who}");
        }
    }
}

#[test]
fn what_a_reader_saw_is_missed_when_the_history_is_shorter_or_another() {
    let good = book();
    let alterations: &[Alter<Book>] = &[
        ("the end is cut off", |it| {
            it.messages.retain(|message| message.seq < Seq(44));
            it.rows.pop();
            it.last = Seq(43);
        }),
        ("everything is written anew with another author", |it| {
            it.messages[11].author = user("ee000000ee000000ee000000ee000000");
            it.rows[11].author = it.messages[11].author;
            it.write_anew();
        }),
        ("everything is written anew without an edit", |it| {
            it.rows.remove(41);
            it.rows[41].seq = Seq(42);
            it.rows[42].seq = Seq(43);
            it.message(Seq(20)).changed = Seq(41);
            it.message(Seq(20)).edited_ms = Some(1_041);
            it.message(Seq(30)).changed = Seq(42);
            it.messages[40].seq = Seq(43);
            it.messages[40].changed = Seq(43);
            it.rows[42].place = Seq(43);
            it.last = Seq(43);
            it.write_anew();
        }),
    ];
    for (what, alter) in alterations {
        let mut altered = good.clone();
        alter(&mut altered);
        let mut again = Reader::opens(&good);
        again.reloads(&altered);
        assert!(
            !again.witness.findings().is_empty(),
            "{what}, after a reload"
        );
        let mut there = Reader::opens(&good);
        there.reconnects(&altered);
        assert!(
            !there.witness.findings().is_empty(),
            "{what}, connected again"
        );
    }
}

#[test]
fn a_head_that_was_altered_is_found_where_it_is_served() {
    let good = book();
    let mut altered = good.clone();
    altered.rows[43].head = [7; 32];
    for (who, findings) in readers(&good, &altered) {
        assert!(!findings.is_empty(), "{who}");
    }
    altered.rows[43].head = EMPTY_HEAD;
    for (who, findings) in readers(&good, &altered) {
        assert!(!findings.is_empty(), "{who}");
    }
}
