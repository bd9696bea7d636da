//! What someone is told who was away: what changed for them since, and nothing else.

use parley_shared::ids::{ConversationId, Stamp};
use parley_shared::protocol::ServerEvent;
use serde_json::json;

use crate::contacts::Someone;
use crate::groups::{id, team};
use crate::scene::TestApp;

mod bounds;
mod memory;
mod pongs;
mod races;

use memory::Memory;

/// Someone with conversations of every kind, and the others there.
struct World {
    app: TestApp,
    anna: Someone,
    bert: Someone,
    carl: Someone,
    memory: Memory,
    /// Anna's group, with Bert.
    garden: String,
    /// Bert's group, with Anna and Carl.
    club: String,
    /// Anna's talks.
    with_bert: ConversationId,
    with_carl: ConversationId,
}

impl World {
    async fn new() -> Self {
        let (app, [mut anna, mut bert, mut carl]) = team(["anna", "bert", "carl"]).await;
        let garden = anna.make_group(false, &[&bert.id]).await;
        let club = bert.make_group(true, &[&anna.id, &carl.id]).await;
        let with_bert = anna.talk_with(&bert.id).await;
        let with_carl = carl.talk_with(&anna.id).await;
        anna.talk_with(&anna.id.clone()).await;
        bert.write(&with_bert.to_string(), "hello")
            .await
            .unwrap_err();
        anna.write(&with_bert.to_string(), "hello").await.unwrap();
        carl.write(&with_carl.to_string(), "hello").await.unwrap();
        let memory = Memory::fresh(&anna.browser).await;
        assert_eq!(memory.conversations.len(), 6);
        let mut world = Self {
            app,
            anna,
            bert,
            carl,
            memory,
            garden,
            club,
            with_bert,
            with_carl,
        };
        world.expect(&[], &[], "nothing happened").await;
        world
    }

    /// Asserts that Anna, who was away, is told of these conversations and of no others, that she left
    /// these, and that what she knows then is true.
    async fn expect(&mut self, told: &[ConversationId], left: &[ConversationId], when: &str) {
        let before = self.memory.stamp;
        self.memory.come_back().await;
        assert_eq!(self.memory.since, Some(before), "{when}");
        // The Lobby is told in any case, and first.
        let mut named: Vec<_> = self.memory.told.iter().skip(1).map(|one| one.id).collect();
        let mut told = told.to_vec();
        named.sort_unstable();
        told.sort_unstable();
        assert_eq!(named, told, "{when}");
        assert_eq!(self.memory.left, left, "{when}");
        self.memory.expect_true(when).await;
        self.memory.leave();
    }

    fn club(&self) -> ConversationId {
        id(&self.club)
    }

    fn garden(&self) -> ConversationId {
        id(&self.garden)
    }
}

impl Someone {
    async fn talk_with(&mut self, other: &str) -> ConversationId {
        let path = format!("/direct/{other}");
        let talk = self.browser.put(&path, json!({})).await.ok();
        id(talk["id"].as_str().unwrap())
    }

    /// Says a command about a conversation, and hears that it was done.
    async fn mark(&mut self, command: &str, conversation: ConversationId, field: &str, seq: u64) {
        let ask = json!({"type": command, "conversation": conversation, field: seq});
        self.wire.say(&ask.to_string()).await;
        self.wire
            .expect("the mark", |event| match event {
                ServerEvent::ReadChanged {
                    conversation: about,
                    ..
                } => (*about == conversation).then_some(()),
                _ => None,
            })
            .await;
    }

    /// Changes what stands last in a conversation, which is theirs.
    async fn change_last(&mut self, conversation: &str, change: &str) {
        let stands = self.read(conversation).await.unwrap();
        let (id, message) = (crate::client::mint(), stands.last().unwrap().id);
        let mut ask = json!({"type": change, "id": id, "conversation": conversation,
            "message": message});
        if change == "edit" {
            ask["body"] = json!({"type": "text", "text": "peas"});
        }
        self.wire.say(&ask.to_string()).await;
        self.wire
            .expect("the change to be accepted", |event| match event {
                ServerEvent::Accepted { id: told, .. } => (*told == id).then_some(()),
                ServerEvent::Refused { reason, .. } => panic!("refused: {reason}"),
                _ => None,
            })
            .await;
    }

    async fn rename(&mut self, name: &str) {
        let ask = json!({"name": name});
        self.browser.patch("/me", ask).await.ok();
    }

