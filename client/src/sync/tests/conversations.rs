//! Which conversations are listed and shown, and what is kept of those that are not. It knows nothing of what is read.

use parley_shared::limits::{CATCH_UP_CHANGES_MAX, PARKED_TIMELINES_MAX};
use parley_shared::protocol::ListPlace;

use super::*;

fn ask(conversation: ConversationId) -> ClientCommand {
    ClientCommand::Conversation { conversation }
}

fn open(conversation: ConversationId) -> ClientCommand {
    ClientCommand::Open { conversation }
}

fn ask_newest_of(conversation: ConversationId) -> ClientCommand {
    ClientCommand::History {
        conversation,
        before: None,
    }
}

fn ask_changes_of(conversation: ConversationId, since: u64) -> ClientCommand {
    ClientCommand::Changes {
        conversation,
        since: Seq(since),
    }
}

fn ask_page_after(conversation: &Conversation) -> ClientCommand {
    ClientCommand::Conversations {
        since: None,
        before: Some(place_of(conversation)),
    }
}

fn place_of(conversation: &Conversation) -> ListPlace {
    ListPlace {
        active_ms: conversation.active_ms,
        conversation: conversation.id,
    }
}

fn page_after(last: &Conversation, conversations: Vec<Conversation>, more: bool) -> ServerEvent {
    ServerEvent::Conversations {
        since: None,
        before: Some(place_of(last)),
        conversations,
        people: Vec::new(),
        more,
    }
}

/// A page of someone with these groups, at the newest message of the Lobby, which has one.
fn page_among(groups: Vec<Conversation>, more: bool) -> TestPage {
    let mut page = TestPage::new();
    page.hear(welcome_among(1, groups, more));
    page.hear(newest(1..=1, 1, false));
    page.said();
    page
}

/// The same page shows this group, which has one message.
fn page_at(number: u8) -> TestPage {
    let mut page = page_among(vec![group(1, 1), group(2, 1)], false);
    page.open(Some(other(number)));
    page.hear(of(other(number), newest(1..=1, 1, false)));
    page.said();
    page
}

#[test]
fn a_page_begins_in_the_lobby_and_lists_what_else_there_is_by_when_it_was_active() {
    let page = page_among(vec![group(2, 1), group(1, 1)], false);
    assert_eq!(page.shown(), Some(lobby()));
    assert_eq!(page.listed(), [lobby(), other(1), other(2)]);
}

#[test]
fn another_conversation_is_opened_said_so_and_asked_for() {
    let mut page = page_among(vec![group(1, 1)], false);
    page.open(Some(other(1)));
    assert_eq!(page.shown(), Some(other(1)));
    assert!(page.places().is_empty(), "nothing of the Lobby");
    assert_eq!(page.said(), [ask_newest_of(other(1)), open(other(1))]);
    page.hear(of(other(1), newest(1..=1, 1, false)));
    assert_eq!(page.places(), [1]);
    page.open(None);
    assert_eq!(page.shown(), Some(lobby()));
    assert_eq!(page.places(), [1]);
    let said = page.said();
    assert!(said.contains(&open(lobby())), "{said:?}");
    assert!(!said.contains(&ask_newest()), "it was kept");
}

#[test]
fn what_is_said_beside_moves_its_conversation_up_and_is_there_when_it_is_opened() {
    let mut page = page_at(2);
    page.open(Some(other(1)));
    page.said();
    page.hear(of(other(2), live(ALICE, 2)));
    assert_eq!(page.listed(), [other(2), lobby(), other(1)]);
    let latest = page.known(other(2)).latest;
    assert_eq!(latest.map(|message| message.seq), Some(Seq(2)));
    page.open(Some(other(2)));
    assert_eq!(page.places(), [1, 2]);
    assert_eq!(page.said(), [open(other(2))], "nothing is missing");
}

#[test]
fn an_answer_that_comes_when_something_else_is_shown_is_not_lost_nor_shown() {
    let mut page = page_among(vec![group(1, 1)], false);
    page.open(Some(other(1)));
    page.open(None);
    page.hear(of(other(1), newest(1..=1, 1, false)));
    assert_eq!(page.shown(), Some(lobby()));
    page.said();
    page.open(Some(other(1)));
    assert_eq!(page.places(), [1]);
    assert_eq!(page.said(), [open(other(1))]);
}

