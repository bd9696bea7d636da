//! A message of one's own from writing to its end, by example. It does not know how it is sent.

use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::Message;
use parley_shared::protocol::{ChatMessage, Refusal};
use parley_shared::timeline::{PendingState, Timeline};

use super::server::{Server, fresh, load_all, window};
use crate::sample::{ALICE, nth_id, text, user};

fn states(timeline: &Timeline) -> Vec<(MessageId, PendingState)> {
    let pending = timeline.pending().iter();
    pending.map(|one| (one.id, one.state.clone())).collect()
}

/// A reader of five messages who wrote a sixth.
fn written() -> (Server, Timeline, MessageId) {
    let server = Server::with_messages(1..=5);
    let mut timeline = fresh(&server, 3);
    let id = nth_id(6);
    timeline.push_pending(id, text("own"), 9);
    (server, timeline, id)
}

#[test]
fn one_s_own_messages_wait_in_the_order_they_were_written() {
    let mut timeline = Timeline::new();
    for n in [3, 1, 2] {
        timeline.push_pending(nth_id(n), text("own"), n);
    }
    timeline.push_pending(nth_id(1), text("again"), 7);
    let ids: Vec<_> = timeline.pending().iter().map(|one| one.id).collect();
    assert_eq!(ids, [nth_id(3), nth_id(1), nth_id(2)]);
    let one = &timeline.pending()[1];
    assert_eq!((&one.body, one.written_ms), (&text("own"), 1));
    assert_eq!(one.state, PendingState::Waiting);
    assert!(timeline.is_empty(), "they stand below the window");
}

#[test]
fn a_message_ends_as_pending_when_its_event_comes_before_or_after_the_acceptance() {
    for accepted_first in [true, false] {
        let (mut server, mut timeline, id) = written();
        let place = server.write(id);
        if accepted_first {
            timeline.accept_pending_at(id, place);
            assert_eq!(states(&timeline), [(id, PendingState::Stored)]);
            assert!(timeline.message(id).is_none());
        }
        timeline.apply_live(server.change(place));
        assert_eq!(states(&timeline), []);
        assert!(timeline.message(id).is_some());
        timeline.accept_pending_at(id, place);
        timeline.refuse_pending(id, Refusal::IdTaken);
        timeline.push_pending(id, text("own"), 9);
        assert_eq!(states(&timeline), [], "it has ended");
    }
}

#[test]
fn a_message_that_stands_behind_a_gap_is_pending_until_the_gap_is_filled() {
    let (mut server, mut timeline, id) = written();
    server.write(nth_id(7));
    let place = server.write(id);
    timeline.apply_live(server.change(place));
    timeline.accept_pending_at(id, place);
    assert_eq!(states(&timeline), [(id, PendingState::Stored)]);
    timeline.apply_live(server.change(Seq(6)));
    assert_eq!(states(&timeline), []);
    assert_eq!(window(&timeline).last(), Some(&(7, 7)));
}

#[test]
fn a_refused_message_stays_until_it_is_sent_again_or_given_up() {
    let (_, mut timeline, id) = written();
    timeline.refuse_pending(id, Refusal::TextBlank);
    assert_eq!(
        states(&timeline),
        [(id, PendingState::Failed(Refusal::TextBlank))]
    );
    timeline.retry_pending(id);
    assert_eq!(states(&timeline), [(id, PendingState::Waiting)]);
    timeline.remove_pending(id);
    assert_eq!(states(&timeline), []);
    timeline.refuse_pending(id, Refusal::TextBlank);
    timeline.accept_pending_at(id, Seq(6));
    timeline.retry_pending(id);
    assert_eq!(states(&timeline), [], "nobody brings it back");
}

#[test]
fn a_message_whose_answer_was_lost_ends_when_the_changes_bring_it() {
    let (mut server, mut timeline, id) = written();
    server.write(id);
    let page = server.changes(timeline.through(), 3, server.last());
    timeline.apply_changes(Seq(5), page.messages, page.through);
    assert_eq!(states(&timeline), []);
    assert!(timeline.message(id).is_some());
}

