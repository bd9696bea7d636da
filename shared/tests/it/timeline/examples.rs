//! Each rule of the window by an example. It does not know what can happen in combination.

use parley_shared::ids::Seq;
use parley_shared::limits::EARLY_CHANGES_MAX;
use parley_shared::model::{Message, Notice};
use parley_shared::timeline::Timeline;

use super::server::{Server, fresh, load_all, window};
use crate::sample::{notice, nth_id, text};

const SIZE: usize = 3;

#[test]
fn a_new_timeline_knows_nothing_and_misses_nothing() {
    let mut timeline = Timeline::new();
    timeline.announce(Seq(7));
    assert!(!timeline.is_loaded() && timeline.is_empty() && !timeline.has_more());
    assert_eq!((timeline.through(), timeline.missing()), (Seq::ZERO, None));
    assert_eq!(timeline.ask_older(), None);
}

#[test]
fn the_newest_page_opens_the_window() {
    let server = Server::with_messages(1..=5);
    let mut timeline = fresh(&server, SIZE);
    assert_eq!(window(&timeline), [(3, 3), (4, 4), (5, 5)]);
    assert!(timeline.is_loaded() && timeline.has_more());
    assert_eq!((timeline.through(), timeline.missing()), (Seq(5), None));
    let again = server.history(None, 1, Seq(5));
    timeline.apply_newest(again.messages, again.through, again.more);
    assert_eq!(timeline.len(), 3, "it is open already");
}

/// A window as it was kept when the server had said this much, with the words of its second message spoiled.
fn recalled(server: &Server) -> Timeline {
    let kept = server.history(None, SIZE, server.last());
    let mut messages = kept.messages;
    messages[1].body = notice(Notice::Described);
    let mut timeline = Timeline::new();
    timeline.recall(messages, kept.through, kept.more);
    timeline
}

#[test]
fn what_was_kept_is_shown_until_the_newest_page_puts_it_right() {
    let server = Server::with_messages(1..=5);
    let mut timeline = recalled(&server);
    assert!(timeline.is_loaded() && timeline.is_recalled());
    let newest = server.history(None, SIZE, server.last());
    timeline.apply_newest(newest.messages, newest.through, newest.more);
    let right = fresh(&server, SIZE);
    assert!(timeline.messages().eq(right.messages()));
    assert!(!timeline.is_recalled() && timeline.missing().is_none());
}

#[test]
fn what_was_kept_and_is_not_on_the_newest_page_is_gone_and_what_came_since_stays() {
    let mut server = Server::with_messages(1..=5);
    let mut timeline = recalled(&server);
    let newest = server.history(None, SIZE, server.last());
    let mut messages = newest.messages;
    let dropped = messages.remove(1);
    server.write(nth_id(6));
    timeline.apply_live(server.change(Seq(6)));
    timeline.apply_newest(messages, newest.through, newest.more);
    assert_eq!(window(&timeline), [(3, 3), (5, 5), (6, 6)]);
    assert!(timeline.message(dropped.id).is_none());
}

#[test]
fn what_was_kept_long_ago_gives_way_to_the_newest_page() {
    let mut server = Server::with_messages(1..=5);
    let mut timeline = recalled(&server);
    for number in 6..=9 {
        server.write(nth_id(number));
    }
    let newest = server.history(None, SIZE, server.last());
    timeline.apply_newest(newest.messages, newest.through, newest.more);
    assert_eq!(window(&timeline), [(7, 7), (8, 8), (9, 9)]);
    assert_eq!(timeline.missing(), None);
}

#[test]
fn an_empty_conversation_is_loaded_and_has_no_more() {
    let mut timeline = fresh(&Server::default(), SIZE);
    assert!(timeline.is_loaded() && !timeline.has_more());
    assert_eq!(timeline.ask_older(), None);
    let server = Server::with_messages(1..=1);
    timeline.apply_live(server.change(Seq(1)));
    assert_eq!(window(&timeline), [(1, 1)]);
}

#[test]
fn a_second_newest_page_tells_that_there_is_more_to_know() {
    let mut server = Server::with_messages(1..=2);
    let mut timeline = fresh(&server, SIZE);
    server.write(nth_id(3));
    let later = server.history(None, SIZE, server.last());
    timeline.apply_newest(later.messages, later.through, later.more);
    assert_eq!(window(&timeline), [(1, 1), (2, 2)]);
    assert_eq!(timeline.missing(), Some(Seq(2)));
}

