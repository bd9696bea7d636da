//! Arriving while one is brought into a conversation or taken out of it, in every order in which that can
//! happen. It drives the hub and a session directly, as the ledger and a connection do.

use std::sync::Arc;

use parley_server::account::{Proof, secret};
use parley_server::actions::callers;
use parley_server::credentials::Shown;
use parley_server::hub::mailbox::Line;
use parley_server::hub::{Frame, Hub, Listener};
use parley_server::session::Session;
use parley_shared::codec::encode_command;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Conversation, ConversationKind, Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal, ServerEvent};

use crate::callers::parts;
use crate::ledger::Paper;
use crate::talkers::{all_about, is_about};

const ANNA: UserId = UserId::from_bytes([1; 16]);
const BERT: UserId = UserId::from_bytes([2; 16]);
const GROUP: ConversationId = ConversationId::from_bytes([3; 16]);

/// What happens to the group, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    AnnaComesIn,
    SomethingIsSaid,
    AnnaIsTakenOut,
}

use Fact::{AnnaComesIn, AnnaIsTakenOut, SomethingIsSaid};

/// The next thing to happen: a fact becomes true, or is told, or Anna's connection comes one step further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Commit,
    Tell,
    Arrive,
}

/// Steps of an arrival: it registers, asks where it belongs, joins there, and looks how far things are.
const ARRIVAL: usize = 4;

/// Every order of steps in which facts are told after they are true, and one after the other.
fn orders(facts: usize) -> Vec<Vec<Step>> {
    fn go_on(
        facts: usize,
        (committed, told, arrived): (usize, usize, usize),
        so_far: &mut Vec<Step>,
        all: &mut Vec<Vec<Step>>,
    ) {
        if (committed, told, arrived) == (facts, facts, ARRIVAL) {
            return all.push(so_far.clone());
        }
        for (step, is_next, then) in [
            (
                Step::Commit,
                committed < facts,
                (committed + 1, told, arrived),
            ),
            (Step::Tell, told < committed, (committed, told + 1, arrived)),
            (
                Step::Arrive,
                arrived < ARRIVAL,
                (committed, told, arrived + 1),
            ),
        ] {
            if is_next {
                so_far.push(step);
                go_on(facts, then, so_far, all);
                so_far.pop();
            }
        }
    }
    let mut all = Vec::new();
    go_on(facts, (0, 0, 0), &mut Vec::new(), &mut all);
    all
}

/// How the group is for Anna: whether she is in it, and its newest number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sight {
    is_in: bool,
    last: u64,
}

struct Run<'a> {
    hub: Hub,
    facts: &'a [Fact],
    began: Sight,
    committed: usize,
    told: usize,
    arrived: usize,
    listener: Option<Listener>,
    asked: Vec<ConversationId>,
    welcome: Option<Sight>,
    /// The messages that are hers to hear.
    hers: Vec<u64>,
    heard: Arc<Paper>,
}

impl Run<'_> {
    /// What is true after so many facts.
    fn truth(&self, facts: usize) -> Sight {
        let mut sight = self.began;
        for fact in &self.facts[..facts] {
            match fact {
                AnnaComesIn => sight.is_in = true,
                AnnaIsTakenOut => sight.is_in = false,
                SomethingIsSaid => sight.last += 1,
            }
        }
        sight
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Commit => self.committed += 1,
            Step::Tell => {
                self.told += 1;
                let sight = self.truth(self.told);
                match self.facts[self.told - 1] {
                    AnnaComesIn => self.hub.enter(ANNA, GROUP, &changed(sight.last)),
                    AnnaIsTakenOut => self.hub.remove(ANNA, GROUP),
                    SomethingIsSaid => {
                        // Whoever is back reads also what was said while they were away.
                        if sight.is_in || self.truth(self.committed).is_in {
                            self.hers.push(sight.last);
                        }
                        self.hub.publish(GROUP, &[said(sight.last)]);
                    }
                }
            }
            Step::Arrive => {
                self.arrived += 1;
                self.arrive();
            }
        }
    }

    fn arrive(&mut self) {
        let truth = self.truth(self.committed);
        match (self.arrived, &self.listener) {
            (1, _) => self.listener = Some(self.hub.register(ANNA, Proof::Guest)),
            (2, _) => self.asked.extend(truth.is_in.then_some(GROUP)),
            (3, Some(listener)) => {
                listener.join(&Person::unnamed(ANNA), std::mem::take(&mut self.asked));
            }
            (4, Some(listener)) => {
                self.welcome = Some(truth);
                let line = Arc::clone(&self.heard) as Arc<dyn Line>;
                listener.mailbox().open(line, &[]);
            }
            _ => unreachable!("an arrival begins by registering"),
        }
    }

    /// What Anna's client makes of what it heard, or what is wrong with it.
    fn seen(&self) -> Result<Sight, String> {
        let mut sight = self.welcome.unwrap();
        for event in self.heard.events() {
            match event {
                ServerEvent::ConversationChanged { conversation, .. } => {
                    sight.is_in = true;
                    sight.last = conversation.last.0;
                }
                ServerEvent::ConversationLeft { .. } => sight.is_in = false,
                ServerEvent::MessageChanged { message, .. } => {
                    let seq = message.seq.0;
                    if !self.hers.contains(&seq) {
                        return Err(format!("heard {seq}, when she was not in it"));
                    }
                    if sight.is_in && seq > sight.last + 1 {
                        return Err(format!("heard {seq} after {}", sight.last));
                    }
                    sight.last = sight.last.max(seq);
                }
                other => return Err(format!("heard {other:?}")),
            }
        }
        Ok(sight)
    }
}

