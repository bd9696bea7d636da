//! Loading, gaps, absences and what follows from them. It knows nothing of the reader's own messages.

use parley_shared::limits::{CATCH_UP_CHANGES_MAX, PROTOCOL_VERSION};

use super::*;

const HELLO: ClientCommand = ClientCommand::Hello {
    protocol: PROTOCOL_VERSION,
};

#[test]
fn a_page_says_hello_and_asks_for_the_newest_messages() {
    let mut page = TestPage::new();
    assert_eq!(page.link(), Link::Connecting);
    page.connect(3);
    assert_eq!(page.said(), [HELLO, ask_newest()]);
    assert_eq!(page.link(), Link::Live);
    page.hear(newest(1..=3, 3, false));
    assert_eq!(page.places(), [1, 2, 3]);
    assert_eq!(page.said(), []);
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn what_happens_while_the_first_page_is_on_its_way_is_not_lost() {
    let mut page = TestPage::new();
    page.connect(3);
    page.hear(live(BOB, 4));
    page.hear(live(BOB, 5));
    page.hear(newest(1..=4, 4, false));
    assert_eq!(page.places(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_first_page_that_is_older_than_what_was_announced_is_completed() {
    let mut page = TestPage::new();
    page.connect(3);
    page.hear(live(BOB, 5));
    page.said();
    page.hear(newest(1..=3, 3, false));
    assert_eq!(page.said(), [ask_changes(3)]);
    page.hear(changes(3, 4..=5, 5, false));
    assert_eq!(page.places(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_gap_is_noticed_asked_for_once_and_closed() {
    let mut page = TestPage::opened_at(3);
    page.hear(live(ALICE, 6));
    assert_eq!(page.places(), [1, 2, 3]);
    page.hear(live(ALICE, 7));
    assert_eq!(page.said(), [ask_changes(3)]);
    page.hear(changes(3, 4..=5, 5, false));
    assert_eq!(page.places(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(page.said(), []);
}

#[test]
fn a_page_that_was_away_catches_up_over_several_answers_while_people_write() {
    let mut page = TestPage::opened_at(3);
    page.lose_connection();
    page.connect(103);
    assert_eq!(page.said(), [HELLO, ask_changes(3), ask_people(&[ALICE])]);
    page.hear(changes(3, 4..=53, 53, true));
    assert_eq!(page.said(), [ask_changes(53)]);
    page.hear(live(BOB, 104));
    page.hear(changes(53, 54..=103, 103, false));
    assert_eq!(page.said(), []);
    assert_eq!(page.places(), (1..=104).collect::<Vec<_>>());
}

#[test]
fn an_answer_that_says_there_is_more_is_followed_by_a_question() {
    let mut page = TestPage::opened_at(3);
    page.lose_connection();
    page.connect(4);
    page.said();
    page.hear(changes(3, 4..=4, 4, true));
    assert_eq!(page.said(), [ask_changes(4)]);
    page.hear(changes(4, 5..=5, 5, false));
    assert_eq!(page.said(), []);
    assert_eq!(page.places(), [1, 2, 3, 4, 5]);
}

#[test]
fn after_a_long_absence_the_page_starts_at_the_newest_messages() {
    let mut page = TestPage::opened_at(3);
    page.lose_connection();
    let last = 3 + CATCH_UP_CHANGES_MAX;
    page.connect(last);
    assert_eq!(page.said()[1], ask_changes(3), "just short enough");
    page.lose_connection();
    page.connect(last + 1);
    assert_eq!(page.said(), [HELLO, ask_newest()]);
    page.hear(newest(last - 9..=last + 1, last + 1, true));
    assert_eq!(page.places(), (last - 9..=last + 1).collect::<Vec<_>>());
}

#[test]
fn a_server_that_was_set_back_is_believed() {
    let mut page = TestPage::opened_at(30);
    page.lose_connection();
    page.connect(10);
    assert_eq!(page.said(), [HELLO, ask_newest()]);
    page.hear(newest(1..=10, 10, false));
    page.hear(live(BOB, 11));
    assert_eq!(page.places(), (1..=11).collect::<Vec<_>>());
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn another_conversation_begins_with_nothing_of_the_former() {
    let mut page = TestPage::opened_at(3);
    page.lose_connection();
    let other = ConversationId::from_bytes([8; 16]);
    page.hear(welcome_to(other, 50));
    assert!(page.places().is_empty());
    page.hear(live(ALICE, 4));
    assert!(page.places().is_empty(), "it belongs to the former");
}

#[test]
fn the_loss_of_the_connection_is_told_with_when_it_began_and_when_it_is_mended() {
    let mut page = TestPage::opened_at(1);
    page.lose_connection();
    let since_ms = page.now_ms;
    let lost = |retry_at_ms| Link::Lost {
        since_ms,
        retry_at_ms,
    };
    assert_eq!(page.link(), lost(Some(since_ms + 500)));
    page.pass(500);
    page.sync.trying();
    assert_eq!(page.link(), lost(None));
    page.lose_connection();
    assert_eq!(page.link(), lost(Some(since_ms + 1_000)));
    page.connect(1);
    assert_eq!(page.link(), Link::Live);
}

#[test]
fn a_question_without_an_answer_is_asked_again_on_the_next_connection() {
    let mut page = TestPage::new();
    page.connect(3);
    page.said();
    page.lose_connection();
    page.connect(3);
    assert_eq!(page.said(), [HELLO, ask_newest()]);
}

#[test]
fn a_question_that_is_refused_for_now_is_asked_again_in_time() {
    let mut page = TestPage::new();
    page.connect(3);
    page.said();
    page.hear(refused("history", None, too_fast(800)));
    page.pass(799);
    assert_eq!(page.said(), []);
    page.pass(1);
    assert_eq!(page.said(), [ask_newest()]);
    page.hear(refused("history", None, Refusal::Unavailable));
    page.pass(60_000);
    assert_eq!(page.said(), [ask_newest()]);
    assert_eq!(page.notice(), None);
}

#[test]
fn a_server_that_lags_behind_what_it_announced_is_not_stormed() {
    let mut page = TestPage::opened_at(3);
    page.hear(live(ALICE, 6));
    page.said();
    page.hear(changes(3, std::iter::empty(), 3, false));
    assert_eq!(page.said(), []);
    page.pass(60_000);
    assert_eq!(page.said(), [ask_changes(3)]);
}

#[test]
fn older_messages_are_asked_for_one_page_at_a_time() {
    let mut page = TestPage::new();
    page.connect(100);
    page.hear(newest(51..=100, 100, true));
    page.said();
    let older = ClientCommand::History {
        conversation: lobby(),
        before: Some(Seq(51)),
    };
    let said: Vec<ClientCommand> = (0..3).flat_map(|_| page.sync.load_older()).collect();
    assert_eq!(said, std::slice::from_ref(&older));
    page.lose_connection();
    assert_eq!(page.sync.load_older(), []);
    page.connect(100);
    assert_eq!(page.sync.load_older(), [older]);
    page.hear(ServerEvent::History {
        conversation: lobby(),
        before: Some(Seq(51)),
        messages: (1..=50).map(|place| message(ALICE, place)).collect(),
        people: vec![],
        through: Seq(100),
        more: false,
    });
    assert_eq!(page.places(), (1..=100).collect::<Vec<_>>());
    assert_eq!(page.sync.load_older(), []);
    assert_eq!(page.unread(), (None, 0));
}

#[test]
fn names_are_asked_for_again_after_an_absence() {
    let mut page = TestPage::opened_at(1);
    for place in 2..=150 {
        let author = u8::try_from(place).expect("small");
        page.hear(live(author, place));
    }
    page.lose_connection();
    page.connect(150);
    let mut asked = Vec::new();
    for command in page.said() {
        if let ClientCommand::People { ids } = command {
            assert!(ids.len() <= parley_shared::limits::PEOPLE_ASKED_MAX);
            asked.extend(ids);
        }
    }
    assert_eq!(asked, (2..=150).map(user).collect::<Vec<_>>());
    page.hear(ServerEvent::PeopleChanged {
        people: vec![named(ALICE, Some("Alice"))],
    });
    let people = page.chat.people.get_untracked();
    assert_eq!(people[&user(ALICE)].name.as_deref(), Some("Alice"));
}

#[test]
fn a_page_that_the_server_does_not_serve_says_so_and_stays_silent() {
    let mut page = TestPage::new();
    page.connect(3);
    page.said();
    let reason = Refusal::UnsupportedProtocol { supported: 7 };
    page.hear(refused("hello", None, reason));
    assert_eq!(page.link(), Link::Outdated);
    page.hear(newest(1..=3, 3, false));
    page.write("hello?");
    page.lose_connection();
    assert_eq!(page.said(), []);
    assert_eq!(page.link(), Link::Outdated);
}

#[test]
fn an_event_of_an_unknown_type_changes_nothing() {
    let mut page = TestPage::opened_at(2);
    page.hear(ServerEvent::Unknown);
    page.hear(live(ALICE, 3));
    assert_eq!(page.places(), [1, 2, 3]);
    assert_eq!(page.said(), []);
}