#[test]
fn a_few_timelines_are_kept_and_those_that_were_not_shown_for_longest_are_dropped() {
    let count = u8::try_from(PARKED_TIMELINES_MAX).expect("a few") + 1;
    let groups = (1..=count).map(|number| group(number, 1)).collect();
    let mut page = page_among(groups, false);
    for number in 1..=count {
        page.open(Some(other(number)));
        page.hear(of(other(number), newest(1..=1, 1, false)));
    }
    page.said();
    // The Lobby was shown first: it is one too many beside the one that is shown.
    page.open(Some(other(1)));
    assert_eq!(page.places(), [1]);
    page.open(None);
    assert!(page.places().is_empty());
    assert!(page.said().contains(&ask_newest()));
}

#[test]
fn a_conversation_with_messages_on_their_way_is_never_dropped() {
    let count = u8::try_from(PARKED_TIMELINES_MAX).expect("a few") + 3;
    let groups = (1..=count).map(|number| group(number, 1)).collect();
    let mut page = page_among(groups, false);
    page.lose_connection();
    let id = page.write("waits in the Lobby");
    for number in 1..=count {
        page.open(Some(other(number)));
    }
    page.open(None);
    assert_eq!(page.pending(), [(id, PendingState::Waiting)]);
}

#[test]
fn messages_of_all_conversations_are_sent_in_the_order_in_which_they_were_written() {
    let mut page = page_at(1);
    page.lose_connection();
    let first = page.write("to the group");
    page.open(None);
    let second = page.write("to the Lobby");
    page.open(Some(other(2)));
    let third = page.write("to another");
    page.hear(welcome_among(1, vec![group(1, 1), group(2, 1)], false));
    let of_send = |said: Vec<ClientCommand>| -> Vec<(MessageId, ConversationId)> {
        let sent = said.into_iter().filter_map(|command| match command {
            ClientCommand::Send {
                id, conversation, ..
            } => Some((id, conversation)),
            _ => None,
        });
        sent.collect()
    };
    assert_eq!(of_send(page.said()), [(first, other(1))]);
    page.hear(of(other(1), accepted(first, 2)));
    assert_eq!(of_send(page.said()), [(second, lobby())]);
    page.hear(accepted(second, 2));
    assert_eq!(of_send(page.said()), [(third, other(2))]);
    assert_eq!(
        page.shelf.all().len(),
        1,
        "those that are stored are not kept"
    );
}

#[test]
fn what_waits_outlives_a_reload_in_each_conversation() {
    let mut page = page_at(1);
    page.lose_connection();
    let id = page.write("to the group");
    let mut next = TestPage::with_shelf(page.shelf.clone());
    next.hear(welcome_among(1, vec![group(1, 1)], false));
    assert_eq!(next.shown(), Some(lobby()));
    assert_eq!(next.pending(), []);
    assert_eq!(next.sent(), [id]);
    next.open(Some(other(1)));
    assert_eq!(next.pending(), [(id, PendingState::Waiting)]);
}

#[test]
fn what_was_written_to_a_conversation_that_is_gone_is_given_up() {
    let mut page = page_at(1);
    page.lose_connection();
    let id = page.write("too late");
    page.open(None);
    page.hear(welcome_among(1, vec![], false));
    assert_eq!(page.listed(), [lobby()]);
    assert_eq!(page.sent(), []);
    assert_eq!(page.shelf.all(), [], "nobody could ever see it");

    let mut page = page_among(vec![group(1, 1)], false);
    page.open(Some(other(1)));
    let refused_one = page.write("refused");
    page.open(None);
    let apart = Refusal::NotFriends { person: None };
    page.hear(refused("send", Some(refused_one), apart.clone()));
    page.open(Some(other(1)));
    let failed = PendingState::Failed(apart);
    assert_eq!(page.pending(), [(refused_one, failed)]);
    let _ = id;
}

#[test]
fn after_an_absence_the_open_one_is_caught_up_at_once_and_the_others_when_they_are_opened() {
    let mut page = page_at(1);
    page.lose_connection();
    page.hear(welcome_among(4, vec![group(1, 3), group(2, 1)], false));
    let said = page.said();
    assert!(said.contains(&ask_changes_of(other(1), 1)), "{said:?}");
    assert!(
        said.contains(&open(other(1))),
        "a new connection knows nothing"
    );
    assert!(!said.contains(&ask_changes(1)), "nobody looks at the Lobby");
    page.hear(of(other(1), changes(1, 2..=3, 3, false)));
    assert_eq!(page.places(), [1, 2, 3]);
    page.open(None);
    assert!(page.said().contains(&ask_changes(1)));
    page.hear(changes(1, 2..=4, 4, false));
    assert_eq!(page.places(), [1, 2, 3, 4]);
}

