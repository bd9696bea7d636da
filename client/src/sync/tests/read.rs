//! What the server keeps of how far someone has read. It knows nothing of the window.

use parley_shared::limits::{READ_NOTICE_INTERVAL_MS, UNREAD_COUNTED_MAX};
use parley_shared::model::Notice as Happening;

use super::*;

fn read(conversation: ConversationId, through: u64) -> ClientCommand {
    ClientCommand::Read {
        conversation,
        through: Seq(through),
    }
}

fn reads(page: &mut TestPage) -> Vec<ClientCommand> {
    let said = page.said().into_iter();
    said.filter(|command| matches!(command, ClientCommand::Read { .. }))
        .collect()
}

/// A group of which so much is read, and this many others unread.
fn group_read(number: u8, last: u64, through: u64, unread: u32) -> Conversation {
    Conversation {
        read: Seq(through),
        unread,
        ..group(number, last)
    }
}

fn page_with(conversation: Conversation) -> TestPage {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![conversation], false));
    page.hear(newest(std::iter::empty(), 0, false));
    page.said();
    page
}

#[test]
fn what_is_unread_is_new_when_it_is_opened_and_read_when_it_is_there() {
    let mut page = page_with(group_read(1, 5, 3, 2));
    page.open(Some(other(1)));
    assert_eq!(page.unread(), (Some(3), 2), "it is not here yet");
    page.look_at_bottom(true);
    assert_eq!(page.unread(), (Some(3), 2), "it is not here yet");
    assert_eq!(reads(&mut page), []);
    page.hear(of(other(1), newest(1..=5, 5, false)));
    assert_eq!(page.unread(), (Some(3), 0));
    assert_eq!(page.known(other(1)).unread, 0);
    assert_eq!(reads(&mut page), [read(other(1), 5)]);
}

#[test]
fn a_visit_begins_where_the_reader_stopped_and_what_is_below_is_unread_until_it_is_seen() {
    let mut page = page_with(group_read(1, 5, 3, 2));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    assert_eq!(page.unread(), (Some(3), 2));
    page.look_at_bottom(true);
    assert_eq!(page.unread(), (Some(3), 0));
}

#[test]
fn what_is_not_in_view_is_not_read() {
    let mut page = page_with(group_read(1, 5, 3, 2));
    page.look_at_page(false);
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    page.look_at_bottom(true);
    assert_eq!(page.unread(), (Some(3), 2));
    page.look_at_page(true);
    assert_eq!(page.unread(), (Some(3), 0));
    assert_eq!(reads(&mut page), [read(other(1), 5)]);
    page.look_at_bottom(false);
    page.hear(of(other(1), live(ALICE, 6)));
    page.pass(60_000);
    assert_eq!(reads(&mut page), []);
    assert_eq!(page.known(other(1)).unread, 1);
    page.look_at_bottom(true);
    assert_eq!(reads(&mut page), [read(other(1), 6)]);
}

#[test]
fn the_server_is_told_once_in_a_while_and_at_once_when_the_reader_goes_elsewhere() {
    let mut page = page_with(group(1, 0));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(std::iter::empty(), 0, false)));
    page.hear(of(other(1), live(ALICE, 1)));
    assert_eq!(reads(&mut page), [read(other(1), 1)]);
    page.hear(of(other(1), live(ALICE, 2)));
    page.hear(of(other(1), live(ALICE, 3)));
    page.pass(READ_NOTICE_INTERVAL_MS - 1);
    assert_eq!(reads(&mut page), []);
    page.pass(1);
    assert_eq!(reads(&mut page), [read(other(1), 3)]);
    page.hear(of(other(1), live(ALICE, 4)));
    page.open(None);
    assert_eq!(reads(&mut page), [read(other(1), 4)]);
}

#[test]
fn ones_own_messages_are_known_and_need_no_mark() {
    let mut page = page_with(group(1, 0));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(std::iter::empty(), 0, false)));
    page.hear(of(other(1), live(ME, 1)));
    page.pass(60_000);
    assert_eq!(reads(&mut page), []);
}

#[test]
fn a_guest_has_no_marks() {
    let mut page = TestPage::opened_at(3);
    page.hear(live(ALICE, 4));
    page.pass(60_000);
    assert_eq!(reads(&mut page), []);
}

#[test]
fn what_others_write_beside_is_counted_up_to_the_bound_and_what_happened_is_not() {
    let mut page = page_with(group_read(1, 0, 0, UNREAD_COUNTED_MAX - 2));
    page.hear(of(other(1), live(ALICE, 1)));
    page.hear(of(other(1), live(ME, 2)));
    assert_eq!(page.known(other(1)).unread, UNREAD_COUNTED_MAX - 1);
    let mut joined = of(other(1), live(BOB, 3));
    if let ServerEvent::MessageChanged { message, .. } = &mut joined {
        message.body = ChatMessage::Notice {
            notice: Happening::Joined,
        };
    }
    page.hear(joined);
    assert_eq!(page.known(other(1)).unread, UNREAD_COUNTED_MAX - 1);
    page.hear(of(other(1), live(ALICE, 4)));
    page.hear(of(other(1), live(ALICE, 5)));
    assert_eq!(page.known(other(1)).unread, UNREAD_COUNTED_MAX);
}

#[test]
fn a_message_that_changes_is_not_unread_again() {
    let mut page = page_with(group_read(1, 5, 5, 0));
    let mut edited = of(other(1), live(ALICE, 5));
    if let ServerEvent::MessageChanged { message, .. } = &mut edited {
        message.changed = Seq(6);
    }
    page.hear(edited);
    assert_eq!(page.known(other(1)).unread, 0);
    assert_eq!(page.known(other(1)).last, Seq(6));
}

