//! Who is there and who types, over real connections and in real time. The rules have tests of their own.

use std::time::{Duration, Instant};

use parley_shared::limits::{PRESENCE_GRACE_MS, TYPING_EXPIRES_MS};
use parley_shared::model::Presence;
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::client::TestClient;
use crate::scene::{Scene, scene};

/// How late an event may come on a busy machine.
const SLACK: Duration = Duration::from_secs(4);

async fn expect_online(person: &TestClient, online: u32) {
    let what = format!("{online} people");
    person
        .wait(&what, |seen| (seen.presence.online == online).then_some(()))
        .await;
}

fn is_listed(presence: &Presence, person: &TestClient) -> bool {
    let mut listed = presence.people.iter().flatten();
    listed.any(|listed| listed.id == person.id())
}

fn presence_of(event: &ServerEvent) -> Option<u32> {
    match event {
        ServerEvent::PresenceChanged { presence, .. } => Some(presence.online),
        _ => None,
    }
}

async fn expect_typing(reader: &TestClient, writers: &[&TestClient]) {
    let mut ids: Vec<_> = writers.iter().map(|writer| writer.id()).collect();
    ids.sort_unstable();
    let what = format!("{} people typing", ids.len());
    reader
        .expect(&what, |event| match event {
            ServerEvent::TypingChanged { people, .. } => {
                let typing: Vec<_> = people.iter().map(|person| person.id).collect();
                (typing == ids).then_some(())
            }
            _ => None,
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_arrives_is_told_and_who_leaves_after_a_grace() {
    scene(async |scene| {
        let Scene {
            app,
            alice,
            bob,
            carol,
        } = scene;
        for person in [&*alice, bob, carol] {
            expect_online(person, 3).await;
        }
        let mut dave = app.person("Dave").await;
        expect_online(alice, 4).await;
        let listed = alice.seen().presence.clone();
        assert!(
            [&*alice, bob, carol, &dave]
                .iter()
                .all(|person| is_listed(&listed, person))
        );

        let left = Instant::now();
        dave.drop_connection();
        expect_online(alice, 3).await;
        let took = left.elapsed();
        let grace = Duration::from_millis(PRESENCE_GRACE_MS);
        assert!(
            took > grace - Duration::from_millis(100),
            "told too early: {took:?}"
        );
        assert!(took < grace + SLACK, "told too late: {took:?}");
        assert!(!is_listed(&alice.seen().presence.clone(), &dave));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_is_not_told() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        expect_online(alice, 3).await;
        bob.drop_connection();
        bob.reconnect().await;
        expect_online(bob, 3).await;
        // What came before, when the three arrived one by one, is not what this is about.
        while alice.seen().take(&mut presence_of).is_some() {}
        tokio::time::sleep(Duration::from_millis(PRESENCE_GRACE_MS + 1_000)).await;
        let told = alice.seen().take(&mut presence_of);
        assert_eq!(told, None, "nobody came and nobody went");
        assert_eq!(alice.seen().presence.online, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown_and_ends_with_the_message_or_by_itself() {
    scene(async |scene| {
        let Scene {
            alice, bob, carol, ..
        } = scene;
        let typing = ClientCommand::Typing {
            conversation: alice.lobby(),
        };
        alice.say(&typing).await;
        bob.say(&typing).await;
        expect_typing(carol, &[alice, bob]).await;
        alice.send("done typing").await;
        expect_typing(carol, &[bob]).await;
        let started = Instant::now();
        expect_typing(carol, &[]).await;
        let took = started.elapsed();
        let expires = Duration::from_millis(TYPING_EXPIRES_MS);
        assert!(took < expires + SLACK, "typing for {took:?}");
        assert!(took > expires / 4, "typing for {took:?} only");
    })
    .await;
}