#[test]
fn a_message_that_was_stored_long_ago_ends_when_it_is_accepted_again() {
    let (mut server, mut timeline, id) = written();
    let place = server.write(id);
    for n in 7..=20 {
        server.write(nth_id(n));
    }
    timeline.restart();
    assert_eq!(
        states(&timeline),
        [(id, PendingState::Waiting)],
        "it is still on its way"
    );
    let page = server.history(None, 3, server.last());
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(
        states(&timeline),
        [(id, PendingState::Waiting)],
        "the page does not reach it"
    );
    timeline.accept_pending_at(id, place);
    assert_eq!(states(&timeline), [], "it stands before the window");
    load_all(&mut timeline, &server, 3);
    assert!(timeline.message(id).is_some());
}

#[test]
fn a_message_that_is_accepted_before_the_first_page_ends_with_it() {
    let (mut server, mut timeline, id) = written();
    let place = server.write(id);
    for n in 7..=20 {
        server.write(nth_id(n));
    }
    timeline.restart();
    timeline.accept_pending_at(id, place);
    assert_eq!(states(&timeline), [(id, PendingState::Stored)]);
    let page = server.history(None, 3, server.last());
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(states(&timeline), []);
}

#[test]
fn a_live_change_that_the_first_page_passes_by_ends_its_pending_message() {
    let (mut server, mut timeline, id) = written();
    timeline.restart();
    let place = server.write(id);
    timeline.apply_live(server.change(place));
    for n in 7..=20 {
        server.write(nth_id(n));
    }
    let page = server.history(None, 3, server.last());
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(states(&timeline), []);
}

#[test]
fn a_late_live_change_ends_the_pending_message_that_no_page_brought() {
    let (mut server, mut timeline, id) = written();
    let place = server.write(id);
    for n in 7..=20 {
        server.write(nth_id(n));
    }
    timeline.restart();
    let page = server.history(None, 3, server.last());
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(states(&timeline).len(), 1);
    timeline.apply_live(server.change(place));
    assert_eq!(states(&timeline), []);
}

#[test]
fn what_the_server_had_on_disk_is_sent_again_after_a_restart() {
    let (mut server, mut timeline, id) = written();
    timeline.push_pending(nth_id(7), text("own"), 9);
    timeline.refuse_pending(nth_id(7), Refusal::TextBlank);
    let place = server.write(id);
    timeline.accept_pending_at(id, place);
    timeline.restart();
    let failed = PendingState::Failed(Refusal::TextBlank);
    assert_eq!(
        states(&timeline),
        [(id, PendingState::Waiting), (nth_id(7), failed)]
    );
}

#[test]
fn an_older_page_ends_a_message_that_it_holds() {
    let server = Server::with_messages(1..=9);
    let mut timeline = fresh(&server, 3);
    timeline.push_pending(nth_id(5), text("own"), 9);
    load_all(&mut timeline, &server, 3);
    assert_eq!((states(&timeline).len(), timeline.len()), (0, 9));
}

/// The message as an event brings it after a change with this number.
fn after_change(server: &Server, place: Seq, change: Seq, body: ChatMessage) -> Message {
    Message {
        changed: change,
        body,
        ..server.change(place)
    }
}

fn erased() -> ChatMessage {
    ChatMessage::Deleted {
        by: user(ALICE),
        at_ms: 9,
    }
}

#[test]
fn a_change_shows_at_once_and_ends_when_its_number_is_known() {
    for accepted_first in [true, false] {
        let (server, mut timeline, own) = written();
        let (change, of) = (nth_id(90), nth_id(5));
        timeline.remove_pending(own);
        timeline.push_change(change, of, text("better"), 9);
        assert_eq!(timeline.body_of(of), Some(&text("better")));
        assert_ne!(timeline.message(of).map(|m| &m.body), Some(&text("better")));
        if accepted_first {
            timeline.accept_pending_at(change, Seq(6));
            assert_eq!(states(&timeline), [(change, PendingState::Stored)]);
        }
        timeline.apply_live(after_change(&server, Seq(5), Seq(6), text("better")));
        timeline.accept_pending_at(change, Seq(6));
        assert_eq!(states(&timeline), []);
        assert_eq!(timeline.body_of(of), Some(&text("better")));
        assert_eq!(timeline.len(), 3, "it is no row of its own");
    }
}

