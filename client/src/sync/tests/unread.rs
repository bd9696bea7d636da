//! What counts as seen, and the window's bound. It knows nothing of connections.

use parley_shared::limits::{WINDOW_MESSAGES_MAX, WINDOW_SLACK};

use super::*;

#[test]
fn what_comes_while_the_reader_looks_at_the_end_is_seen() {
    let mut page = TestPage::opened_at(3);
    page.hear(live(ALICE, 4));
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn what_comes_while_the_reader_reads_above_is_counted_below_a_divider() {
    let mut page = TestPage::opened_at(3);
    page.look_at_bottom(false);
    page.hear(live(ALICE, 4));
    page.hear(live(BOB, 5));
    assert_eq!(page.unread(), (Some(3), 2));
    page.look_at_bottom(true);
    assert_eq!(page.unread(), (Some(3), 0), "the divider stays to be seen");
    page.hear(live(BOB, 6));
    assert_eq!(page.unread(), (Some(3), 0));
    page.look_at_bottom(false);
    page.hear(live(BOB, 7));
    assert_eq!(
        page.unread(),
        (Some(6), 1),
        "what is new now is new from here"
    );
}

#[test]
fn what_comes_while_the_page_is_hidden_is_new_even_at_the_end() {
    let mut page = TestPage::opened_at(3);
    page.look_at_page(false);
    page.hear(live(ALICE, 4));
    assert_eq!(page.unread(), (Some(3), 1));
    page.look_at_page(true);
    assert_eq!(page.unread(), (Some(3), 0));
    page.look_at_page(false);
    assert_eq!(page.unread(), (None, 0), "the visit is over");
}

#[test]
fn ones_own_messages_are_never_new_and_writing_takes_the_divider_away() {
    let mut page = TestPage::opened_at(3);
    page.look_at_bottom(false);
    page.hear(live(ME, 4));
    assert_eq!(page.unread(), (None, 0));
    page.hear(live(ALICE, 5));
    assert_eq!(page.unread(), (Some(4), 1));
    page.write("an answer");
    assert_eq!(page.unread().0, None);
}

#[test]
fn what_was_missed_is_new_and_what_was_there_before_is_not() {
    let mut page = TestPage::opened_at(3);
    page.look_at_bottom(false);
    page.lose_connection();
    page.connect(5);
    page.hear(changes(3, 4..=5, 5, false));
    assert_eq!(page.unread(), (Some(3), 2));
}

#[test]
fn the_first_message_of_an_empty_conversation_can_be_new() {
    let mut page = TestPage::opened_at(0);
    page.look_at_page(false);
    page.hear(live(ALICE, 1));
    assert_eq!(page.unread(), (Some(0), 1));
}

#[test]
fn the_window_is_trimmed_at_the_end_and_never_while_the_reader_reads_above() {
    let mut page = TestPage::opened_at(0);
    page.look_at_bottom(false);
    let most = (WINDOW_MESSAGES_MAX + WINDOW_SLACK) as u64;
    for place in 1..=most + 10 {
        page.hear(live(ALICE, place));
    }
    assert_eq!(page.places().len() as u64, most + 10);
    page.look_at_bottom(true);
    assert_eq!(page.places().len(), WINDOW_MESSAGES_MAX);
    assert_eq!(page.places().last(), Some(&(most + 10)));
    for place in most + 11..=2 * most {
        page.hear(live(ALICE, place));
        assert!(page.places().len() as u64 <= most);
    }
    let has_more = page
        .chat
        .timeline
        .with_untracked(|timeline| timeline.has_more());
    assert!(has_more, "what was trimmed can be asked for");
}

#[test]
fn people_whom_nothing_names_any_more_are_forgotten() {
    let mut page = TestPage::opened_at(0);
    for number in 1..=3_000_u64 {
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let id = UserId::from_bytes(bytes);
        page.hear(ServerEvent::MessageChanged {
            message: Message {
                author: id,
                ..message(ALICE, number)
            },
            author: Person::unnamed(id),
        });
    }
    let people = page.chat.people.get_untracked();
    assert!(people.len() < 1_200, "{} are known", people.len());
    let timeline = page.chat.timeline.get_untracked();
    assert!(timeline.messages().all(|m| people.contains_key(&m.author)));
    assert!(people.contains_key(&user(ME)));
}
