//! What the browser keeps: messages until the server has them, and what the page knew for the next visit.

use parley_shared::model::Standing;

use super::*;
use PendingState::{Stored, Waiting};

impl TestPage {
    /// A page whose browser answers later.
    fn slow() -> Self {
        let shelf = TestShelf::default();
        shelf.0.borrow_mut().is_slow = true;
        let mut page = Self::with_shelf(shelf);
        page.connect(0);
        page.hear(newest(std::iter::empty(), 0, false));
        page.said();
        page
    }

    fn kept(&mut self, id: MessageId) {
        let said = self.sync.kept(id, self.now_ms);
        self.said.extend(said);
    }

    fn turn(&mut self, is_mine: bool) {
        let said = self.sync.turn(is_mine, self.now_ms);
        self.said.extend(said);
    }

    /// The page is opened once more in the same browser.
    fn again(&mut self) -> Self {
        self.sync.save();
        let mut page = Self::with_shelf(self.shelf.clone());
        page.former = Some(self.owner.clone());
        page.recall();
        page
    }

    fn recall(&mut self) {
        let cached = self.cached();
        let said = self.sync.recall(cached, self.now_ms);
        assert_eq!(said, [], "there is nobody to say it to");
    }

    fn cached(&self) -> Vec<(String, String)> {
        let state = self.shelf.0.borrow();
        let cached = state.cached.iter();
        cached
            .map(|(key, text)| (key.clone(), text.clone()))
            .collect()
    }
}

/// Someone with an account is welcomed: to what changed since a moment, up to another.
fn welcome_since(since: u64, stamp: u64, others: Vec<Conversation>, more: bool) -> ServerEvent {
    let mut event = welcome_among(3, others, more);
    if let ServerEvent::Welcome {
        since: known,
        stamp: newest,
        conversations,
        ..
    } = &mut event
    {
        // All of the Lobby is read.
        conversations[0].read = conversations[0].last;
        *known = (since > 0).then_some(Stamp(since));
        *newest = Stamp(stamp);
    }
    event
}

/// A page of someone with an account, who read the Lobby's three messages and is in two groups.
fn at_home() -> TestPage {
    let mut page = TestPage::new();
    page.sync.opened();
    page.hear(welcome_since(0, 7, vec![group(1, 1), group(2, 1)], false));
    page.hear(newest(1..=3, 3, false));
    page.said();
    page
}

/// The echo of what the page said of how far it was read.
fn read_changed(conversation: ConversationId, through: u64) -> ServerEvent {
    ServerEvent::ReadChanged {
        conversation,
        through: Seq(through),
        unread: 0,
        mentions: 0,
    }
}

// ---- Messages that wait ----

#[test]
fn a_message_leaves_when_it_is_kept_and_the_turn_has_come_and_not_before() {
    let mut page = TestPage::slow();
    let id = page.write("one");
    assert_eq!(page.pending(), [(id, Waiting)], "it is seen at once");
    page.turn(true);
    assert_eq!(page.sent(), []);
    page.kept(id);
    assert_eq!(page.sent(), [id]);
    let second = page.write("two");
    page.kept(second);
    page.hear(accepted(id, 1));
    assert_eq!(page.sent(), [second]);
}

#[test]
fn one_that_is_kept_sooner_does_not_overtake() {
    let mut page = TestPage::slow();
    let ids = ["one", "two"].map(|text| page.write(text));
    page.turn(true);
    page.kept(ids[1]);
    assert_eq!(page.sent(), []);
    page.kept(ids[0]);
    assert_eq!(page.sent(), [ids[0]]);
}

#[test]
fn the_turn_is_left_when_nothing_waits_and_asked_for_again_when_it_was_taken() {
    let mut page = TestPage::slow();
    let turns = |page: &TestPage| {
        let state = page.shelf.0.borrow();
        (state.turns_taken, state.turns_left)
    };
    assert_eq!(turns(&page), (0, 0));
    let id = page.write("one");
    page.kept(id);
    page.turn(true);
    assert_eq!((page.sent(), turns(&page)), (vec![id], (1, 0)));
    page.turn(false);
    assert_eq!(turns(&page), (2, 0));
    page.turn(true);
    page.hear(accepted(id, 1));
    assert_eq!(turns(&page), (2, 1));
    assert_eq!(
        page.sent(),
        [],
        "what is under way is not sent twice on one connection"
    );
    page.write("two");
    assert_eq!(turns(&page), (3, 1));
    page.turn(true);
    page.lose_connection();
    assert_eq!(
        turns(&page),
        (3, 2),
        "whoever has no connection lets others send"
    );
}

