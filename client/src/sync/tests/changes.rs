//! Other words for what stands there, and none any more. They know nothing of marks.

use super::*;
use PendingState::{Failed, Stored, Waiting};

impl TestPage {
    /// Gives a message other words, and returns the id of the change.
    fn edit(&mut self, message: MessageId, text: &str) -> MessageId {
        self.minted += 1;
        let id = my_message(self.minted);
        let said = self.sync.edit(message, text, self.now_ms, |_| id);
        self.said.extend(said.expect("the text can be sent"));
        id
    }

    fn delete(&mut self, message: MessageId) -> MessageId {
        self.minted += 1;
        let id = my_message(self.minted);
        let said = self.sync.delete(message, self.now_ms, |_| id);
        self.said.extend(said.expect("it is known who deletes"));
        id
    }

    fn words(&self, message: MessageId) -> ChatMessage {
        let timeline = self.chat.timeline.get_untracked();
        timeline.body_of(message).cloned().expect("it is here")
    }
}

/// A page with a message of the reader at place 1, and one of Alice at 2.
fn page_with_mine() -> (TestPage, MessageId) {
    let mut page = TestPage::opened_at(0);
    let mine = page.write("one");
    page.hear(accepted(mine, 1));
    page.hear(confirmed(mine, 1));
    page.hear(live(ALICE, 2));
    page.said();
    (page, mine)
}

/// The reader's message as a change left it behind.
fn left_behind(message: MessageId, change: u64, body: ChatMessage) -> ServerEvent {
    let mut event = confirmed(message, 1);
    if let ServerEvent::MessageChanged { message, .. } = &mut event {
        message.changed = Seq(change);
        message.body = body;
    }
    event
}

#[test]
fn other_words_show_at_once_travel_as_an_edit_and_end_with_their_event() {
    let (mut page, mine) = page_with_mine();
    let change = page.edit(mine, "better\r\n");
    assert_eq!(page.words(mine), text("better"));
    assert_eq!(page.pending(), [(change, Waiting)]);
    let edit = ClientCommand::Edit {
        id: change,
        conversation: lobby(),
        message: mine,
        body: text("better"),
    };
    assert_eq!(page.said(), [edit]);
    page.hear(accepted(change, 3));
    assert_eq!(page.pending(), [(change, Stored)]);
    page.hear(left_behind(mine, 3, text("better")));
    assert_eq!(page.pending(), []);
    assert_eq!(page.words(mine), text("better"));
    assert!(page.shelf.all().is_empty());
}

#[test]
fn a_deletion_shows_at_once_and_travels_as_one() {
    let (mut page, mine) = page_with_mine();
    let change = page.delete(mine);
    assert!(matches!(page.words(mine), ChatMessage::Deleted { by, .. } if by == user(ME)));
    let delete = ClientCommand::Delete {
        id: change,
        conversation: lobby(),
        message: mine,
    };
    assert_eq!(page.said(), [delete]);
}

#[test]
fn words_that_are_as_they_were_are_no_change_and_words_that_cannot_be_sent_are_refused() {
    let (mut page, mine) = page_with_mine();
    let same = page.words(mine);
    let ChatMessage::Text { text: same } = same else {
        panic!("it has words");
    };
    let said = page.sync.edit(mine, &same, page.now_ms, |_| my_message(9));
    assert_eq!(said, Ok(Vec::new()));
    let said = page.sync.edit(mine, " ", page.now_ms, |_| my_message(9));
    assert_eq!(said, Err(Refusal::TextBlank));
    assert_eq!(page.pending(), []);
}

#[test]
fn what_is_on_its_way_is_changed_after_it_has_come() {
    let mut page = TestPage::opened_at(0);
    page.lose_connection();
    let mine = page.write("one");
    let change = page.edit(mine, "better");
    assert_eq!(page.words(mine), text("better"));
    page.said();
    page.connect(0);
    assert_eq!(page.sent(), [mine], "the message first");
    page.hear(accepted(mine, 1));
    let said = page.said();
    assert!(
        matches!(said.as_slice(), [ClientCommand::Edit { id, .. }] if *id == change),
        "{said:?}"
    );
}

