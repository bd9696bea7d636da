//! The reader's own messages, name and typing. It knows nothing of pages and gaps.

use parley_shared::limits::TEXT_BYTES_MAX;
use parley_shared::limits::TYPING_NOTICE_INTERVAL_MS;

use super::*;
use PendingState::{Failed, Stored, Waiting};

#[test]
fn a_message_is_pending_then_stored_then_confirmed() {
    let mut page = TestPage::opened_at(3);
    let id = page.write("one");
    assert_eq!(page.pending(), [(id, Waiting)]);
    assert_eq!(page.sent(), [id]);
    page.hear(accepted(id, 4));
    assert_eq!(page.pending(), [(id, Stored)]);
    page.hear(confirmed(id, 4));
    assert_eq!(page.pending(), []);
    assert_eq!(page.places(), [1, 2, 3, 4]);
}

#[test]
fn a_message_is_sent_when_the_one_before_was_answered() {
    let mut page = TestPage::opened_at(0);
    let ids = ["one", "two", "three"].map(|text| page.write(text));
    assert_eq!(page.sent(), [ids[0]]);
    page.hear(accepted(ids[0], 1));
    assert_eq!(page.sent(), [ids[1]]);
    // The event may come before the answer.
    page.hear(confirmed(ids[0], 1));
    page.hear(confirmed(ids[1], 2));
    assert_eq!(page.sent(), [ids[2]]);
}

#[test]
fn line_breaks_are_made_equal_and_white_space_is_cut_from_the_end() {
    let mut page = TestPage::opened_at(0);
    page.write("  one\r\ntwo\rthree \n ");
    let said = page.said();
    let [ClientCommand::Send { body, .. }] = said.as_slice() else {
        panic!("one message is sent, and not {said:?}");
    };
    assert_eq!(*body, text("  one\ntwo\nthree"));
}

#[test]
fn a_text_that_cannot_be_sent_is_refused_at_once_and_leaves_no_row() {
    let mut page = TestPage::opened_at(0);
    let id = my_message(1);
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    let limit_bytes = TEXT_BYTES_MAX as u64;
    for (text, refusal) in [
        (" \n ", Refusal::TextBlank),
        (long.as_str(), Refusal::TextTooLong { limit_bytes }),
    ] {
        assert_eq!(page.sync.send(text, 1, |_| id), Err(refusal));
    }
    assert_eq!(page.pending(), []);
}

#[test]
fn what_was_written_without_a_connection_is_sent_in_order_when_it_is_back() {
    let mut page = TestPage::opened_at(3);
    let first = page.write("before the loss");
    page.lose_connection();
    let second = page.write("after the loss");
    assert_eq!(page.sent(), [first]);
    page.connect(3);
    assert_eq!(page.sent(), [first]);
    page.hear(accepted(first, 4));
    assert_eq!(page.sent(), [second]);
}