#[test]
fn a_notice_has_its_place_among_the_messages_and_closes_a_gap_like_one() {
    let server = Server::with_messages(1..=4);
    let told = |change: u64, what: Notice| Message {
        body: notice(what),
        ..server.change(Seq(change))
    };
    let mut timeline = Timeline::new();
    timeline.apply_newest(vec![told(1, Notice::Joined)], Seq(1), false);
    timeline.apply_live(server.change(Seq(4)));
    timeline.apply_live(told(3, Notice::Unknown));
    assert_eq!(timeline.missing(), Some(Seq(1)));
    timeline.apply_live(server.change(Seq(2)));
    assert_eq!(window(&timeline), [(1, 1), (2, 2), (3, 3), (4, 4)]);
    assert_eq!(timeline.missing(), None);
    let third = timeline.message(nth_id(3)).map(|message| &message.body);
    assert_eq!(third, Some(&notice(Notice::Unknown)));
}

#[test]
fn the_next_live_change_is_taken_and_a_repeated_one_changes_nothing() {
    let mut server = Server::with_messages(1..=1);
    let mut timeline = fresh(&server, SIZE);
    server.write(nth_id(2));
    server.edit(0);
    for change in [2, 3, 3, 2, 1] {
        timeline.apply_live(server.change(Seq(change)));
    }
    assert_eq!(window(&timeline), [(1, 3), (2, 2)]);
    assert_eq!((timeline.through(), timeline.missing()), (Seq(3), None));
}

#[test]
fn what_was_edited_and_deleted_keeps_its_place_and_closes_a_gap_like_what_was_written() {
    let mut server = Server::with_messages(1..=3);
    let mut timeline = fresh(&server, SIZE);
    server.edit(0);
    server.delete(0);
    server.delete(2);
    assert_eq!(server.edit(0), None, "nobody changes what is deleted");
    timeline.apply_live(server.change(Seq(6)));
    assert_eq!(timeline.missing(), Some(Seq(3)));
    // What a page has of a message is its newest state alone.
    let page = server.changes(Seq(3), SIZE, server.last());
    let changed: Vec<u64> = page.messages.iter().map(|m| m.changed.0).collect();
    assert_eq!(changed, [5, 6]);
    timeline.apply_changes(Seq(3), page.messages, page.through);
    assert_eq!(window(&timeline), [(1, 5), (2, 2), (3, 6)]);
    assert_eq!(timeline.missing(), None);
    // An edit that comes late does not bring back what is deleted.
    timeline.apply_live(server.change(Seq(4)));
    assert_eq!(window(&timeline), [(1, 5), (2, 2), (3, 6)]);
    assert!(window(&fresh(&server, SIZE)) == window(&timeline));
}

#[test]
fn a_message_of_ones_own_that_was_deleted_before_one_heard_of_it_ends_as_pending() {
    let mut server = Server::with_messages(1..=1);
    let mut timeline = fresh(&server, SIZE);
    timeline.push_pending(nth_id(2), text("own"), 1);
    server.write(nth_id(2));
    server.delete(1);
    let page = server.changes(Seq(1), SIZE, server.last());
    timeline.apply_changes(Seq(1), page.messages, page.through);
    assert!(timeline.pending().is_empty());
    assert_eq!(window(&timeline), [(1, 1), (2, 3)]);
    // It is sent again all the same, and was stored at its place.
    timeline.accept_pending_at(nth_id(2), Seq(2));
    assert!(timeline.pending().is_empty());
}

#[test]
fn a_live_change_behind_a_gap_waits_and_the_gap_is_reported() {
    let mut server = Server::with_messages(1..=2);
    let mut timeline = fresh(&server, SIZE);
    for n in 3..=6 {
        server.write(nth_id(n));
    }
    for change in [6, 4] {
        timeline.apply_live(server.change(Seq(change)));
    }
    assert_eq!(timeline.len(), 2);
    assert_eq!(
        (timeline.through(), timeline.missing()),
        (Seq(2), Some(Seq(2)))
    );
    timeline.apply_live(server.change(Seq(3)));
    assert_eq!(window(&timeline), [(1, 1), (2, 2), (3, 3), (4, 4)]);
    assert_eq!(
        (timeline.through(), timeline.missing()),
        (Seq(4), Some(Seq(4)))
    );
    let page = server.changes(Seq(4), SIZE, Seq(5));
    timeline.apply_changes(Seq(4), page.messages, page.through);
    assert_eq!((timeline.len(), timeline.missing()), (6, None));
}

