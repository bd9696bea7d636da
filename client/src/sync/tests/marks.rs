//! Marks that move back, and what is heard of them too late. They know nothing of the window.

use super::*;

/// A group of which the reader has read everything up to 5, shown and in view.
fn page_in_group() -> TestPage {
    let mut page = TestPage::new();
    let read = Conversation {
        read: Seq(5),
        ..group(1, 5)
    };
    page.hear(welcome_among(0, vec![read], false));
    page.hear(newest(std::iter::empty(), 0, false));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=5, 5, false)));
    page.look_at_bottom(true);
    page.pass(10_000);
    page.said();
    page
}

fn mark_unread(page: &mut TestPage, from: Option<u64>) {
    let said = page.sync.mark_unread(other(1), from.map(Seq), page.now_ms);
    page.said.extend(said);
}

fn told(through: u64, unread: u32, mentions: u32) -> ServerEvent {
    ServerEvent::ReadChanged {
        conversation: other(1),
        through: Seq(through),
        unread,
        mentions,
    }
}

fn is_read(said: &[ClientCommand]) -> bool {
    let is_read = |said: &ClientCommand| matches!(said, ClientCommand::Read { .. });
    said.iter().any(is_read)
}

#[test]
fn what_is_marked_as_unread_is_not_read_on_until_it_is_opened_anew() {
    let mut page = page_in_group();
    mark_unread(&mut page, Some(4));
    let unread = ClientCommand::MarkUnread {
        conversation: other(1),
        from: Seq(4),
    };
    assert_eq!(page.said(), [unread]);
    assert_eq!(page.unread(), (Some(3), 2));
    page.hear(told(3, 2, 0));
    page.look_at_bottom(true);
    page.pass(10_000);
    assert!(!is_read(&page.said()));
    page.hear(of(other(1), live(ALICE, 6)));
    page.pass(10_000);
    assert_eq!(page.unread(), (Some(3), 3));
    assert_eq!(page.known(other(1)).unread, 3);

    page.open(None);
    assert_eq!(page.known(other(1)).unread, 3);
    page.open(Some(other(1)));
    page.look_at_bottom(true);
    page.pass(10_000);
    assert!(is_read(&page.said()), "it was opened anew");
    assert_eq!(page.known(other(1)).unread, 0);
}

#[test]
fn to_go_to_what_is_shown_is_to_open_it_anew() {
    let mut page = page_in_group();
    mark_unread(&mut page, Some(5));
    page.hear(told(4, 1, 0));
    page.said();
    page.open(Some(other(1)));
    page.pass(10_000);
    assert!(is_read(&page.said()));
    assert_eq!(page.unread(), (Some(4), 0));
}

#[test]
fn without_a_place_the_newest_that_another_wrote_is_unread() {
    let mut page = page_in_group();
    page.hear(of(other(1), live(ME, 6)));
    page.said();
    mark_unread(&mut page, None);
    let unread = ClientCommand::MarkUnread {
        conversation: other(1),
        from: Seq(5),
    };
    assert_eq!(page.said(), [unread]);
    assert_eq!(page.known(other(1)).unread, 1);
}

#[test]
fn what_is_marked_on_another_device_stays_unread_here_as_well() {
    let mut page = page_in_group();
    page.hear(told(2, 3, 0));
    page.pass(10_000);
    assert_eq!(page.unread(), (Some(2), 3));
    assert!(!is_read(&page.said()));
}

#[test]
fn an_echo_that_is_older_than_what_was_said_changes_nothing() {
    let mut page = page_in_group();
    page.hear(of(other(1), live(ALICE, 6)));
    assert!(is_read(&page.said()));
    // Told before the server heard of it.
    page.hear(told(5, 1, 1));
    assert_eq!(page.known(other(1)).read, Seq(6));
    assert_eq!(page.unread(), (None, 0));
    mark_unread(&mut page, Some(2));
    page.hear(told(6, 0, 0));
    assert_eq!(page.known(other(1)).read, Seq(1), "that was before");
    page.hear(told(1, 5, 0));
    assert_eq!(page.known(other(1)).unread, 5);
}

#[test]
fn a_mark_that_stands_where_it_is_to_stand_has_no_echo_to_wait_for() {
    let mut page = page_in_group();
    mark_unread(&mut page, Some(4));
    page.hear(told(3, 2, 0));
    mark_unread(&mut page, Some(4));
    page.hear(told(5, 0, 0));
    let known = page.known(other(1));
    assert_eq!(
        (known.read, known.unread),
        (Seq(5), 0),
        "it was read on another device"
    );
}

#[test]
fn mentions_are_counted_apart_and_are_seen_with_the_rest() {
    let mut page = page_in_group();
    page.look_at_bottom(false);
    page.hear(of(other(1), live(ALICE, 6)));
    page.hear(told(5, 1, 1));
    assert_eq!(page.known(other(1)).mentions, 1);
    assert_eq!(page.chat.list.with_untracked(|list| list.mentions()), 1);
    page.look_at_bottom(true);
    let known = page.known(other(1));
    assert_eq!((known.unread, known.mentions), (0, 0));
}

