//! What is asked and told of proofs. They know nothing of how something is proven.

use parley_shared::chain::Hex;

use super::*;

fn entries(after: u64) -> ServerEvent {
    ServerEvent::Entries {
        conversation: lobby(),
        after: Seq(after),
        head: Hex([7; 32]),
        entries: Vec::new(),
        more: false,
    }
}

#[test]
fn entries_are_asked_for_while_there_is_a_connection_and_come_as_evidence() {
    let mut page = TestPage::opened_at(3);
    let ask = ClientCommand::Entries {
        conversation: lobby(),
        after: Seq(2),
    };
    assert_eq!(page.sync.ask_entries(lobby(), Seq(2)), [ask]);
    page.hear(entries(2));
    assert_eq!(page.chat.evidence.get_untracked(), Some(entries(2)));
    assert_eq!(page.said(), [], "nothing follows from it here");
    page.lose_connection();
    assert_eq!(page.sync.ask_entries(lobby(), Seq(3)), []);
    assert_eq!(page.sync.ask_newest(lobby()), []);
}

#[test]
fn the_newest_messages_are_evidence_where_the_window_has_them_already_and_change_nothing_there() {
    let mut page = TestPage::opened_at(3);
    assert_eq!(
        page.chat.evidence.get_untracked(),
        None,
        "this page made the window"
    );
    let before = page.places();
    page.hear(newest(1..=2, 3, false));
    assert!(page.chat.evidence.get_untracked().is_some());
    assert_eq!(page.places(), before);
}

#[test]
fn a_refused_question_for_entries_is_not_spoken_of() {
    let mut page = TestPage::opened_at(3);
    page.hear(ServerEvent::Refused {
        command: Some("entries".into()),
        id: None,
        reason: Refusal::Unavailable,
        message: String::new(),
    });
    assert_eq!(page.notice(), None);
}

#[test]
fn messages_are_doubted_until_they_are_not() {
    let mut page = TestPage::opened_at(3);
    page.sync.doubt(vec![my_message(1)]);
    assert_eq!(page.chat.doubted.get_untracked(), [my_message(1)]);
    page.sync.doubt(Vec::new());
    assert_eq!(page.chat.doubted.get_untracked(), []);
}
