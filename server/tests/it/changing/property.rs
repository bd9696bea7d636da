//! Many messages, changes and deletions in an order of chance, against a model: everyone sees what the model
//! says, also whoever was away meanwhile, and the chain holds.

use parley_server::store::Store;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Message, Role};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal};
use serde_json::json;

use super::{delete, edit, words};
use crate::browser::Browser;
use crate::chance::Chance;
use crate::client::{TestClient, mint};
use crate::ledger::chain;
use crate::scene::TestApp;
use crate::talkers::send;

/// Commands that are said.
const STEPS: usize = 400;

/// What became of a command: the number of what it did, or why it did nothing.
type Outcome = Result<Seq, Refusal>;

/// A message as it must be.
struct Said {
    id: MessageId,
    author: usize,
    /// What it said, and since which change.
    texts: Vec<(Seq, String)>,
    /// Which change deleted it, and whose that was.
    deleted: Option<(Seq, usize)>,
}

/// Everything that must be so.
#[derive(Default)]
struct Model {
    messages: Vec<Said>,
    last: Seq,
    /// What was done, by whom, and at which number: it is answered so for ever.
    done: Vec<(usize, ClientCommand, Seq)>,
}

impl Model {
    /// Someone edits the message of a number.
    fn edit(&mut self, who: usize, nth: usize, text: &str) -> Outcome {
        let message = &mut self.messages[nth];
        if message.deleted.is_some() {
            return Err(Refusal::UnknownMessage);
        }
        if message.author != who {
            return Err(Refusal::NotYours);
        }
        self.last = self.last.next();
        message.texts.push((self.last, text.to_owned()));
        Ok(self.last)
    }

    /// Someone deletes the message of a number; the first of the people keeps order.
    fn delete(&mut self, who: usize, nth: usize) -> Outcome {
        let message = &mut self.messages[nth];
        if message.author != who && who != 0 {
            let needed = Role::Administrator;
            return Err(Refusal::RoleTooSmall { needed });
        }
        if let Some((seq, _)) = message.deleted {
            return Ok(seq);
        }
        self.last = self.last.next();
        message.deleted = Some((self.last, who));
        Ok(self.last)
    }

    fn send(&mut self, who: usize, id: MessageId, text: &str) -> Outcome {
        self.last = self.last.next();
        self.messages.push(Said {
            id,
            author: who,
            texts: vec![(self.last, text.to_owned())],
            deleted: None,
        });
        Ok(self.last)
    }

    /// What someone says next, and what must become of it.
    fn next(
        &mut self,
        chance: &mut Chance,
        lobby: ConversationId,
        step: usize,
    ) -> (usize, ClientCommand, Outcome) {
        let mut who = chance.index(3);
        let text = format!("step {step}");
        let nth = chance.index(self.messages.len().max(1));
        let choice = chance.index(10);
        let (command, outcome) = match self.messages.get(nth) {
            Some(message) if choice < 3 => {
                // Mostly one's own, or nearly all would be refused.
                if chance.index(4) > 0 {
                    who = message.author;
                }
                let command = edit(lobby, message.id, &text);
                (command, self.edit(who, nth, &text))
            }
            Some(message) if choice == 3 => {
                let command = delete(lobby, message.id);
                (command, self.delete(who, nth))
            }
            Some(_) if choice == 4 => {
                let (who, command, seq) = &self.done[chance.index(self.done.len())];
                return (*who, command.clone(), Ok(*seq));
            }
            _ => {
                let id = mint();
                (send(id, lobby, &text), self.send(who, id, &text))
            }
        };
        if let Ok(seq) = outcome {
            self.done.push((who, command.clone(), seq));
        }
        (who, command, outcome)
    }