fn changed(last: u64) -> Frame {
    Frame::new(&ServerEvent::ConversationChanged {
        conversation: Conversation {
            id: GROUP,
            kind: ConversationKind::Group,
            last: Seq(last),
            active_ms: 1,
            latest: None,
            read: Seq::ZERO,
            unread: 0,
            mentions: 0,
            with: None,
            group: None,
            role: None,
            closed: false,
        },
        people: Vec::new(),
    })
}

fn said(seq: u64) -> Frame {
    Frame::new(&ServerEvent::MessageChanged {
        message: Message {
            id: MessageId::from_bytes(u128::from(seq).to_be_bytes()),
            conversation: GROUP,
            author: BERT,
            seq: Seq(seq),
            changed: Seq(seq),
            sent_ms: 1,
            edited_ms: None,
            salt: None,
            body: ChatMessage::Text {
                text: "hello".to_owned(),
            },
        },
        author: Person::unnamed(BERT),
    })
}

#[test]
fn whoever_arrives_hears_all_that_is_theirs_and_nothing_else_whatever_happens_meanwhile() {
    let stories: [(bool, &[Fact]); 3] = [
        (
            false,
            &[
                AnnaComesIn,
                SomethingIsSaid,
                AnnaIsTakenOut,
                SomethingIsSaid,
            ],
        ),
        (
            true,
            &[
                SomethingIsSaid,
                AnnaIsTakenOut,
                SomethingIsSaid,
                AnnaComesIn,
            ],
        ),
        (true, &[AnnaIsTakenOut, AnnaComesIn, SomethingIsSaid]),
    ];
    let mut runs = 0;
    for (is_in, facts) in stories {
        for order in orders(facts.len()) {
            let mut run = Run {
                hub: Hub::default(),
                facts,
                began: Sight { is_in, last: 7 },
                committed: 0,
                told: 0,
                arrived: 0,
                listener: None,
                asked: Vec::new(),
                welcome: None,
                hers: Vec::new(),
                heard: Arc::default(),
            };
            for step in &order {
                run.take(*step);
            }
            let truth = run.truth(facts.len());
            match run.seen() {
                Ok(seen) => {
                    assert_eq!(seen.is_in, truth.is_in, "{facts:?} in the order {order:?}");
                    if truth.is_in {
                        assert_eq!(seen.last, truth.last, "{facts:?} in the order {order:?}");
                    }
                }
                Err(wrong) => panic!("{wrong}: {facts:?} in the order {order:?}"),
            }
            // From then on as well.
            let before = run.heard.events().len();
            run.hub.publish(GROUP, &[said(99)]);
            let hears = run.heard.events().len() > before;
            assert_eq!(hears, truth.is_in, "{facts:?} in the order {order:?}");
            runs += 1;
        }
    }
    assert!(runs > 10_000, "{runs} orders");
}

#[test]
fn who_was_taken_out_is_not_seen_there_and_sees_nobody() {
    let hub = Hub::default();
    let people = [ANNA, BERT].map(Person::unnamed);
    let [anna, bert] = people.map(|person| hub.join(&person, Proof::Guest, vec![GROUP]));
    let heard = Arc::new(Paper::default());
    anna.mailbox()
        .open(Arc::clone(&heard) as Arc<dyn Line>, &[]);
    assert_eq!(bert.open(GROUP).unwrap().online, 2);
    hub.remove(ANNA, GROUP);
    let left = heard.events();
    assert!(
        matches!(left[..], [ServerEvent::ConversationLeft { .. }]),
        "{left:?}"
    );
    assert_eq!(bert.open(GROUP).unwrap().online, 1, "without a grace");
    assert_eq!(anna.open(GROUP), None);
    hub.typing(GROUP, BERT, 1);
    hub.typing(GROUP, ANNA, 1);
    hub.tell_looks(parley_server::clock::now_ms() + 60_000);
    hub.publish(GROUP, &[said(8)]);
    assert_eq!(heard.events().len(), 1);
}