#[test]
fn what_another_tab_keeps_is_seen_here_and_sent_by_whoever_has_the_turn() {
    let mut page = TestPage::opened_at(0);
    let message = |number| KeptMessage {
        id: my_message(number),
        author: user(ME),
        conversation: lobby(),
        of: None,
        body: text("from there"),
        written_ms: 1_000_000 + number,
    };
    let (sent_there, given_up, sent_here) = (message(70), message(71), message(72));
    page.shelf.0.borrow_mut().is_slow = true;
    for message in [&sent_there, &given_up, &sent_here] {
        page.sync.told_kept(message.clone(), page.now_ms);
    }
    let theirs = KeptMessage {
        author: user(ALICE),
        ..message(73)
    };
    page.sync.told_kept(theirs, page.now_ms);
    assert_eq!(page.pending().len(), 3, "another person's stays theirs");
    page.sync
        .told_passed(sent_there.id, lobby(), Seq(1), page.now_ms);
    assert_eq!(page.pending()[0], (sent_there.id, Stored));
    page.hear(confirmed(sent_there.id, 1));
    page.sync.told_forgotten(given_up.id, page.now_ms);
    assert_eq!(page.pending(), [(sent_here.id, Waiting)]);
    page.turn(true);
    assert_eq!(page.sent(), [sent_here.id]);
}

// ---- The next visit ----

#[test]
fn the_next_visit_shows_what_was_known_before_there_is_a_connection() {
    let mut page = at_home();
    page.hear(live(ALICE, 4));
    page.pass(10_000);
    page.hear(read_changed(lobby(), 4));
    let waits = page.write("waits");
    page.lose_connection();
    let page = page.again();
    assert_eq!(page.link(), Link::Connecting);
    assert_eq!(page.chat.me.get_untracked(), Some(person(ME)));
    assert!(page.chat.standing.get_untracked().is_some());
    assert_eq!(page.listed(), [lobby(), other(1), other(2)]);
    assert_eq!(page.shown(), Some(lobby()));
    assert_eq!(page.places(), [1, 2, 3, 4]);
    assert_eq!(page.pending(), [(waits, Waiting)]);
    assert_eq!(page.sync.stamp(), Some(Stamp(7)));
}

#[test]
fn after_a_visit_only_what_changed_is_told_and_the_server_is_right() {
    let mut page = at_home().again();
    page.sync.opened();
    let mut event = welcome_since(7, 9, vec![group(2, 5)], false);
    if let ServerEvent::Welcome { left, .. } = &mut event {
        left.push(other(1));
    }
    page.hear(event);
    assert_eq!(page.listed(), [lobby(), other(2)]);
    assert_eq!(page.known(other(2)).last, Seq(5));
    assert_eq!(page.sync.stamp(), Some(Stamp(9)));
    assert_eq!(page.places(), [1, 2, 3]);
    assert!(page.said().contains(&ask_newest()), "it is compared");
    page.hear(newest(1..=3, 3, false));
    assert_eq!(page.places(), [1, 2, 3]);
    assert_eq!(page.said(), []);
}