    /// Asserts that someone sees everything as it must be.
    fn check(&self, who: &TestClient, people: &[UserId]) {
        let seen = who.seen();
        assert_eq!(seen.disorder, Vec::<String>::new(), "{}", who.name);
        assert_eq!(seen.timeline.through(), self.last, "{}", who.name);
        let messages: Vec<&Message> = seen.timeline.messages().map(AsRef::as_ref).collect();
        assert_eq!(messages.len(), self.messages.len(), "{}", who.name);
        for (found, said) in messages.into_iter().zip(&self.messages) {
            let (newest, text) = said.texts.last().unwrap();
            assert_eq!(
                (found.id, found.author, found.seq),
                (said.id, people[said.author], said.texts[0].0)
            );
            if let Some((seq, by)) = said.deleted {
                assert_eq!((found.changed, found.edited_ms), (seq, None), "{found:?}");
                assert!(
                    matches!(found.body, ChatMessage::Deleted { by: told, .. } if told == people[by]),
                    "{found:?}"
                );
            } else {
                assert_eq!((found.changed, &found.body), (*newest, &words(text)));
                assert_eq!(found.edited_ms.is_some(), said.texts.len() > 1);
                assert!(found.salt.is_some());
            }
        }
    }

    /// Asserts that of each message every version is there, and of a deleted one none.
    async fn check_versions(&self, browser: &mut Browser, lobby: ConversationId) {
        for said in &self.messages {
            let path = format!("/conversations/{lobby}/messages/{}/versions", said.id);
            let reply = browser.get(&path).await;
            if said.deleted.is_some() {
                reply.refused(404, "not_found");
                continue;
            }
            let page = reply.ok();
            let found = page["versions"].as_array().unwrap().iter();
            let found = found.map(|version| {
                let text = version["body"]["text"].as_str().unwrap();
                (Seq(version["seq"].as_u64().unwrap()), text.to_owned())
            });
            assert_eq!(found.collect::<Vec<_>>(), said.texts);
        }
    }
}

/// Says a command, and waits for what became of it.
async fn outcome(who: &TestClient, command: &ClientCommand) -> Outcome {
    let (ClientCommand::Send { id, .. }
    | ClientCommand::Edit { id, .. }
    | ClientCommand::Delete { id, .. }) = command
    else {
        panic!("{command:?} has no id");
    };
    who.seen().accepted.remove(id);
    who.say(command).await;
    who.wait("what became of it", |seen| {
        let accepted = seen.accepted.get(id).copied().map(Ok);
        accepted.or_else(|| seen.refused.get(id).cloned().map(Err))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_sees_what_was_said_changed_and_deleted_as_a_model_of_it_does() {
    let mut app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let policy = json!({"registration": "open", "guests": true, "contact": "friends"});
    owner.put("/server/policy", policy).await.ok();
    let mut boss = app.stranger("the owner");
    boss.set_cookie(Some(owner.cookie_header()));
    boss.reconnect().await;
    let mut people = [boss, app.person("Ann").await, app.person("Ben").await];
    let ids: Vec<UserId> = people.iter().map(TestClient::id).collect();
    let mut reader = app.person("a reader who comes and goes").await;
    let lobby = reader.lobby();
    let seed = parley_server::clock::now_ms();
    println!("seed {seed}");
    let (mut chance, mut model) = (Chance::new(seed), Model::default());
    let mut away = 0;
    for step in 0..STEPS {
        match chance.index(40) {
            0 => reader.drop_connection(),
            1 | 2 if !reader.is_connected() => reader.reconnect().await,
            _ => {}
        }
        if step % 150 == 149 {
            app.restart().await;
            for person in &mut people {
                person.reconnect().await;
            }
        }
        away += usize::from(!reader.is_connected());
        let (who, command, expected) = model.next(&mut chance, lobby, step);
        let found = outcome(&people[who], &command).await;
        assert_eq!(found, expected, "step {step}: {command:?}");
    }
    println!(
        "{} messages, {} changes, {away} steps away",
        model.messages.len(),
        model.last
    );
    let last = model.last;
    reader.reconnect().await;
    let fresh = app.person("a fresh reader").await;
    let [boss, ann, ben] = &people;
    for person in [boss, ann, ben, &reader, &fresh] {
        person.load_everything().await;
        let is_there =
            |seen: &mut crate::client::Seen| (seen.timeline.through() >= last).then_some(());
        person.wait("having seen everything", is_there).await;
        model.check(person, &ids);
    }
    let mut guest = Browser::at(&app);
    drop(guest.enter_as_guest().await);
    model.check_versions(&mut guest, lobby).await;
    app.stop().await;
    let (store, writer) = Store::open(app.data_dir()).unwrap();
    assert_eq!(chain::verify(app.data_dir(), &store).await, last.0);
    drop((store, writer));
}