#[test]
fn one_that_is_too_far_behind_begins_at_its_newest_messages() {
    let mut page = page_at(1);
    page.lose_connection();
    let far = 2 + CATCH_UP_CHANGES_MAX;
    page.hear(welcome_among(far, vec![group(1, 1)], false));
    page.said();
    page.open(None);
    assert!(page.places().is_empty());
    assert!(page.said().contains(&ask_newest()));
}

#[test]
fn the_list_is_read_on_when_its_end_comes_near_and_each_page_once() {
    let mut page = page_among(vec![group(1, 1)], true);
    let load = |page: &mut TestPage| {
        let said = page.sync.load_conversations(page.now_ms);
        page.said.extend(said);
    };
    load(&mut page);
    load(&mut page);
    assert_eq!(page.said(), [ask_page_after(&group(1, 1))]);
    page.hear(page_after(
        &group(1, 1),
        vec![group(2, 1), group(3, 1)],
        true,
    ));
    assert_eq!(page.listed(), [lobby(), other(1), other(2), other(3)]);
    assert_eq!(page.said(), [], "until more is wanted");
    load(&mut page);
    assert_eq!(page.said(), [ask_page_after(&group(3, 1))]);
    page.hear(page_after(&group(3, 1), vec![group(4, 1)], false));
    load(&mut page);
    assert_eq!(page.said(), []);
    assert_eq!(page.listed().len(), 5);
}

#[test]
fn a_page_of_the_list_that_is_refused_for_now_is_asked_for_again_in_time() {
    let mut page = page_among(vec![group(1, 1)], true);
    let said = page.sync.load_conversations(page.now_ms);
    assert_eq!(said.len(), 1);
    page.hear(refused("conversations", None, too_fast(300)));
    page.pass(299);
    assert_eq!(page.said(), []);
    page.pass(1);
    assert_eq!(page.said(), [ask_page_after(&group(1, 1))]);
}

#[test]
fn a_conversation_of_which_only_a_message_is_heard_is_asked_about() {
    let mut page = page_among(vec![group(1, 1)], true);
    page.hear(of(other(7), live(ALICE, 5)));
    assert_eq!(page.said(), [ask(other(7))]);
    page.hear(of(other(8), live(ALICE, 5)));
    page.hear(of(other(7), live(ALICE, 6)));
    assert_eq!(page.said(), [], "one question at a time");
    // It was answered before the newest was said.
    let answer = Conversation {
        unread: 5,
        ..group(7, 5)
    };
    page.hear(changed(answer));
    assert_eq!(page.said(), [ask(other(8))]);
    let known = page.known(other(7));
    assert_eq!((known.last, known.unread), (Seq(6), 6));
}

#[test]
fn after_an_absence_what_is_on_no_page_is_gone_and_the_rest_is_read_again() {
    let mut page = page_among(vec![group(1, 1)], true);
    page.sync.load_conversations(page.now_ms);
    page.hear(page_after(
        &group(1, 1),
        vec![group(2, 1), group(3, 1), group(4, 1)],
        true,
    ));
    page.said();
    page.lose_connection();
    page.hear(welcome_among(1, vec![group(2, 1)], true));
    let kept = [lobby(), other(2), other(3), other(4)];
    assert_eq!(page.listed(), kept, "the first would be on the page");
    let said = page.said();
    assert!(said.contains(&ask_page_after(&group(2, 1))), "{said:?}");
    page.hear(page_after(&group(2, 1), vec![group(4, 1)], false));
    assert_eq!(page.listed(), [lobby(), other(2), other(4)]);
    assert_eq!(page.said(), []);
}

#[test]
fn an_address_of_a_conversation_that_is_not_listed_is_asked_about_and_shown() {
    let mut page = TestPage::new();
    page.open(Some(other(9)));
    page.hear(welcome_among(1, vec![group(1, 1)], true));
    assert_eq!(page.shown(), None);
    assert_eq!(page.said(), [ask(other(9))]);
    page.hear(changed(group(9, 1)));
    assert_eq!(page.shown(), Some(other(9)));
    assert_eq!(page.said(), [ask_newest_of(other(9)), open(other(9))]);
}

