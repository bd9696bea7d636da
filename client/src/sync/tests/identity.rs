//! Who the reader is: signed out, signed in again, someone else.

use parley_shared::limits::UNSENT_KEPT_MS;
use parley_shared::model::{Role, Standing};

use super::*;

fn welcome_as(person: Person, standing: Option<Standing>, last: u64) -> ServerEvent {
    let mut event = welcome(last);
    if let ServerEvent::Welcome { me, account, .. } = &mut event {
        *me = person;
        *account = standing;
    }
    event
}

fn standing() -> Standing {
    Standing {
        user_name: "ming".into(),
        role: Role::Member,
    }
}

#[test]
fn the_welcome_says_which_account_the_reader_has() {
    let mut page = TestPage::new();
    page.hear(welcome_as(person(ME), Some(standing()), 0));
    assert_eq!(page.chat.standing.get_untracked(), Some(standing()));
    page.sync.renewing();
    page.hear(welcome_as(person(ME), None, 0));
    assert_eq!(page.chat.standing.get_untracked(), None);
}

#[test]
fn who_was_signed_out_stays_so_and_sends_what_waits_when_they_are_back() {
    let mut page = TestPage::opened_at(1);
    page.sync.signed_out();
    page.lose_connection();
    assert_eq!(page.chat.link.get_untracked(), Link::SignedOut);
    let waits = page.write("waits");
    assert_eq!(page.sent(), []);
    page.sync.renewing();
    assert_eq!(page.chat.link.get_untracked(), Link::Connecting);
    page.connect(1);
    assert_eq!(page.sent(), [waits]);
}

#[test]
fn someone_else_gets_nothing_of_the_former_and_sends_none_of_their_messages() {
    let mut page = TestPage::opened_at(2);
    page.sync.signed_out();
    page.write("of the former");
    page.sync.renewing();
    page.sync.opened();
    page.hear(welcome_as(person(BOB), None, 2));
    assert_eq!(page.sent(), []);
    assert_eq!(page.pending(), []);
    assert!(page.places().is_empty());
    let people = page.chat.people.get_untracked();
    assert!(
        !people.contains_key(&user(ALICE)),
        "not even whom they knew"
    );
    assert_eq!(page.shelf.all().len(), 1, "it waits for its author");
}

#[test]
fn what_someone_else_wrote_is_kept_for_a_while_and_not_for_ever() {
    let shelf = TestShelf::default();
    let mut page = TestPage::with_shelf(shelf.clone());
    let kept = |number: u64, written_ms: u64| KeptMessage {
        id: my_message(number),
        author: user(ALICE),
        conversation: lobby(),
        of: None,
        body: text("not mine"),
        written_ms,
    };
    page.now_ms = 2 * UNSENT_KEPT_MS;
    shelf.keep(&kept(1, page.now_ms - UNSENT_KEPT_MS));
    shelf.keep(&kept(2, page.now_ms - UNSENT_KEPT_MS - 1));
    page.connect(0);
    let left: Vec<MessageId> = shelf.all().iter().map(|message| message.id).collect();
    assert_eq!(left, [my_message(1)]);
    assert_eq!(page.pending(), []);
}

#[test]
fn an_account_that_comes_back_as_someone_else_was_signed_out_and_is_told_so() {
    let mut page = TestPage::new();
    page.hear(welcome_as(person(ME), Some(standing()), 0));
    page.lose_connection();
    page.write("waits");
    page.hear(welcome_as(person(BOB), None, 0));
    assert!(page.sync.rests());
    assert_eq!(page.pending().len(), 1, "what they wrote is there");
    assert_eq!(page.sent(), []);
    page.sync.renewing();
    page.hear(welcome_as(person(ME), Some(standing()), 0));
    assert!(!page.sync.rests());
    assert_eq!(page.sent().len(), 1);
}

#[test]
fn who_signs_out_leaves_nothing_unsent_behind() {
    let mut page = TestPage::opened_at(0);
    page.lose_connection();
    page.write("never sent");
    assert_eq!(page.shelf.all().len(), 1);
    page.sync.forget_unsent();
    assert_eq!(page.shelf.all(), []);
}
