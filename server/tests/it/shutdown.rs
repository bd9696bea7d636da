//! Stopping and starting again. What was accepted before is there after.

use std::time::{Duration, Instant};

use parley_server::account::Proof;
use parley_server::hub::Hub;
use parley_server::hub::mailbox::{Ending, Flushed};
use parley_server::store::Store;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{RETURN_SPREAD_MS, SHUTDOWN_TIMEOUT_MS};
use parley_shared::model::Person;
use parley_shared::protocol::{ServerEvent, close_code};

use crate::client::TestClient;
use crate::journal::Journal;
use crate::plain;
use crate::process::Setup;
use crate::scene::{Scene, scene, scene_with};

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_told_to_come_back_and_when() {
    scene(async |scene| {
        let Scene {
            app,
            alice,
            bob,
            carol,
        } = scene;
        let started = Instant::now();
        app.stop().await;
        let took = started.elapsed();
        assert!(
            took < Duration::from_millis(SHUTDOWN_TIMEOUT_MS / 2),
            "it took {took:?}"
        );
        for person in [&*alice, bob, carol] {
            let after = person
                .expect("going_away", |event| match event {
                    ServerEvent::GoingAway { retry_after_ms } => Some(*retry_after_ms),
                    _ => None,
                })
                .await;
            assert!((1..=2 * RETURN_SPREAD_MS).contains(&after), "{after}");
            assert_eq!(person.expect_close().await.0, close_code::RESTART);
        }
        app.resume().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_by_stopping_in_the_middle() {
    scene_with(
        |config| config.messages_per_second = 0,
        async |scene| {
            for round in 0..3 {
                let Scene {
                    app,
                    alice,
                    bob,
                    carol,
                } = scene;
                for number in 0..150 {
                    alice.post(&format!("alice {round}.{number}")).await;
                    bob.post(&format!("bob {round}.{number}")).await;
                }
                app.restart().await;
                for person in [&mut *alice, bob, carol] {
                    person.reconnect().await;
                }
                for person in [&*alice, bob] {
                    person
                        .wait("every message to be there", |seen| {
                            (seen.on_their_way() == 0).then_some(())
                        })
                        .await;
                }
            }
            scene
                .carol
                .wait("900 messages", |seen| {
                    (seen.timeline.len() == 900).then_some(())
                })
                .await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stopped_takes_no_one_in_and_lets_go_of_its_data_at_once() {
    scene(async |scene| {
        let Scene {
            app,
            alice,
            bob,
            carol,
        } = scene;
        alice.send("kept").await;
        for _ in 0..5 {
            app.stop().await;
            assert!(app.stranger("Dave").try_reconnect().await.is_err());
            // Another server on the same data must find it free as soon as the first has ended.
            drop(parley_server::store::Store::open(app.data_dir()).expect("the data is free"));
            app.resume().await;
        }
        for person in [&mut *alice, bob, carol] {
            person.reconnect().await;
            person.expect_message("kept").await;
        }
        assert_eq!(plain::get(app.address, "/healthz").await.status, 200);
    })
    .await;
}

#[test]
fn whoever_joins_while_the_server_stops_is_sent_away_as_well() {
    let hub = Hub::default();
    let person = Person::unnamed(UserId::from_bytes([1; 16]));
    let join = || {
        hub.join(
            &person,
            Proof::Guest,
            vec![ConversationId::from_bytes([2; 16])],
        )
    };
    hub.stop_reading();
    assert!(
        join().mailbox().is_reading_stopped(),
        "nothing new is brought"
    );
    hub.close_all();
    let late = join();
    assert_eq!(late.mailbox().flush(), Flushed::End(Ending::Restart));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_to_terminate_stops_the_server_in_order() {
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let setup = Setup::new(dir.path()).await;
    let mut server = setup.start().await;
    let mut alice = TestClient::new("Alice", setup.address, Journal::default());
    alice.reconnect().await;
    alice.send("before the end").await;
    let status = server.terminate().await;
    assert!(status.success(), "{status}");
    assert_eq!(alice.expect_close().await.0, close_code::RESTART);
    Store::open(dir.path()).expect("the data is free");
}
