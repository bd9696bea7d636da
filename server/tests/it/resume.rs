//! Losing the connection and coming back. Nothing may be missing, nothing twice.

use parley_shared::limits::PAGE_MESSAGES_MAX;
use parley_shared::protocol::ClientCommand;

use crate::scene::{Scene, scene, scene_with};
use crate::talkers::{Talker, change_data, team};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_away_catches_up_over_several_pages_while_others_write() {
    scene_with(
        |config| config.messages_per_second = 0,
        async |scene| {
            let Scene {
                alice, bob, carol, ..
            } = scene;
            alice.send("before").await;
            bob.expect_message("before").await;
            bob.drop_connection();
            let missed = PAGE_MESSAGES_MAX * 4;
            for number in 0..missed {
                alice.post(&format!("missed {number}")).await;
            }
            alice.send("the last that is missed").await;
            let (_, ()) = tokio::join!(
                async {
                    for number in 0..100 {
                        carol.post(&format!("meanwhile {number}")).await;
                    }
                },
                bob.reconnect(),
            );
            bob.wait("everything", |seen| {
                (seen.timeline.len() == missed + 102).then_some(())
            })
            .await;
            assert!(bob.seen().find("missed 0").is_some());
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_new_sees_the_newest_page_and_all_older_ones_on_demand() {
    scene(async |scene| {
        let Scene { app, alice, .. } = scene;
        let count = PAGE_MESSAGES_MAX * 2 + 20;
        for number in 0..count {
            alice.post(&format!("old {number}")).await;
        }
        alice
            .wait("all to be accepted", |seen| {
                (seen.accepted.len() == count).then_some(())
            })
            .await;
        let dave = app.person("Dave").await;
        assert_eq!(dave.seen().timeline.len(), PAGE_MESSAGES_MAX);
        assert_eq!(
            dave.texts()[0],
            format!("old {}", count - PAGE_MESSAGES_MAX)
        );
        assert!(dave.seen().timeline.has_more());
        dave.load_everything().await;
        assert_eq!(dave.seen().timeline.len(), count);
        assert!(!dave.seen().timeline.has_more());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_whose_answer_was_never_heard_are_there_once_after_sending_again() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        for round in 0..8 {
            for number in 0..5 {
                alice
                    .post(&format!("round {round}, message {number}"))
                    .await;
            }
            // Some are on their way, some are on disk, some were answered.
            tokio::time::sleep(std::time::Duration::from_millis(round)).await;
            alice.drop_connection();
            alice.reconnect().await;
        }
        alice
            .wait("all to be there", |seen| {
                (seen.on_their_way() == 0).then_some(())
            })
            .await;
        bob.wait("40 messages", |seen| {
            (seen.timeline.len() == 40).then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_drops_in_turn_while_everyone_writes() {
    scene_with(
        |config| config.messages_per_second = 0,
        async |scene| {
            let Scene {
                alice, bob, carol, ..
            } = scene;
            for round in 0..12 {
                let people = [&mut *alice, &mut *bob, &mut *carol];
                for person in &people {
                    for number in 0..10 {
                        let text = format!("{} {round}.{number}", person.name);
                        person.post(&text).await;
                    }
                }
                let [first, second, third] = people;
                let leaver = match round % 3 {
                    0 => first,
                    1 => second,
                    _ => third,
                };
                leaver.drop_connection();
                leaver.reconnect().await;
            }
            for person in [&*alice, bob, carol] {
                person
                    .wait("360 messages", |seen| {
                        (seen.timeline.len() == 360).then_some(())
                    })
                    .await;
            }
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_changes_from_nowhere_or_the_future_is_answered() {
    use parley_shared::ids::Seq;
    use parley_shared::limits::SEQ_MAX;
    use parley_shared::protocol::ServerEvent;

    scene(async |scene| {
        let Scene { app, alice, .. } = scene;
        alice.send("one").await;
        let mut raw = app.raw().await;
        for (since, expected) in [(0, 1), (1, 0), (7, 0), (SEQ_MAX, 0)] {
            let command = ClientCommand::Changes {
                conversation: raw.lobby,
                since: Seq(since),
            };
            raw.say(&parley_shared::codec::encode_command(&command))
                .await;
            let (count, through, more) = raw
                .expect("changes", |event| match event {
                    ServerEvent::Changes {
                        since: asked,
                        messages,
                        through,
                        more,
                        ..
                    } => {
                        assert_eq!(asked.0, since, "the question is named in the answer");
                        Some((messages.len(), through.0, *more))
                    }
                    _ => None,
                })
                .await;
            assert_eq!(
                (count, through, more),
                (expected, 1, false),
                "since {since}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_while_the_server_was_stopped_makes_nothing_older_than_before() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    anna.write(lobby, "before").await;
    app.stop().await;
    // As if all that was said had been said by a clock that went an hour fast.
    let fast_ms = parley_server::clock::now_ms() + 3_600_000;
    let fast = i64::try_from(fast_ms).unwrap();
    change_data(&app, "UPDATE conversations SET active_ms = ?1", &[&fast]);
    app.resume().await;
    anna.browser.address = app.address;
    anna.reconnect().await;
    anna.write(lobby, "after").await;
    let stands = anna.line.ask_conversation(lobby).await;
    assert!(stands.active_ms >= fast_ms, "{stands:?}");
    assert!(stands.latest.unwrap().sent_ms >= fast_ms);
}