#[test]
fn without_a_connection_nothing_is_marked_and_the_reader_is_told() {
    let mut page = page_in_group();
    page.lose_connection();
    mark_unread(&mut page, Some(2));
    assert_eq!(page.notice(), Some(Notice::Refused(Refusal::Unavailable)));
    assert_eq!(page.known(other(1)).unread, 0);
}

#[test]
fn a_conversation_is_read_without_looking_at_it() {
    let mut page = TestPage::new();
    let unread = Conversation {
        unread: 3,
        mentions: 1,
        read: Seq(2),
        ..group(1, 5)
    };
    page.hear(welcome_among(0, vec![unread], false));
    page.said();
    let said = page.sync.mark_all_read(other(1), page.now_ms);
    let read = ClientCommand::Read {
        conversation: other(1),
        through: Seq(5),
    };
    assert!(said.contains(&read), "{said:?}");
    let known = page.known(other(1));
    assert_eq!((known.unread, known.mentions, known.read), (0, 0, Seq(5)));
}

// ---- Marks of which the server may not hear ----

fn asks_how_it_stands() -> ClientCommand {
    ClientCommand::Conversation {
        conversation: other(1),
    }
}

/// The place of the mark and what is unread, as the list has them.
fn listed(page: &TestPage) -> (u64, u32) {
    let known = page.known(other(1));
    (known.read.0, known.unread)
}

#[test]
fn while_a_mark_is_not_heard_back_the_next_connection_is_told_everything() {
    let mut page = page_in_group();
    assert!(page.sync.stamp().is_some());
    page.hear(of(other(1), live(ALICE, 6)));
    assert!(is_read(&page.said()));
    assert_eq!(page.sync.stamp(), None);
    page.hear(told(6, 0, 0));
    assert!(page.sync.stamp().is_some());
}

#[test]
fn what_was_read_without_a_connection_is_asked_for_when_it_is_left() {
    let mut page = page_in_group();
    page.look_at_bottom(false);
    page.hear(of(other(1), live(ALICE, 6)));
    page.lose_connection();
    assert!(page.sync.stamp().is_some());
    page.look_at_bottom(true);
    page.open(None);
    assert_eq!(listed(&page), (6, 0));
    assert_eq!(
        page.sync.stamp(),
        None,
        "nobody else knows that it was read"
    );
}

#[test]
fn a_mark_that_is_where_it_was_is_not_heard_back_and_not_waited_for() {
    let mut page = page_in_group();
    page.sync.mark_all_read(other(1), page.now_ms);
    page.hear(told(2, 3, 0));
    assert_eq!(listed(&page), (2, 3), "another device moved it");
    mark_unread(&mut page, Some(3));
    page.hear(told(5, 0, 0));
    assert_eq!(listed(&page), (5, 0));
}

#[test]
fn where_a_mark_does_not_move_the_server_is_asked_how_much_is_unread() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![group(1, 5)], false));
    page.said();
    // Nothing of it is here to be counted.
    mark_unread(&mut page, Some(1));
    assert!(page.said().contains(&asks_how_it_stands()));
    assert_eq!(page.sync.stamp(), None);
    let unread = Conversation {
        unread: 4,
        ..group(1, 5)
    };
    page.hear(ServerEvent::ConversationChanged {
        conversation: unread,
        people: Vec::new(),
    });
    assert_eq!(listed(&page), (0, 4));
    assert!(page.sync.stamp().is_some());
}

#[test]
fn a_mark_that_the_server_may_not_know_is_said_again_on_the_next_connection() {
    let since = || {
        let mut event = welcome_among(0, Vec::new(), false);
        if let ServerEvent::Welcome { since, .. } = &mut event {
            *since = Some(Stamp(1));
        }
        event
    };
    let mut page = page_in_group();
    page.look_at_bottom(false);
    page.hear(of(other(1), live(ALICE, 6)));
    page.lose_connection();
    // The connection is made with what was known before.
    page.sync.opened();
    page.look_at_bottom(true);
    page.open(None);
    page.hear(since());
    let read = ClientCommand::Read {
        conversation: other(1),
        through: Seq(6),
    };
    assert!(page.said().contains(&read));
    assert_eq!(page.sync.stamp(), None);
    page.hear(told(6, 0, 0));
    assert!(page.sync.stamp().is_some());

    mark_unread(&mut page, Some(3));
    page.said();
    page.hear(since());
    let unread = ClientCommand::MarkUnread {
        conversation: other(1),
        from: Seq(3),
    };
    assert!(page.said().contains(&unread));
    assert_eq!(listed(&page).0, 2);
}

#[test]
fn what_the_server_knows_of_a_mark_is_not_said_again() {
    let mut page = page_in_group();
    page.hear(of(other(1), live(ALICE, 6)));
    page.lose_connection();
    let read = Conversation {
        read: Seq(6),
        ..group(1, 6)
    };
    page.said();
    page.hear(welcome_among(0, vec![read], false));
    assert!(!is_read(&page.said()));
    assert!(page.sync.stamp().is_some());
}

#[test]
fn where_a_mark_was_refused_the_server_is_asked_how_it_stands() {
    let mut page = page_in_group();
    page.hear(of(other(1), live(ALICE, 6)));
    page.said();
    page.hear(refused("read", None, Refusal::Unavailable));
    assert_eq!(page.said(), [asks_how_it_stands()]);
    assert_eq!(page.sync.stamp(), None);
}