#[test]
fn a_message_that_the_server_had_already_is_confirmed_by_what_was_missed() {
    let mut page = TestPage::opened_at(3);
    let id = page.write("the answer is lost");
    assert_eq!(page.sent(), [id]);
    page.lose_connection();
    page.connect(4);
    assert_eq!(page.sent(), [id], "sent again, which does no harm");
    page.hear(accepted(id, 4));
    page.hear(ServerEvent::Changes {
        conversation: lobby(),
        since: Seq(3),
        messages: vec![Message {
            id,
            ..message(ME, 4)
        }],
        people: vec![],
        through: Seq(4),
        more: false,
    });
    // And the other way round: the answer comes after what was missed.
    page.hear(accepted(id, 4));
    assert_eq!(page.pending(), []);
    assert_eq!(page.places(), [1, 2, 3, 4]);
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn a_message_that_is_refused_for_now_is_sent_later_and_none_overtakes_it() {
    let mut page = TestPage::opened_at(0);
    let first = page.write("one");
    let second = page.write("two");
    page.said();
    page.hear(refused("send", Some(first), too_fast(700)));
    assert_eq!(page.pending(), [(first, Waiting), (second, Waiting)]);
    let third = page.write("three");
    page.pass(699);
    assert_eq!(page.sent(), []);
    page.pass(1);
    assert_eq!(page.sent(), [first]);
    page.hear(refused("send", Some(first), Refusal::Unavailable));
    page.pass(60_000);
    assert_eq!(page.sent(), [first]);
    for (place, id, next) in [
        (1, first, Some(second)),
        (2, second, Some(third)),
        (3, third, None),
    ] {
        page.hear(accepted(id, place));
        assert_eq!(page.sent(), Vec::from_iter(next));
    }
}

#[test]
fn a_message_that_is_refused_for_good_waits_for_its_author_and_the_next_is_sent() {
    let mut page = TestPage::opened_at(0);
    let first = page.write("one");
    let second = page.write("two");
    page.said();
    page.hear(refused("send", Some(first), Refusal::IdTaken));
    assert_eq!(page.pending()[0], (first, Failed(Refusal::IdTaken)));
    assert_eq!(page.sent(), [second]);
    page.hear(accepted(second, 1));
    let said = page.sync.retry(first, page.now_ms);
    page.said.extend(said);
    assert_eq!(page.pending()[0], (first, Waiting));
    assert_eq!(page.sent(), [first]);
    page.hear(refused("send", Some(first), Refusal::IdTaken));
    page.sync.discard(first, page.now_ms);
    assert_eq!(page.pending(), [(second, Stored)]);
    assert!(page.shelf.all().is_empty());
}

#[test]
fn a_refused_message_is_sent_again_though_nothing_else_was_sent_since() {
    let mut page = TestPage::opened_at(0);
    let id = page.write("one");
    assert_eq!(page.sent(), [id]);
    page.hear(refused("send", Some(id), Refusal::IdTaken));
    let said = page.sync.retry(id, page.now_ms);
    page.said.extend(said);
    assert_eq!(page.sent(), [id]);
}

#[test]
fn a_message_that_waited_when_the_page_was_closed_is_sent_by_the_next_page() {
    let mut page = TestPage::opened_at(3);
    page.lose_connection();
    let ids = [page.write("one"), page.write("two")];
    assert_eq!(page.shelf.all().len(), 2);

    let mut next = TestPage::with_shelf(page.shelf.clone());
    next.connect(3);
    assert_eq!(next.pending(), ids.map(|id| (id, Waiting)));
    assert_eq!(next.sent(), [ids[0]]);
    next.hear(accepted(ids[0], 4));
    next.hear(accepted(ids[1], 5));
    assert!(next.shelf.all().is_empty());
}

#[test]
fn what_was_written_before_the_first_welcome_is_kept_and_sent() {
    let mut page = TestPage::new();
    let id = page.write("impatient");
    assert_eq!(page.pending(), [(id, Waiting)]);
    page.connect(0);
    assert_eq!(page.sent(), [id]);
    assert_eq!(page.shelf.all().len(), 1);
}

#[test]
fn another_visitor_of_the_same_browser_does_not_send_what_waits() {
    let shelf = TestShelf::default();
    shelf.keep(&KeptMessage {
        id: my_message(1),
        author: user(ALICE),
        conversation: lobby(),
        of: None,
        body: text("not mine"),
        written_ms: 1,
    });
    let mut page = TestPage::with_shelf(shelf);
    page.connect(0);
    assert_eq!(page.sent(), []);
    assert_eq!(page.pending(), []);
}

#[test]
fn a_full_outbox_asks_to_wait_and_loses_nothing() {
    let mut page = TestPage::opened_at(0);
    page.lose_connection();
    for _ in 0..OUTBOX_MESSAGES_MAX {
        page.write("again");
    }
    let refused = page.sync.send("one more", page.now_ms, |_| my_message(0));
    assert_eq!(refused, Err(Refusal::Unavailable));
    assert_eq!(page.notice(), Some(Notice::OutboxFull));
    assert_eq!(page.pending().len(), OUTBOX_MESSAGES_MAX);
}

#[test]
fn a_new_name_is_told_when_it_is_in_force() {
    let mut page = TestPage::opened_at(0);
    let said = page.sync.rename(" Ada ").expect("the name is a good one");
    assert_eq!(said, [ClientCommand::Rename { name: "Ada".into() }]);
    assert_eq!(page.notice(), None);
    page.hear(ServerEvent::PeopleChanged {
        people: vec![named(ME, Some("Ada"))],
    });
    assert_eq!(page.notice(), Some(Notice::Renamed));
    assert_eq!(page.chat.me.get_untracked(), Some(named(ME, Some("Ada"))));
    page.sync.dismiss_notice();
    assert_eq!(page.notice(), None);
}

#[test]
fn a_name_that_cannot_be_had_is_refused_where_it_is_known() {
    let mut page = TestPage::opened_at(0);
    assert_eq!(page.sync.rename(" "), Err(Refusal::NameBlank));
    page.hear(refused("rename", None, too_fast(5)));
    assert_eq!(page.notice(), Some(Notice::Refused(too_fast(5))));
    page.lose_connection();
    assert_eq!(page.sync.rename("Ada"), Err(Refusal::Unavailable));
}

#[test]
fn the_others_are_told_of_typing_once_in_a_while() {
    let mut page = TestPage::opened_at(0);
    let typing = [ClientCommand::Typing {
        conversation: lobby(),
    }];
    assert_eq!(page.sync.typing(page.now_ms), typing);
    assert_eq!(page.sync.typing(page.now_ms + 1), []);
    let later_ms = page.now_ms + u64::from(TYPING_NOTICE_INTERVAL_MS);
    assert_eq!(page.sync.typing(later_ms), typing);
    page.write("what I typed");
    assert_eq!(page.sync.typing(later_ms + 1), typing, "a new message");
    page.lose_connection();
    assert_eq!(page.sync.typing(later_ms + 10_000), []);
}

#[test]
fn those_who_type_are_shown_without_the_reader_until_they_have_written() {
    let mut page = TestPage::opened_at(0);
    page.hear(ServerEvent::TypingChanged {
        conversation: lobby(),
        people: vec![person(ME), person(ALICE), person(BOB)],
    });
    assert_eq!(
        page.chat.typing.get_untracked(),
        [person(ALICE), person(BOB)]
    );
    page.hear(live(ALICE, 1));
    assert_eq!(page.chat.typing.get_untracked(), [person(BOB)]);
    page.lose_connection();
    assert_eq!(page.chat.typing.get_untracked(), []);
}