#[test]
fn of_two_changes_the_newer_shows_and_one_that_was_refused_gives_way() {
    let (_, mut timeline, own) = written();
    timeline.push_change(nth_id(90), nth_id(5), text("better"), 9);
    timeline.push_change(nth_id(91), nth_id(5), text("best"), 10);
    assert_eq!(timeline.body_of(nth_id(5)), Some(&text("best")));
    timeline.refuse_pending(nth_id(91), Refusal::TextBlank);
    assert_eq!(
        timeline.body_of(nth_id(5)),
        Some(&text("best")),
        "its author sees what was refused"
    );
    timeline.push_change(nth_id(92), nth_id(5), text("again"), 11);
    let ids: Vec<_> = timeline.pending().iter().map(|one| one.id).collect();
    assert_eq!(ids, [own, nth_id(90), nth_id(92)]);
    timeline.remove_pending(nth_id(92));
    timeline.remove_pending(nth_id(90));
    assert_ne!(timeline.body_of(nth_id(5)), Some(&text("best")), "given up");
}

#[test]
fn what_is_on_its_way_can_be_changed_as_well() {
    let (mut server, mut timeline, own) = written();
    timeline.push_change(nth_id(90), own, text("better"), 10);
    assert_eq!(timeline.body_of(own), Some(&text("better")));
    let place = server.write(own);
    timeline.apply_live(server.change(place));
    assert_eq!(states(&timeline), [(nth_id(90), PendingState::Waiting)]);
    assert_eq!(timeline.body_of(own), Some(&text("better")));
}

#[test]
fn what_is_erased_stays_erased_and_what_could_not_be_erased_stays() {
    let (server, mut timeline, _) = written();
    let of = nth_id(5);
    timeline.push_change(nth_id(90), of, erased(), 9);
    assert_eq!(timeline.body_of(of), Some(&erased()));
    timeline.refuse_pending(nth_id(90), Refusal::Unavailable);
    assert_eq!(timeline.body_of(of), timeline.message(of).map(|m| &m.body));
    timeline.push_change(nth_id(91), of, text("too late"), 10);
    timeline.apply_live(after_change(&server, Seq(5), Seq(6), erased()));
    assert_eq!(timeline.body_of(of), Some(&erased()));
}

#[test]
fn a_change_that_the_server_had_on_disk_is_sent_again_after_a_restart() {
    let (_, mut timeline, own) = written();
    timeline.remove_pending(own);
    timeline.push_change(nth_id(90), nth_id(5), text("better"), 9);
    timeline.accept_pending_at(nth_id(90), Seq(7));
    timeline.restart();
    assert_eq!(states(&timeline), [(nth_id(90), PendingState::Waiting)]);
    assert_eq!(timeline.body_of(nth_id(5)), None, "it is not in the window");
}

#[test]
fn the_newest_words_are_those_that_one_can_change() {
    let (server, mut timeline, own) = written();
    assert_eq!(timeline.newest_words_of(user(ALICE)), Some(own));
    timeline.refuse_pending(own, Refusal::TextBlank);
    assert_eq!(timeline.newest_words_of(user(ALICE)), Some(nth_id(5)));
    timeline.push_change(nth_id(90), nth_id(5), erased(), 9);
    assert_eq!(timeline.newest_words_of(user(ALICE)), Some(nth_id(4)));
    timeline.apply_live(after_change(&server, Seq(4), Seq(6), erased()));
    assert_eq!(timeline.newest_words_of(user(ALICE)), Some(nth_id(3)));
    assert_eq!(timeline.newest_words_of(user(&"7".repeat(32))), None);
}