#[test]
fn a_guest_is_named_as_the_store_says_after_they_joined_unless_another_name_was_told_since() {
    let named = |name: &str| Person {
        name: Some(name.to_owned()),
        ..Person::unnamed(ANNA)
    };
    for (told, expected) in [(None, "Anna"), (Some("Anne"), "Anne")] {
        let hub = Hub::default();
        let anna = hub.register(ANNA, Proof::Guest);
        anna.join(&Person::unnamed(ANNA), vec![GROUP]);
        let bert = hub.join(&Person::unnamed(BERT), Proof::Guest, vec![GROUP]);
        if let Some(told) = told {
            hub.rename(&named(told));
        }
        anna.correct_name(&Person::unnamed(ANNA), &named("Anna"));
        let there = bert.open(GROUP).unwrap().people.unwrap();
        let seen = there.iter().find(|person| person.id == ANNA).unwrap();
        assert_eq!(seen.name.as_deref(), Some(expected));
    }
}

/// Seats a person in the group, or unseats them, as the ledger does.
fn seat(data_dir: &std::path::Path, sql: &str, person: UserId) {
    let data = rusqlite::Connection::open(data_dir.join("parley.sqlite")).unwrap();
    let head = parley_shared::chain::EMPTY_HEAD;
    data.execute(
        "INSERT INTO conversations (id, kind, created_ms, last_seq, head) VALUES (?1, 'group', 1, 0, ?2)
         ON CONFLICT (id) DO NOTHING",
        rusqlite::params![GROUP.as_bytes(), head],
    )
    .unwrap();
    data.execute(
        "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
         VALUES (?1, 'group', 'group', '', 0, 1) ON CONFLICT (conversation_id) DO NOTHING",
        rusqlite::params![GROUP.as_bytes()],
    )
    .unwrap();
    data.execute(sql, rusqlite::params![GROUP.as_bytes(), person.as_bytes()])
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_a_session_remembers_lets_nobody_in_who_was_taken_out() {
    let parts = parts().await;
    let registered = parts.register("anna").await;
    let shown = Shown::Session(secret::hash(&registered.session.0));
    let caller = callers::enter(&parts.app, shown).await.unwrap();
    let (mut session, _) = Session::open(parts.app.clone(), caller, None)
        .await
        .unwrap();
    let heard = Arc::new(Paper::default());
    session
        .mailbox()
        .open(Arc::clone(&heard) as Arc<dyn Line>, &[]);
    let insert =
        "INSERT INTO members (conversation_id, person_id, rank, joined_ms) VALUES (?1, ?2, 1, 1)";
    let delete = "DELETE FROM members WHERE conversation_id = ?1 AND person_id = ?2";
    let hub = parts.app.hub();

    for command in all_about(GROUP) {
        session.hear(&encode_command(&command)).await;
    }
    expect_refusals(&heard, 8, &Refusal::UnknownConversation).await;
    seat(parts.dir.path(), insert, registered.person);
    hub.enter(registered.person, GROUP, &changed(0));
    let commands = all_about(GROUP);
    session.hear(&encode_command(&commands[4])).await;
    session.hear(&encode_command(&commands[1])).await;
    wait(&heard, "the history", |event| {
        matches!(event, ServerEvent::History { .. })
    })
    .await;

    seat(parts.dir.path(), delete, registered.person);
    hub.remove(registered.person, GROUP);
    for command in all_about(GROUP) {
        session.hear(&encode_command(&command)).await;
    }
    // The eight from before she came in, and the same again.
    expect_refusals(&heard, 16, &Refusal::UnknownConversation).await;
    let events = heard.events();
    let left = events
        .iter()
        .position(|event| matches!(event, ServerEvent::ConversationLeft { .. }));
    let after = &events[left.unwrap() + 1..];
    assert!(
        !after.iter().any(|event| is_about(event, GROUP)),
        "{after:?}"
    );
    drop(session);
    parts.end().await;
}

/// Waits until this was told.
async fn wait(heard: &Paper, what: &str, is_it: impl Fn(&ServerEvent) -> bool) {
    let waiting = async {
        while !heard.events().iter().any(&is_it) {
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    if tokio::time::timeout(patience, waiting).await.is_err() {
        panic!("{what} did not come: {:?}", heard.events());
    }
}

/// Waits until so many commands were refused, each with this reason.
async fn expect_refusals(heard: &Paper, count: usize, with: &Refusal) {
    let refusals = || {
        let events = heard.events().into_iter();
        events.filter_map(|event| match event {
            ServerEvent::Refused { reason, .. } => Some(reason),
            _ => None,
        })
    };
    wait(heard, "so many refusals", |_| refusals().count() >= count).await;
    assert!(
        refusals().all(|reason| reason == *with),
        "{:?}",
        heard.events()
    );
}