#[test]
fn what_was_read_on_another_device_is_read_here() {
    let mut page = page_with(group_read(1, 5, 3, 2));
    let changed = |through, unread| ServerEvent::ReadChanged {
        mentions: 0,
        conversation: other(1),
        through: Seq(through),
        unread,
    };
    page.hear(changed(4, 1));
    assert_eq!(page.known(other(1)).unread, 1);
    page.hear(changed(2, 3));
    assert_eq!(
        page.known(other(1)).unread,
        3,
        "it was marked as unread there"
    );
    page.hear(changed(4, 1));

    page.look_at_page(false);
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    assert_eq!(page.unread(), (Some(4), 1));
    page.hear(changed(5, 0));
    assert_eq!(page.unread(), (Some(4), 0));
}

#[test]
fn after_an_absence_the_server_has_counted_what_was_missed() {
    let mut page = page_with(group_read(1, 5, 5, 0));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    page.look_at_bottom(false);
    page.lose_connection();
    page.hear(welcome_among(0, vec![group_read(1, 8, 5, 3)], false));
    assert_eq!(page.unread(), (Some(5), 3));
    page.hear(of(other(1), changes(5, 6..=8, 8, false)));
    assert_eq!(page.unread(), (Some(5), 3), "each once");
    page.look_at_bottom(true);
    assert_eq!(page.unread(), (Some(5), 0));
    assert_eq!(reads(&mut page), [read(other(1), 8)]);
}

#[test]
fn whoever_looks_at_the_end_has_read_what_was_missed_when_it_is_here() {
    let mut page = page_with(group_read(1, 5, 5, 0));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    page.lose_connection();
    page.hear(welcome_among(0, vec![group_read(1, 7, 5, 2)], false));
    assert_eq!(reads(&mut page), []);
    page.hear(of(other(1), changes(5, 6..=7, 7, false)));
    assert_eq!(page.unread(), (None, 0), "no divider where nobody was away");
    assert_eq!(reads(&mut page), [read(other(1), 7)]);
}

/// At the end of a conversation in which two messages came one after the other, of which the first was said to be read.
fn page_that_saw_two() -> TestPage {
    let mut page = page_with(group(1, 0));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(std::iter::empty(), 0, false)));
    page.hear(of(other(1), live(ALICE, 1)));
    page.hear(of(other(1), live(ALICE, 2)));
    assert_eq!(reads(&mut page), [read(other(1), 1)]);
    page
}

#[test]
fn the_echo_of_a_mark_takes_nothing_back() {
    let mut page = page_that_saw_two();
    page.hear(ServerEvent::ReadChanged {
        mentions: 0,
        conversation: other(1),
        through: Seq(1),
        unread: 1,
    });
    assert_eq!(page.known(other(1)).unread, 0, "it was seen meanwhile");
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn what_another_device_has_read_is_not_new_when_it_is_here() {
    let mut page = page_with(group_read(1, 2, 2, 0));
    page.look_at_page(false);
    page.open(Some(other(1)));
    page.hear(of(other(1), live(ALICE, 3)));
    page.hear(of(other(1), live(ALICE, 4)));
    page.hear(ServerEvent::ReadChanged {
        mentions: 0,
        conversation: other(1),
        through: Seq(4),
        unread: 0,
    });
    page.hear(of(other(1), newest(1..=4, 4, false)));
    assert_eq!(page.unread().1, 0);
    page.hear(of(other(1), live(ALICE, 5)));
    assert_eq!(page.unread().1, 1);
    assert_eq!(page.known(other(1)).unread, 1);
}

#[test]
fn what_came_while_a_conversation_was_not_here_is_asked_for_when_it_is_left() {
    let asks = ClientCommand::Conversation {
        conversation: other(1),
    };
    let mut page = page_with(group_read(1, 3, 0, 3));
    page.open(Some(other(1)));
    page.open(None);
    assert!(!page.said().contains(&asks), "nothing came");
    page.open(Some(other(1)));
    page.hear(of(other(1), live(ALICE, 4)));
    page.open(None);
    assert!(page.said().contains(&asks));
    assert_eq!(page.sync.stamp(), None);
    // What was told since is not in the answer.
    page.hear(of(other(1), live(ALICE, 5)));
    let answer = |last, unread| ServerEvent::ConversationChanged {
        conversation: group_read(1, last, 0, unread),
        people: Vec::new(),
    };
    page.hear(answer(4, 4));
    assert!(page.said().contains(&asks), "it is asked once more");
    page.hear(answer(5, 5));
    assert_eq!(page.known(other(1)).unread, 5);
    assert!(page.sync.stamp().is_some());
}

#[test]
fn whoever_leaves_the_end_has_read_what_they_saw_there() {
    let mut page = page_that_saw_two();
    page.look_at_bottom(false);
    assert_eq!(reads(&mut page), [read(other(1), 2)]);
    page.hear(of(other(1), live(ALICE, 3)));
    page.open(None);
    assert_eq!(page.known(other(1)).unread, 1);
}

#[test]
fn what_is_erased_is_taken_from_what_is_unread_and_from_nothing_else() {
    let erased = |place, change| {
        let mut event = of(other(1), live(ALICE, place));
        if let ServerEvent::MessageChanged { message, .. } = &mut event {
            message.changed = Seq(change);
            message.body = ChatMessage::Deleted {
                by: user(ALICE),
                at_ms: 1,
            };
        }
        event
    };
    let mut page = page_with(group_read(1, 4, 2, 2));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=4, 4, false)));
    assert_eq!(page.unread(), (Some(2), 2));
    page.write("an answer takes the divider away");
    page.hear(erased(1, 5));
    assert_eq!(page.unread(), (None, 2), "it was read");
    page.hear(erased(3, 6));
    assert_eq!(page.unread(), (None, 1));
}