#[test]
fn live_changes_that_come_before_the_first_page_wait_for_it() {
    let server = Server::with_messages(1..=4);
    let mut timeline = Timeline::new();
    for change in [3, 4] {
        timeline.apply_live(server.change(Seq(change)));
    }
    assert!(timeline.is_empty() && !timeline.is_loaded());
    let page = server.history(None, SIZE, Seq(3));
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(window(&timeline), [(1, 1), (2, 2), (3, 3), (4, 4)]);
    assert_eq!((timeline.through(), timeline.missing()), (Seq(4), None));
}

#[test]
fn a_welcome_that_is_further_ahead_is_a_gap() {
    let server = Server::with_messages(1..=9);
    let mut timeline = Timeline::new();
    let page = server.history(None, SIZE, Seq(1));
    timeline.apply_newest(page.messages, page.through, page.more);
    timeline.announce(Seq(9));
    timeline.announce(Seq(4));
    let mut asked = Vec::new();
    while let Some(since) = timeline.missing() {
        asked.push(since.0);
        let page = server.changes(since, SIZE, Seq(9));
        timeline.apply_changes(since, page.messages, page.through);
    }
    assert_eq!(asked, [1, 4, 7]);
    assert_eq!(timeline.len(), 9);
}

#[test]
fn changes_after_what_is_not_known_are_not_taken_but_tell_how_far_it_is() {
    let server = Server::with_messages(1..=6);
    let mut timeline = Timeline::new();
    let page = server.changes(Seq(4), SIZE, Seq(6));
    timeline.apply_changes(Seq(4), page.messages.clone(), page.through);
    assert!(!timeline.is_loaded());
    let first = server.history(None, SIZE, Seq(2));
    timeline.apply_newest(first.messages, first.through, first.more);
    timeline.apply_changes(Seq(4), page.messages, page.through);
    assert_eq!((timeline.len(), timeline.missing()), (2, Some(Seq(2))));
}

#[test]
fn a_late_answer_does_not_undo_what_is_newer() {
    let mut server = Server::with_messages(1..=2);
    let mut timeline = fresh(&server, SIZE);
    server.edit(0);
    let late = server.changes(Seq(1), SIZE, Seq(3));
    server.edit(0);
    for change in [3, 4] {
        timeline.apply_live(server.change(Seq(change)));
    }
    timeline.apply_changes(Seq(1), late.messages, late.through);
    assert_eq!(window(&timeline), [(1, 4), (2, 2)]);
    assert_eq!(timeline.through(), Seq(4));
}

#[test]
fn an_older_page_extends_the_window_and_is_asked_for_once() {
    let server = Server::with_messages(1..=8);
    let mut timeline = fresh(&server, SIZE);
    assert_eq!(timeline.ask_older(), Some(Seq(6)));
    assert!(timeline.is_loading_older());
    assert_eq!(timeline.ask_older(), None);
    let other = server.history(Some(Seq(5)), SIZE, Seq(8));
    timeline.apply_older(Seq(5), other.messages, other.more);
    assert_eq!(timeline.len(), 3, "nobody asked for that page");
    let page = server.history(Some(Seq(6)), SIZE, Seq(8));
    timeline.apply_older(Seq(6), page.messages.clone(), page.more);
    timeline.apply_older(Seq(6), page.messages, page.more);
    assert_eq!((timeline.len(), timeline.is_loading_older()), (6, false));
    load_all(&mut timeline, &server, SIZE);
    assert_eq!((timeline.len(), timeline.has_more()), (8, false));
}

#[test]
fn a_change_that_overtakes_the_older_page_it_belongs_to_is_not_lost() {
    let mut server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, SIZE);
    let before = timeline.ask_older().expect("there is more");
    let page = server.history(Some(before), SIZE, server.last());
    for _ in 0..2 {
        let edited = server.edit(1).expect("there is one");
        timeline.apply_live(edited);
    }
    assert_eq!(window(&timeline), [(4, 4), (5, 5), (6, 6)]);
    timeline.apply_older(before, page.messages, page.more);
    assert_eq!(window(&timeline)[..3], [(1, 1), (2, 8), (3, 3)]);
}

#[test]
fn an_older_page_that_is_newer_than_the_change_keeps_its_state() {
    let mut server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, SIZE);
    let before = timeline.ask_older().expect("there is more");
    server.edit(1);
    server.edit(1);
    let page = server.history(Some(before), SIZE, server.last());
    timeline.apply_older(before, page.messages, page.more);
    for change in [7, 8] {
        timeline.apply_live(server.change(Seq(change)));
        assert_eq!(window(&timeline)[..3], [(1, 1), (2, 8), (3, 3)]);
    }
}

#[test]
fn a_question_that_was_cancelled_can_be_asked_again() {
    let server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, SIZE);
    assert_eq!(timeline.ask_older(), Some(Seq(4)));
    timeline.cancel_older();
    assert!(!timeline.is_loading_older());
    assert_eq!(timeline.ask_older(), Some(Seq(4)));
}

