//! Rates and bounds on connections. Who exceeds one is told which, and others do not notice.

use std::time::Duration;

use parley_shared::codec::encode_command;
use parley_shared::limits::{
    COMMANDS_BURST_MAX, COMMANDS_PER_SECOND_MAX, MESSAGES_BURST_SECS, MESSAGES_PER_SECOND_MAX,
    REFUSALS_IN_A_ROW_MAX,
};
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::plain;
use crate::scene::{Scene, config, scene, scene_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_accepted_once_or_refused_with_a_time_and_others_get_through() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        let flood = async {
            for number in 0..1_000 {
                alice.post(&format!("flood {number}")).await;
            }
        };
        let (_, id) = tokio::join!(flood, bob.send("and I?"));
        let place = bob.expect_accepted(id).await;
        alice
            .wait("an answer to each of 1,000", |seen| {
                (seen.accepted.len() + seen.refused.len() == 1_000).then_some(())
            })
            .await;
        let seen = alice.seen();
        let burst = (MESSAGES_PER_SECOND_MAX * MESSAGES_BURST_SECS) as usize;
        assert!(
            seen.accepted.len() >= burst,
            "the burst passes: {}",
            seen.accepted.len()
        );
        assert!(
            seen.refused.len() > 300,
            "the flood does not: {}",
            seen.refused.len()
        );
        assert!(place.0 <= seen.accepted.len() as u64 + 1);
        for reason in seen.refused.values() {
            let Refusal::TooFast {
                limit_per_second,
                retry_after_ms,
            } = reason
            else {
                panic!("refused for another reason: {reason:?}");
            };
            let known = [MESSAGES_PER_SECOND_MAX, COMMANDS_PER_SECOND_MAX];
            assert!(known.contains(limit_per_second), "{reason:?}");
            assert!((1..=1_000).contains(retry_after_ms), "{reason:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_too_fast_is_accepted_after_the_time_that_was_named() {
    scene_with(
        |config| config.messages_per_second = 5,
        async |scene| {
            let alice = &scene.alice;
            let burst = (5 * MESSAGES_BURST_SECS) as usize;
            for number in 0..burst {
                alice.post(&format!("burst {number}")).await;
            }
            let id = alice.post("one too many").await;
            let (_, told_id, reason) = alice.expect_refusal().await;
            let Refusal::TooFast {
                limit_per_second: 5,
                retry_after_ms,
            } = reason
            else {
                panic!("refused for another reason: {reason:?}");
            };
            assert_eq!(told_id, Some(id));
            assert!((1..=200).contains(&retry_after_ms), "{retry_after_ms}");
            tokio::time::sleep(Duration::from_millis(retry_after_ms)).await;
            alice.seen().timeline.retry_pending(id);
            alice.resend_pending().await;
            alice.expect_accepted(id).await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_counts_a_person_and_not_each_of_their_windows() {
    scene_with(
        |config| config.messages_per_second = 1,
        async |scene| {
            let Scene {
                app, alice, bob, ..
            } = scene;
            let mut second = app.stranger("Alice's second window");
            second.set_cookie(alice.cookie().map(str::to_owned));
            second.reconnect().await;
            for number in 0..MESSAGES_BURST_SECS {
                alice.send(&format!("first window {number}")).await;
            }
            second.post("second window").await;
            let (_, _, reason) = second.expect_refusal().await;
            assert!(matches!(reason, Refusal::TooFast { .. }), "{reason:?}");
            bob.send("Bob has a rate of his own").await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_have_a_rate_as_well() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let question = encode_command(&ClientCommand::History {
            conversation: raw.lobby,
            before: None,
        });
        let asked = COMMANDS_BURST_MAX * 2;
        for _ in 0..asked {
            raw.say(&question).await;
        }
        let mut answered = 0;
        let mut refused = 0;
        while answered + refused < asked {
            let was_answered = raw
                .expect("an answer to each question", |event| match event {
                    ServerEvent::History { .. } => Some(true),
                    ServerEvent::Refused {
                        reason: Refusal::TooFast { .. },
                        ..
                    } => Some(false),
                    _ => None,
                })
                .await;
            answered += u32::from(was_answered);
            refused += u32::from(!was_answered);
        }
        assert!(answered >= COMMANDS_BURST_MAX, "{answered}");
        assert!(refused > 0, "{answered} were answered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_but_nonsense_is_sent_away() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let mut refusals = 0;
        for _ in 0..REFUSALS_IN_A_ROW_MAX {
            raw.say("nonsense").await;
            // In small steps, so that this is not a reader who falls behind.
            refusals += 1;
            if refusals % 100 == 0 {
                for _ in 0..100 {
                    raw.expect_refusal().await;
                }
            }
        }
        assert_eq!(raw.expect_close().await.0, 1008);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_fit_are_told_so_and_room_is_made_by_leaving() {
    scene_with(
        |config| config.max_connections = 5,
        async |scene| {
            let app = &scene.app;
            let fourth = app.raw().await;
            let fifth = app.raw().await;
            let answer = plain::get(app.address, "/healthz").await;
            assert_eq!(answer.status, 503, "{answer:?}");
            assert!(answer.header("retry-after").is_some());
            drop((fourth, fifth));
            let admitted = async {
                while plain::get(app.address, "/healthz").await.status != 200 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), admitted)
                .await
                .expect("those who left made room");
        },
    )
    .await;
}

/// This machine's address on its network, if it is on one. Nothing is sent.
fn own_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_its_bound_and_loopback_is_not_counted() {
    let data_dir = tempfile::tempdir().unwrap();
    let mut settings = config(data_dir.path());
    settings.listen = "0.0.0.0:0".to_owned();
    settings.max_connections_per_address = 2;
    let listener = parley_server::listen(&settings).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let server = tokio::spawn(parley_server::run(listener, settings, shutdown.clone()));

    let loopback = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(TcpStream::connect(loopback).await.unwrap());
    }
    assert_eq!(plain::get(loopback, "/healthz").await.status, 200);
    // A machine on no network has only its loopback; the counting itself has tests of its own.
    if let Some(address) = own_address() {
        let outside = std::net::SocketAddr::from((address, port));
        let _first = TcpStream::connect(outside).await.unwrap();
        let _second = TcpStream::connect(outside).await.unwrap();
        let mut third = TcpStream::connect(outside).await.unwrap();
        let mut answer = Vec::new();
        third.read_to_end(&mut answer).await.unwrap();
        assert_eq!(plain::parse(&answer).status, 429);
        assert_eq!(plain::get(loopback, "/healthz").await.status, 200);
    }
    drop(held);
    shutdown.cancel();
    server.await.unwrap().unwrap();
}