#[test]
fn a_change_that_waited_when_the_page_was_closed_is_sent_by_the_next_page() {
    let (mut page, mine) = page_with_mine();
    page.lose_connection();
    let change = page.edit(mine, "better");
    let mut next = TestPage::with_shelf(page.shelf.clone());
    next.connect(2);
    let said = next.said();
    let is_edit = |said: &ClientCommand| matches!(said, ClientCommand::Edit { id, message, .. } if *id == change && *message == mine);
    assert!(said.iter().any(is_edit), "{said:?}");
}

#[test]
fn a_change_that_is_refused_stays_with_its_reason_until_it_is_given_up_or_written_anew() {
    let (mut page, mine) = page_with_mine();
    let change = page.edit(mine, "better");
    page.said();
    page.hear(refused("edit", Some(change), Refusal::UnknownMessage));
    assert_eq!(page.pending(), [(change, Failed(Refusal::UnknownMessage))]);
    assert_eq!(page.words(mine), text("better"), "nothing is lost");
    let again = page.edit(mine, "better");
    assert_eq!(page.pending(), [(again, Waiting)]);
    let kept: Vec<MessageId> = page.shelf.all().iter().map(|kept| kept.id).collect();
    assert_eq!(kept, [again]);
    page.sync.discard(again, page.now_ms);
    assert_eq!(page.words(mine), text("hi"));
}

#[test]
fn a_change_that_was_refused_is_not_said_again_on_the_next_connection() {
    let (mut page, mine) = page_with_mine();
    let change = page.edit(mine, "better");
    page.hear(refused("edit", Some(change), Refusal::UnknownMessage));
    page.lose_connection();
    page.said();
    page.connect(2);
    assert_eq!(page.pending(), [(change, Failed(Refusal::UnknownMessage))]);
    let is_edit = |said: &ClientCommand| matches!(said, ClientCommand::Edit { .. });
    assert!(!page.said().iter().any(is_edit));
}

#[test]
fn what_was_changed_of_a_message_is_given_up_with_it() {
    let mut page = TestPage::opened_at(0);
    page.lose_connection();
    let mine = page.write("one");
    let change = page.edit(mine, "better");
    page.connect(0);
    page.hear(refused("send", Some(mine), Refusal::IdTaken));
    page.hear(refused("edit", Some(change), Refusal::UnknownMessage));
    page.sync.discard(mine, page.now_ms);
    assert_eq!(page.pending(), []);
    assert_eq!(page.shelf.all(), []);
}

#[test]
fn a_change_that_is_refused_for_now_is_said_again() {
    let (mut page, mine) = page_with_mine();
    let change = page.edit(mine, "better");
    page.said();
    page.hear(refused("edit", Some(change), too_fast(700)));
    page.pass(700);
    let said = page.said();
    assert!(
        matches!(said.as_slice(), [ClientCommand::Edit { id, .. }] if *id == change),
        "{said:?}"
    );
}

#[test]
fn a_message_that_is_erased_is_unread_no_more() {
    let mut page = TestPage::opened_at(3);
    page.look_at_bottom(false);
    page.hear(live(ALICE, 4));
    page.hear(live(BOB, 5));
    assert_eq!(page.unread(), (Some(3), 2));
    let mut erased = live(ALICE, 4);
    if let ServerEvent::MessageChanged { message, .. } = &mut erased {
        message.changed = Seq(6);
        message.body = ChatMessage::Deleted {
            by: user(ALICE),
            at_ms: 1,
        };
    }
    page.hear(erased.clone());
    assert_eq!(page.unread(), (Some(3), 1));

    let mut page = TestPage::new();
    let beside = Conversation {
        unread: 2,
        read: Seq(3),
        ..group(1, 5)
    };
    page.hear(welcome_among(0, vec![beside], false));
    page.hear(of(other(1), erased));
    assert_eq!(page.known(other(1)).unread, 1);
}