#[test]
fn one_that_is_not_there_or_not_the_readers_is_said_to_be_missing() {
    let mut page = page_among(vec![group(1, 1)], false);
    page.open(Some(other(9)));
    assert_eq!(page.said(), [ask(other(9))]);
    let refusal = refused("conversation", None, Refusal::UnknownConversation);
    page.hear(refusal.clone());
    assert!(page.chat.missing.get_untracked());
    assert_eq!(page.shown(), None);
    assert_eq!(page.notice(), None);
    let sent = page.sync.send("into the void", 1, |_| my_message(1));
    assert_eq!(sent, Err(Refusal::Unavailable));
    page.open(Some(other(1)));
    assert!(!page.chat.missing.get_untracked());
    assert_eq!(page.shown(), Some(other(1)));
}

#[test]
fn whoever_comes_into_a_group_has_it_in_the_list_and_whoever_leaves_has_not() {
    let mut page = page_among(vec![], false);
    page.hear(changed(group(1, 1)));
    assert_eq!(page.listed(), [lobby(), other(1)]);
    assert_eq!(page.shown(), Some(lobby()));
    page.hear(ServerEvent::ConversationLeft {
        conversation: other(1),
    });
    assert_eq!(page.listed(), [lobby()]);
    assert!(!page.chat.missing.get_untracked());
}

#[test]
fn whoever_is_removed_from_what_they_look_at_sees_that_it_is_gone_and_nothing_of_it() {
    let mut page = page_at(1);
    page.hear(ServerEvent::ConversationLeft {
        conversation: other(1),
    });
    assert_eq!(page.shown(), None);
    assert!(page.chat.missing.get_untracked());
    assert!(page.places().is_empty());
    page.open(None);
    assert_eq!(page.shown(), Some(lobby()));
}

#[test]
fn whoever_was_removed_while_there_was_no_connection_hears_so_by_name() {
    let mut page = page_at(1);
    page.lose_connection();
    page.hear(welcome_among(1, vec![group(2, 1)], false));
    assert!(page.said().contains(&ask(other(1))));
    page.hear(refused("conversation", None, Refusal::UnknownConversation));
    assert!(page.chat.missing.get_untracked());
    assert_eq!(page.listed(), [lobby(), other(2)]);
}

#[test]
fn what_a_group_is_called_changes_in_its_place() {
    let mut page = page_among(vec![group(1, 1), group(2, 1)], false);
    let renamed = Group {
        name: "renamed".into(),
        ..group(2, 1).group.expect("it is a group")
    };
    page.hear(ServerEvent::GroupChanged {
        conversation: other(2),
        group: renamed.clone(),
    });
    assert_eq!(page.known(other(2)).group, Some(renamed));
    assert_eq!(page.listed(), [lobby(), other(1), other(2)]);
}

#[test]
fn a_group_is_closed_while_it_is_archived() {
    let mut page = page_among(vec![group(1, 1)], false);
    let of = |archived| ServerEvent::GroupChanged {
        conversation: other(1),
        group: Group {
            archived,
            ..group(1, 1).group.expect("it is a group")
        },
    };
    page.hear(of(true));
    assert!(page.known(other(1)).closed);
    page.hear(of(false));
    assert!(!page.known(other(1)).closed);
}

#[test]
fn presence_and_typing_are_those_of_the_conversation_that_is_shown() {
    let mut page = page_at(1);
    let presence = |conversation, online| ServerEvent::PresenceChanged {
        conversation,
        presence: Presence {
            online,
            people: None,
        },
    };
    let typing = |conversation| ServerEvent::TypingChanged {
        conversation,
        people: vec![person(ALICE)],
    };
    page.hear(presence(other(1), 2));
    page.hear(presence(lobby(), 70));
    page.hear(typing(lobby()));
    assert_eq!(page.chat.presence.get_untracked().online, 2);
    assert_eq!(page.chat.typing.get_untracked(), []);
    page.hear(typing(other(1)));
    assert_eq!(page.chat.typing.get_untracked(), [person(ALICE)]);
    page.open(None);
    assert_eq!(page.chat.typing.get_untracked(), [], "of another");
    assert_eq!(page.chat.presence.get_untracked().online, 0);
}

#[test]
fn someone_else_finds_nothing_of_the_former() {
    let mut page = page_at(1);
    page.sync.renewing();
    let mut event = welcome(1);
    if let ServerEvent::Welcome { me, .. } = &mut event {
        *me = person(BOB);
    }
    page.hear(event);
    assert_eq!(page.listed(), [lobby()]);
    assert!(
        page.said().contains(&ask(other(1))),
        "the address is still that one"
    );
    assert_eq!(page.shown(), None);
    page.open(None);
    assert!(page.places().is_empty());
}