#[test]
fn what_was_missed_in_what_is_shown_is_asked_for_since_the_last_visit() {
    let mut page = at_home().again();
    page.sync.opened();
    let mut event = welcome_since(7, 9, Vec::new(), false);
    if let ServerEvent::Welcome { conversations, .. } = &mut event {
        conversations[0].last = Seq(5);
    }
    page.hear(event);
    page.said();
    page.hear(newest(1..=5, 5, false));
    assert!(page.said().contains(&ask_changes(3)));
    page.hear(changes(3, 4..=5, 5, false));
    assert_eq!(page.places(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_message_that_contradicts_the_servers_answer_is_replaced() {
    let mut page = at_home();
    page.sync.save();
    let key = format!("talk.{}", lobby());
    let spoiled = page.shelf.0.borrow().cached[&key].replacen("\"hi\"", "\"altered\"", 1);
    page.shelf.0.borrow_mut().cached.insert(key, spoiled);
    let mut page = page.again();
    let said = |page: &TestPage| -> Vec<ChatMessage> {
        let timeline = page.chat.timeline.get_untracked();
        timeline
            .messages()
            .map(|message| message.body.clone())
            .collect()
    };
    assert_eq!(said(&page), [text("altered"), text("hi"), text("hi")]);
    page.sync.opened();
    page.hear(welcome_since(7, 7, Vec::new(), false));
    page.hear(newest(1..=3, 3, false));
    assert_eq!(said(&page), [text("hi"), text("hi"), text("hi")]);
}

#[test]
fn a_server_that_tells_everything_is_understood_as_before() {
    let mut page = at_home().again();
    page.sync.opened();
    page.hear(welcome_since(0, 9, vec![group(2, 1)], false));
    assert_eq!(
        page.listed(),
        [lobby(), other(2)],
        "what is not told is gone"
    );
}

#[test]
fn more_changes_than_a_page_are_read_to_the_end_before_the_moment_counts_as_known() {
    let mut page = at_home().again();
    page.sync.opened();
    page.hear(welcome_since(7, 9, vec![group(1, 2)], true));
    let before = Some(crate::state::list::place_of(&group(1, 2)));
    let asked = ClientCommand::Conversations {
        before,
        since: Some(Stamp(7)),
    };
    assert!(page.said().contains(&asked));
    assert_eq!(page.sync.stamp(), Some(Stamp(7)));
    page.hear(ServerEvent::Conversations {
        before,
        since: Some(Stamp(7)),
        conversations: vec![group(2, 2)],
        people: Vec::new(),
        more: false,
    });
    assert_eq!(page.sync.stamp(), Some(Stamp(9)));
    assert_eq!(page.known(other(2)).last, Seq(2));
    page.hear(ServerEvent::Pong {
        stamp: Some(Stamp(12)),
    });
    assert_eq!(page.sync.stamp(), Some(Stamp(12)));
}

#[test]
fn while_the_server_may_not_know_what_was_read_the_next_visit_is_told_everything() {
    let mut page = at_home();
    page.pass(10_000);
    page.open(Some(other(1)));
    page.hear(of(other(1), newest(1..=1, 1, false)));
    assert_eq!(page.known(other(1)).read, Seq(1), "it was said just now");
    assert_eq!(page.again().sync.stamp(), None);
    page.hear(read_changed(other(1), 1));
    assert_eq!(page.again().sync.stamp(), Some(Stamp(7)));
    // It is in view, and will be said in a moment.
    page.hear(of(other(1), live(ALICE, 2)));
    assert_eq!(page.known(other(1)).read, Seq(1));
    assert_eq!(page.again().sync.stamp(), None);
}

#[test]
fn what_does_not_read_or_has_another_form_is_never_shown() {
    let mut whole = at_home();
    whole.sync.save();
    let (visit, talk) = ("visit".to_owned(), format!("talk.{}", lobby()));
    let text = |key: &str| whole.shelf.0.borrow().cached[key].clone();
    let spoiled = |key: &str, text: String| {
        let mut page = TestPage::new();
        page.shelf.0.borrow_mut().cached = whole.shelf.0.borrow().cached.clone();
        page.shelf
            .0
            .borrow_mut()
            .cached
            .insert(key.to_owned(), text);
        page.recall();
        page
    };
    for broken in [
        "{".to_owned(),
        String::new(),
        text("visit").replace("\"form\":1", "\"form\":2"),
        text("visit").replace("\"conversations\"", "\"c\""),
    ] {
        let page = spoiled(&visit, broken);
        assert_eq!(page.chat.me.get_untracked(), None);
        assert_eq!((page.listed(), page.places()), (Vec::new(), Vec::new()));
        assert_eq!(page.cached(), [], "it is thrown away");
    }
    for broken in [
        "[]".to_owned(),
        text(&talk).replace("\"form\":1", "\"form\":2"),
        text(&talk).replace("\"through\":3", "\"through\":2"),
        text(&talk).replacen(&lobby().to_string(), &other(1).to_string(), 1),
        text(&talk).replace("\"me\":\"01", "\"me\":\"02"),
    ] {
        let page = spoiled(&talk, broken.clone());
        assert_eq!(page.listed().len(), 3);
        assert!(page.places().is_empty(), "{broken}");
        assert!(!page.shelf.0.borrow().cached.contains_key(&talk));
    }
    assert_eq!(spoiled(&talk, text(&talk)).places(), [1, 2, 3]);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut page = TestPage::new();
    let many: Vec<Conversation> = (1..=100).map(|number| group(number, 1)).collect();
    page.hear(welcome_since(0, 1, many, false));
    for number in 1..=20 {
        page.open(Some(other(number)));
        page.hear(of(other(number), newest(1..=1, 1, false)));
        page.sync.save();
    }
    let talks = page
        .cached()
        .iter()
        .filter(|(key, _)| key.starts_with("talk."))
        .count();
    assert_eq!(talks, parley_shared::limits::PARKED_TIMELINES_MAX + 1);
}

// ---- The end of a visit ----

#[test]
fn who_signs_out_leaves_nothing_behind() {
    let mut page = at_home();
    page.shelf.0.borrow_mut().has_drafts = true;
    page.sync.save();
    assert_ne!(page.cached(), []);
    page.sync.forget_unsent();
    page.sync.renewing();
    page.sync.save();
    assert_eq!(page.cached(), []);
    assert_eq!(page.chat.me.get_untracked(), None);
    assert_eq!(
        (page.places(), page.listed(), page.shown()),
        (vec![], vec![], None),
        "nor in front of whoever comes next"
    );
    assert!(!page.shelf.0.borrow().has_drafts);
}

#[test]
fn who_was_signed_out_from_elsewhere_leaves_nothing_but_what_waits_for_them() {
    let mut page = at_home();
    page.lose_connection();
    let waits = page.write("waits for its author");
    page.sync.save();
    // The browser was closed meanwhile, and the page is opened by a guest.
    page.shelf.0.borrow_mut().has_drafts = true;
    let mut page = page.again();
    assert_eq!(page.places(), [1, 2, 3]);
    let mut event = welcome(3);
    if let ServerEvent::Welcome { me, .. } = &mut event {
        *me = person(BOB);
    }
    page.hear(event);
    assert_eq!(page.link(), Link::Live);
    assert_eq!(page.chat.me.get_untracked(), Some(person(BOB)));
    assert_eq!(
        (page.places(), page.pending(), page.listed()),
        (vec![], vec![], vec![lobby()])
    );
    assert!(!page.shelf.0.borrow().has_drafts);
    assert!(page.cached().is_empty());
    let kept: Vec<MessageId> = page.shelf.all().iter().map(|message| message.id).collect();
    assert_eq!(kept, [waits]);
}

#[test]
fn a_session_that_ended_before_the_server_said_anything_shows_nothing_any_more() {
    let mut page = at_home().again();
    page.sync.signed_out();
    assert_eq!(page.link(), Link::SignedOut);
    assert_eq!(page.chat.me.get_untracked(), None);
    assert_eq!((page.places(), page.listed()), (vec![], vec![]));
    assert_eq!(page.cached(), []);
    page.sync.save();
    assert_eq!(page.cached(), []);
}

#[test]
fn what_changed_for_someone_else_is_not_taken_for_all_there_is() {
    let mut page = TestPage::new();
    page.hear(welcome(3));
    page.sync.save();
    let mut page = page.again();
    let mut event = welcome_since(7, 9, vec![group(1, 1)], false);
    if let ServerEvent::Welcome { me, account, .. } = &mut event {
        *me = person(BOB);
        *account = None::<Standing>;
    }
    page.hear(event);
    assert!(page.sync.wants_anew());
    assert_eq!(page.listed(), []);
    assert_eq!(page.sync.stamp(), None);
    let mut event = welcome(3);
    if let ServerEvent::Welcome { me, .. } = &mut event {
        *me = person(BOB);
    }
    page.hear(event);
    assert!(!page.sync.wants_anew());
    assert_eq!(page.listed(), [lobby()]);
}
