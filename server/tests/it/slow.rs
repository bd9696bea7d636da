//! Readers that do not read. They are let go and catch up; nobody waits for them.

use std::time::{Duration, Instant};

use parley_shared::limits::TEXT_BYTES_MAX;
use parley_shared::protocol::{RESYNC, close_code};

use crate::scene::{Scene, scene_with};

/// Messages of the largest size that fill every buffer on the way: the network's and the mailbox.
const MESSAGES: usize = 700;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_stops_reading_is_closed_and_catches_up_and_others_do_not_notice() {
    scene_with(
        |config| config.messages_per_second = 0,
        async |scene| {
            let Scene {
                app,
                alice,
                bob,
                carol,
            } = scene;
            let mut sleeper = app.stranger("a sleeper").with_small_receive_buffer();
            sleeper.reconnect().await;
            sleeper.set_reading(false);
            let text = |number: usize| format!("{number} {}", "x".repeat(TEXT_BYTES_MAX - 8));
            let started = Instant::now();
            for number in 0..MESSAGES {
                alice.post(&text(number)).await;
                // The others read, and are given the time to.
                if number % 32 == 0 {
                    bob.expect_message(&text(number)).await;
                    carol.expect_message(&text(number)).await;
                }
            }
            alice.send("the last").await;
            bob.expect_message("the last").await;
            let took = started.elapsed();
            assert!(took < Duration::from_secs(15), "others waited: {took:?}");
            assert!(alice.is_connected() && bob.is_connected() && carol.is_connected());

            sleeper.set_reading(true);
            let (code, reason) = sleeper.expect_close().await;
            // Whoever read nothing may find the connection gone instead of closed.
            assert!(
                (code, reason.as_str()) == (close_code::TRY_AGAIN, RESYNC) || code == 1006,
                "{code} {reason}"
            );
            let before = sleeper.seen().timeline.len();
            assert!(before < MESSAGES, "the sleeper slept");
            sleeper.reconnect().await;
            sleeper.expect_message("the last").await;
            assert_eq!(sleeper.seen().timeline.len(), MESSAGES + 1);
            let fresh = app.person("a fresh reader").await;
            app.converge(fresh, &[&sleeper]).await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_pauses_for_a_moment_is_kept() {
    scene_with(
        |config| config.messages_per_second = 0,
        async |scene| {
            let Scene { alice, bob, .. } = scene;
            bob.set_reading(false);
            for number in 0..200 {
                alice.post(&format!("short {number}")).await;
            }
            alice.send("the last").await;
            bob.set_reading(true);
            bob.expect_message("the last").await;
            assert!(bob.is_connected(), "a mailbox holds this much");
        },
    )
    .await;
}
