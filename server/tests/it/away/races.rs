//! Many changes by many people at once, while someone comes and goes: what they remember is true in the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::World;
use crate::chance::Chance;
use crate::contacts::Someone;

/// Changes that each of them tries.
const STEPS: usize = 60;

/// Where things happen, and to whom.
#[derive(Clone)]
struct Stage {
    anna: String,
    groups: [String; 2],
    talks: [String; 2],
}

impl Stage {
    /// Does something. Much of it is refused, which is no matter.
    async fn act(&self, someone: &mut Someone, chance: &mut Chance, step: usize) {
        let group = &self.groups[chance.index(2)];
        let talk = &self.talks[chance.index(2)];
        let name = format!("name {step}");
        match chance.index(16) {
            0..=3 => say_and_change(someone, group, chance).await,
            4 | 5 => drop(someone.write(talk, "to one").await),
            6 => drop(someone.change(group, json!({"name": name})).await),
            7 => drop(
                someone
                    .change(group, json!({"archived": step.is_multiple_of(2)}))
                    .await,
            ),
            8 => drop(someone.add(group, &[&self.anna]).await),
            9 => drop(someone.remove(group, &self.anna).await),
            10 => drop(someone.give_role(group, &self.anna, "administrator").await),
            11 => drop(someone.join(group).await),
            12 => drop(someone.leave(group).await),
            13 => someone.rename(&name).await,
            14 => {
                let path = format!("/blocks/{}", self.anna);
                drop(someone.browser.put(&path, json!({})).await);
            }
            _ => {
                let path = format!("/blocks/{}", self.anna);
                drop(someone.browser.delete(&path).await);
            }
        }
        // What one reads, and what one marks as unread, on a device of one's own.
        let (command, field) = [("read", "through"), ("mark_unread", "from")][chance.index(2)];
        let conversation = if chance.index(2) == 0 { group } else { talk };
        let seq = chance.index(30);
        let ask = json!({"type": command, "conversation": conversation, field: seq});
        someone.wire.say(&ask.to_string()).await;
    }
}

/// Says something, and then perhaps something else, or nothing any more; waits for none of it.
async fn say_and_change(someone: &mut Someone, conversation: &str, chance: &mut Chance) {
    let (message, change) = (crate::client::mint(), crate::client::mint());
    let body = json!({"type": "text", "text": "to the group"});
    let send = json!({"type": "send", "id": message, "conversation": conversation, "body": body});
    someone.wire.say(&send.to_string()).await;
    let then = match chance.index(3) {
        0 => json!({"type": "edit", "id": change, "conversation": conversation,
            "message": message, "body": {"type": "text", "text": "to all of you"}}),
        1 => json!({"type": "delete", "id": change, "conversation": conversation,
            "message": message}),
        _ => return,
    };
    someone.wire.say(&then.to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_and_goes_among_changes_knows_in_the_end_what_a_fresh_client_finds() {
    let seed = parley_server::clock::now_ms();
    println!("seed {seed}");
    let World {
        app,
        anna,
        bert,
        carl,
        mut memory,
        garden,
        club,
        with_bert,
        with_carl,
    } = World::new().await;
    let stage = Stage {
        anna: anna.id.clone(),
        groups: [garden, club],
        talks: [with_bert.to_string(), with_carl.to_string()],
    };
    let acting = Arc::new(AtomicUsize::new(3));
    let mut actors = Vec::new();
    for (number, mut someone) in [anna, bert, carl].into_iter().enumerate() {
        let (stage, acting) = (stage.clone(), Arc::clone(&acting));
        actors.push(tokio::spawn(async move {
            let mut chance = Chance::new(seed).branch(number as u64);
            for step in 0..STEPS {
                stage.act(&mut someone, &mut chance, step).await;
            }
            // What was said last on the wire is done before this is answered.
            let notes = someone.talk_with(&someone.id.clone()).await;
            let ask = json!({"type": "send", "id": crate::client::mint(), "conversation": notes,
                "body": {"type": "text", "text": "done"}});
            someone.wire.say(&ask.to_string()).await;
            someone.hears_message(&notes.to_string()).await;
            acting.fetch_sub(1, Ordering::AcqRel);
            someone
        }));
    }
    let mut chance = Chance::new(seed).branch(99);
    let (mut times, mut since) = (0, 0);
    while acting.load(Ordering::Acquire) > 0 {
        memory.come_back().await;
        times += 1;
        since += usize::from(memory.since.is_some());
        // Now and then it goes before it heard how far everything was told.
        for _ in 0..chance.index(3) {
            memory.ping().await;
        }
    }
    for actor in actors {
        drop(actor.await.unwrap());
    }
    memory.come_back().await;
    memory.expect_true(&format!("seed {seed}")).await;
    memory.ping().await;
    memory.come_back().await;
    memory.expect_true(&format!("seed {seed}, once more")).await;
    println!("came back {times} times, {since} of them since a stamp");
    assert!(since > times / 2);
    drop(app);
}