#[test]
fn a_trimmed_window_keeps_the_newest_and_loads_the_rest_again() {
    let mut server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, 6);
    assert!(!timeline.has_more());
    timeline.trim(6);
    assert!(!timeline.has_more(), "there was nothing to drop");
    timeline.trim(2);
    assert_eq!(window(&timeline), [(5, 5), (6, 6)]);
    assert!(timeline.has_more());
    assert!(timeline.message(nth_id(4)).is_none() && timeline.message(nth_id(5)).is_some());
    timeline.apply_live(server.edit(0).expect("there is one"));
    assert_eq!((timeline.len(), timeline.through()), (2, Seq(7)));
    load_all(&mut timeline, &server, SIZE);
    assert_eq!(timeline.len(), 6);
    assert_eq!(window(&timeline)[0], (1, 7));
}

#[test]
fn the_answer_to_a_question_from_before_a_trim_is_thrown_away() {
    let server = Server::with_messages(1..=9);
    let mut timeline = fresh(&server, 4);
    let before = timeline.ask_older().expect("there is more");
    timeline.trim(2);
    assert!(timeline.is_loading_older() && timeline.ask_older().is_none());
    let page = server.history(Some(before), SIZE, Seq(9));
    timeline.apply_older(before, page.messages, page.more);
    assert_eq!(window(&timeline), [(8, 8), (9, 9)], "it would leave a hole");
    assert_eq!(timeline.ask_older(), Some(Seq(8)));
}

#[test]
fn more_changes_than_are_kept_for_an_older_page_make_it_be_asked_for_again() {
    let mut server = Server::with_messages(1..=2_000);
    let mut timeline = fresh(&server, 2);
    let before = timeline.ask_older().expect("there is more");
    let page = server.history(Some(before), 1_500, server.last());
    for nth in 0..=EARLY_CHANGES_MAX {
        timeline.apply_live(server.edit(nth + 500).expect("there is one"));
    }
    assert_eq!(
        timeline.ask_older(),
        None,
        "or the answer would be taken for the later one's"
    );
    timeline.apply_older(before, page.messages, page.more);
    assert_eq!(timeline.len(), 2);
    load_all(&mut timeline, &server, 1_500);
    let everything = server.state(server.last()).into_values();
    assert!(timeline.messages().map(AsRef::as_ref).eq(everything));
}

#[test]
fn no_more_live_changes_wait_than_their_bound_and_the_gap_brings_the_others() {
    let most = EARLY_CHANGES_MAX as u64;
    let server = Server::with_messages(1..=most + 10);
    let mut timeline = fresh(&Server::with_messages(1..=1), SIZE);
    for n in 3..=server.last().0 {
        timeline.apply_live(server.change(Seq(n)));
    }
    timeline.apply_live(server.change(Seq(2)));
    assert_eq!(
        timeline.through(),
        Seq(most + 2),
        "the nearest ones were kept"
    );
    assert_eq!(timeline.missing(), Some(Seq(most + 2)));
    let page = server.changes(Seq(most + 2), 50, server.last());
    timeline.apply_changes(Seq(most + 2), page.messages, page.through);
    assert_eq!(timeline.len() as u64, most + 10);
    assert_eq!(timeline.missing(), None);
}

#[test]
fn a_restart_forgets_what_was_known_also_how_far_it_was() {
    let server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, SIZE);
    timeline.announce(Seq(90));
    timeline.restart();
    assert!(!timeline.is_loaded() && timeline.is_empty() && !timeline.has_more());
    // The server was set back to an earlier state.
    let page = server.history(None, SIZE, Seq(4));
    timeline.apply_newest(page.messages, page.through, page.more);
    assert_eq!(window(&timeline), [(2, 2), (3, 3), (4, 4)]);
    assert_eq!(timeline.missing(), None);
}

#[test]
fn an_older_page_from_before_a_restart_is_thrown_away() {
    let mut server = Server::with_messages(1..=6);
    let mut timeline = fresh(&server, SIZE);
    let before = timeline.ask_older().expect("there is more");
    let stale = server.history(Some(before), SIZE, server.last());
    timeline.restart();
    server.edit(0);
    let newest = server.history(None, SIZE, server.last());
    timeline.apply_newest(newest.messages, newest.through, newest.more);
    assert_eq!(timeline.ask_older(), None);
    timeline.apply_older(before, stale.messages, stale.more);
    load_all(&mut timeline, &server, SIZE);
    assert_eq!(window(&timeline)[0], (1, 7));
}