    async fn unblock(&mut self, other: &str) {
        self.browser.delete(&format!("/blocks/{other}")).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_and_done_in_a_conversation_is_told_and_nothing_of_the_others() {
    let mut world = World::new().await;
    let (club, garden) = (world.club(), world.garden());
    world.bert.write(&world.garden, "beans").await.unwrap();
    world.expect(&[garden], &[], "a message").await;
    for change in ["edit", "delete"] {
        world.bert.change_last(&world.garden, change).await;
        world.expect(&[garden], &[], change).await;
    }
    let talk = world.with_carl;
    world.carl.write(&talk.to_string(), "well").await.unwrap();
    world.expect(&[talk], &[], "a message between two").await;
    for (what, ask) in [
        ("a name", json!({"name": "Beekeepers"})),
        ("a text", json!({"about": "Bees."})),
        ("archived", json!({"archived": true})),
        ("opened again", json!({"archived": false})),
    ] {
        world.bert.change(&world.club, ask).await.ok();
        world.expect(&[club], &[], what).await;
    }
    let anna = world.anna.id.clone();
    let promoted = world.bert.give_role(&world.club, &anna, "administrator");
    promoted.await.ok();
    world.expect(&[club], &[], "a role").await;
    world.carl.leave(&world.club).await.ok();
    world.expect(&[club], &[], "another left").await;
    world.expect(&[], &[], "nothing more").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_in_the_lobby_is_told_as_the_lobby_always_is() {
    let mut world = World::new().await;
    let lobby = world.bert.wire.lobby;
    world
        .bert
        .write(&lobby.to_string(), "hello all")
        .await
        .unwrap();
    world.expect(&[], &[], "a message in the Lobby").await;
    let told = &world.memory.told[0];
    assert_eq!((told.id, told.unread), (lobby, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_did_on_another_device_is_told() {
    let mut world = World::new().await;
    let talk = world.with_carl;
    world.anna.mark("read", talk, "through", 1).await;
    world.expect(&[talk], &[], "read on another device").await;
    world.anna.mark("mark_unread", talk, "from", 1).await;
    world.expect(&[talk], &[], "marked as unread").await;
    world.carl.write(&world.club, "hello").await.unwrap();
    let club = world.club();
    world.carl.mark("read", club, "through", 3).await;
    world.anna.mark("read", club, "through", 3).await;
    world
        .expect(&[club], &[], "what others read is theirs")
        .await;
    world.carl.mark("mark_unread", club, "from", 1).await;
    world.expect(&[], &[], "what others read").await;
    let notes = world.anna.talk_with(&world.anna.id.clone()).await;
    world.anna.write(&notes.to_string(), "milk").await.unwrap();
    world.expect(&[notes], &[], "a note").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_write_to_whom_and_how_they_are_called_is_told_where_it_shows() {
    let mut world = World::new().await;
    let (anna, carl) = (world.anna.id.clone(), world.carl.id.clone());
    world.carl.block(&anna).await;
    world.expect(&[world.with_carl], &[], "blocked").await;
    world.carl.unblock(&anna).await;
    world
        .expect(&[world.with_carl], &[], "no longer blocked")
        .await;
    world.anna.block(&carl).await;
    world
        .expect(&[world.with_carl], &[], "blocked by oneself")
        .await;
    world.anna.unblock(&carl).await;
    world.expect(&[world.with_carl], &[], "and no longer").await;
    world.carl.rename("Carla").await;
    world.expect(&[world.with_carl], &[], "another name").await;
    let named = &world.memory.people[&carl.parse().unwrap()];
    assert_eq!(named.name.as_deref(), Some("Carla"));
    let file = crate::pictures::red();
    let picture = world
        .carl
        .browser
        .ask_raw("PUT", "/me/picture", Some("image/png"), &file);
    picture.await.ok();
    world.expect(&[world.with_carl], &[], "a picture").await;
    world.anna.rename("Anne").await;
    world.expect(&[], &[], "one's own name").await;
    let bert = world.bert.id.clone();
    world.carl.block(&bert).await;
    world.carl.unblock(&bert).await;
    world
        .expect(&[], &[], "what others have between them")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_in_going_and_coming_back_is_told() {
    let mut world = World::new().await;
    let (anna, carl) = (world.anna.id.clone(), world.carl.id.clone());
    let (club, garden) = (world.club(), world.garden());
    let hall = world.carl.make_group(true, &[]).await;
    world.expect(&[], &[], "a group of others").await;
    world.anna.join(&hall).await.ok();
    world.expect(&[id(&hall)], &[], "joined").await;
    world.anna.leave(&hall).await.ok();
    world.expect(&[], &[id(&hall)], "left").await;
    world.carl.write(&hall, "she is gone").await.unwrap();
    world.expect(&[], &[], "what is said where one was").await;
    world.carl.add(&hall, &[&anna]).await.ok();
    world.expect(&[id(&hall)], &[], "brought back").await;
    world.carl.remove(&hall, &anna).await.ok();
    world.expect(&[], &[id(&hall)], "removed").await;
    world.bert.ban(&world.club, &anna).await.ok();
    world.expect(&[], &[club], "banned").await;
    world
        .anna
        .leave(&world.garden)
        .await
        .refused(409, "last_owner");
    world
        .anna
        .remove(&world.garden, &world.bert.id.clone())
        .await
        .ok();
    world.expect(&[garden], &[], "who was removed by her").await;
    world.carl.add(&hall, &[&anna]).await.ok();
    world.carl.remove(&hall, &anna).await.ok();
    world.carl.add(&hall, &[&anna]).await.ok();
    world
        .expect(&[id(&hall)], &[], "out and in while away")
        .await;
    world.carl.remove(&hall, &anna).await.ok();
    world.carl.add(&hall, &[&anna]).await.ok();
    world.carl.remove(&hall, &anna).await.ok();
    world
        .expect(&[], &[id(&hall)], "in and out while away")
        .await;
    let mut dora = Someone::new(&world.app, "dora").await;
    world.expect(&[], &[], "somebody new").await;
    let talk = dora.talk_with(&anna).await;
    world.expect(&[], &[], "what somebody only looks at").await;
    dora.write(&talk.to_string(), "hello").await.unwrap();
    world.expect(&[talk], &[], "the first message").await;
    drop(carl);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_accounts_is_told_where_it_shows() {
    let mut world = World::new().await;
    let (mut boss, carl) = (world.owner().await, world.carl.id.clone());
    let path = format!("/people/{carl}/active");
    boss.put(&path, json!({"active": false})).await.ok();
    world.expect(&[world.with_carl], &[], "deactivated").await;
    boss.put(&path, json!({"active": true})).await.ok();
    world.expect(&[world.with_carl], &[], "active again").await;
    // While neither could write to the other, what closed was told to nobody.
    let of_anna = format!("/people/{}/active", world.anna.id);
    boss.put(&of_anna, json!({"active": false})).await.ok();
    boss.put(&path, json!({"active": false})).await.ok();
    boss.put(&of_anna, json!({"active": true})).await.ok();
    world.anna.browser.sign_in("anna").await.ok();
    let stamp = world.memory.stamp;
    world.memory.in_browser(&world.anna.browser);
    world.memory.come_back().await;
    assert_eq!(world.memory.since, Some(stamp));
    world.memory.expect_true("both were deactivated").await;
    assert!(world.memory.conversations[&world.with_carl].closed);
    world.memory.leave();
    boss.put(&path, json!({"active": true})).await.ok();
    world.carl.browser.sign_in("carl").await.ok();
    world
        .expect(&[world.with_carl], &[], "the other came back")
        .await;
    let club = world.club();
    let ask = json!({"password": crate::browser::PASSWORD});
    world
        .carl
        .browser
        .ask("DELETE", "/me", Some(ask))
        .await
        .ok();
    world.expect(&[club, world.with_carl], &[], "deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_while_the_servers_rules_changed_is_told_of_everything() {
    let mut world = World::new().await;
    let mut boss = world.owner().await;
    let mut memory = Memory::fresh(&world.anna.browser).await;
    let policy = |contact: &str, guests: bool| json!({"registration": "open", "guests": guests, "contact": contact});
    boss.put("/server/policy", policy("team", true)).await.ok();
    world.expect(&[], &[], "the same rules").await;
    boss.put("/server/policy", policy("friends", true))
        .await
        .ok();
    // Who was there was told nothing of it, and is told no stamp that would pass over it.
    let before = memory.stamp;
    memory.ping().await;
    assert_eq!(memory.stamp, before);
    for memory in [&mut memory, &mut world.memory] {
        memory.come_back().await;
        assert_eq!(memory.since, None);
        assert!(memory.conversations[&world.with_carl].closed);
        memory.expect_true("other rules").await;
    }
    memory.ping().await;
    world.memory.leave();
    world.expect(&[], &[], "once").await;
    assert!(memory.stamp >= world.memory.stamp.min(Stamp(1)));
}

impl World {
    /// The server's owner, who registered first.
    async fn owner(&self) -> crate::browser::Browser {
        let mut boss = crate::browser::Browser::at(&self.app);
        boss.sign_in("owner").await.ok();
        boss
    }
}
