//! What reached whom. They know nothing of marks.

use parley_shared::limits::{DELIVERED_INTERVAL_MS, RECEIPTS_MEMBERS_MAX};
use parley_shared::model::{Notice as Happening, Receipt};
use parley_shared::protocol::DeliveredMark;

use super::*;
use crate::state::Reach;

fn receipt(person: u8, delivered: u64, read: u64) -> Receipt {
    Receipt {
        person: user(person),
        delivered: Seq(delivered),
        read: Seq(read),
    }
}

fn told(receipts: Vec<Receipt>) -> ServerEvent {
    ServerEvent::ReceiptsChanged {
        conversation: other(1),
        receipts,
    }
}

fn delivered(page: &mut TestPage) -> Vec<Vec<DeliveredMark>> {
    let said = page.said().into_iter();
    said.filter_map(|command| match command {
        ClientCommand::Delivered { marks } => Some(marks),
        _ => None,
    })
    .collect()
}

fn mark(conversation: ConversationId, through: u64) -> DeliveredMark {
    DeliveredMark {
        conversation,
        through: Seq(through),
    }
}

#[test]
fn what_reaches_the_page_is_told_after_a_moment_and_for_many_at_once() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![group(1, 5), direct(2, ALICE)], false));
    page.said();
    page.hear(of(other(1), live(ALICE, 6)));
    page.hear(of(other(2), live(ALICE, 1)));
    page.hear(of(other(1), live(ALICE, 7)));
    assert_eq!(delivered(&mut page), [] as [Vec<DeliveredMark>; 0]);
    page.pass(DELIVERED_INTERVAL_MS);
    let mut marks = delivered(&mut page).concat();
    marks.sort_by_key(|mark| mark.conversation);
    assert_eq!(marks, [mark(other(1), 7), mark(other(2), 1)]);
    page.pass(60_000);
    assert_eq!(delivered(&mut page).len(), 0, "once");
}

#[test]
fn what_was_missed_is_told_as_well_and_one_s_own_is_not() {
    let mut page = TestPage::new();
    let unread = Conversation {
        unread: 2,
        read: Seq(3),
        ..group(1, 5)
    };
    page.hear(welcome_among(0, vec![unread, group(2, 9)], false));
    page.hear(of(other(2), live(ME, 10)));
    page.pass(DELIVERED_INTERVAL_MS);
    assert_eq!(delivered(&mut page), [[mark(other(1), 5)]]);
}

#[test]
fn nothing_is_told_where_nobody_is_told_of_it() {
    let mut page = TestPage::new();
    let mut large = group(1, 5);
    if let Some(group) = &mut large.group {
        group.members = RECEIPTS_MEMBERS_MAX + 1;
    }
    page.hear(welcome_among(0, vec![large], false));
    page.hear(newest(std::iter::empty(), 0, false));
    page.look_at_bottom(false);
    page.hear(of(other(1), live(ALICE, 6)));
    page.hear(live(ALICE, 1));
    page.pass(60_000);
    assert_eq!(delivered(&mut page).len(), 0);

    let mut page = TestPage::opened_at(3);
    page.look_at_bottom(false);
    page.hear(live(ALICE, 4));
    page.pass(60_000);
    assert_eq!(delivered(&mut page).len(), 0, "a guest keeps no marks");
}

#[test]
fn what_is_read_is_not_told_as_delivered() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![group(1, 0)], false));
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(std::iter::empty(), 0, false)));
    page.look_at_bottom(true);
    page.hear(of(other(1), live(ALICE, 1)));
    page.pass(60_000);
    assert_eq!(delivered(&mut page).len(), 0);
}

#[test]
fn a_message_is_read_once_all_of_the_others_have_read_it() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![group(1, 5)], false));
    page.open(Some(other(1)));
    let reach = |page: &TestPage, place| {
        page.chat
            .receipts
            .with_untracked(|receipts| receipts.of(Seq(place)))
    };
    assert_eq!(reach(&page, 5), Reach::Sent);
    page.hear(told(vec![
        receipt(ME, 5, 5),
        receipt(ALICE, 5, 5),
        receipt(BOB, 5, 2),
    ]));
    assert_eq!(reach(&page, 5), Reach::Delivered);
    page.hear(told(vec![receipt(BOB, 5, 5)]));
    assert_eq!(reach(&page, 5), Reach::Read);
    page.hear(told(vec![receipt(BOB, 5, 0)]));
    assert_eq!(reach(&page, 5), Reach::Delivered);

    let mut left = of(other(1), live(BOB, 6));
    if let ServerEvent::MessageChanged { message, .. } = &mut left {
        message.body = ChatMessage::Notice {
            notice: Happening::Left,
        };
    }
    page.hear(left);
    assert_eq!(reach(&page, 5), Reach::Read, "nobody waits for who left");
    page.open(None);
    assert_eq!(
        reach(&page, 1),
        Reach::Sent,
        "that was another conversation"
    );
}

#[test]
fn whoever_left_while_there_was_no_connection_is_waited_for_no_longer() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![group(1, 5)], false));
    page.open(Some(other(1)));
    page.hear(told(vec![receipt(ALICE, 5, 5), receipt(BOB, 0, 0)]));
    page.lose_connection();
    page.hear(welcome_among(0, vec![group(1, 6)], false));
    let reach = |page: &TestPage| {
        page.chat
            .receipts
            .with_untracked(|receipts| receipts.of(Seq(5)))
    };
    assert_eq!(reach(&page), Reach::Sent, "as far as is known");
    page.hear(told(vec![receipt(ALICE, 6, 6)]));
    assert_eq!(reach(&page), Reach::Read);
    page.hear(told(vec![receipt(BOB, 0, 0)]));
    assert_eq!(reach(&page), Reach::Sent, "who came back is waited for");
}
