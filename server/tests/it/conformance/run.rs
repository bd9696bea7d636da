//! Has the cases, and chance, asked of the echo and of the server.

use std::net::SocketAddr;
use std::time::Duration;

use parley_shared::limits::FRAME_BYTES_MAX;

use super::cases::{self, Case, End};
use super::chance::Chance;
use super::model::{self, Said};
use super::peer::{Peer, Told};
use super::stream::{self, Sent};
use super::{ECHO_BYTES_MAX, echo};
use crate::scene::TestApp;

/// Longer streams are not said byte by byte.
const SPELLED_BYTES_MAX: usize = 400;
/// Streams by chance that go over a connection. Many more are read without one.
const STREAMS: u64 = 100;

/// How a client says something.
#[derive(Debug, Clone, Copy)]
enum Way {
    WithTheRequest,
    AtOnce,
    ByteByByte,
}

async fn say(address: SocketAddr, path: &str, way: Way, said: &[u8]) -> Peer {
    match way {
        Way::WithTheRequest => Peer::connect(address, path, said).await,
        Way::AtOnce => {
            let mut peer = Peer::connect(address, path, b"").await;
            peer.say(said).await;
            peer
        }
        Way::ByteByByte => {
            let mut peer = Peer::connect(address, path, b"").await;
            peer.spell(said).await;
            peer
        }
    }
}

/// Asserts that a connection lives, or ended as it should. `past` chat, if the server may chat.
async fn expect_end(mut peer: Peer, case: &Case, way: Way, past: bool) {
    let what = format!("{} {} {way:?}", case.section, case.name);
    let mut next = async || match past {
        true => peer.hear_protocol().await,
        false => peer.hear().await,
    };
    let expected = match &case.end {
        End::Lives => {
            peer.say(&Sent::whole(cases::PING, b"alive?").bytes()).await;
            let mut told = peer.hear().await;
            while past && matches!(told, Told::Text(_) | Told::Ping) {
                told = peer.hear().await;
            }
            assert_eq!(told, Told::Pong(b"alive?".to_vec()), "{what}");
            return;
        }
        End::Answered(payload) => payload.clone(),
        End::Failed(code) => code.to_be_bytes().to_vec(),
    };
    let told = next().await;
    let Told::Close(payload) = &told else {
        panic!("{what}: {told:?} instead of a closing frame");
    };
    if matches!(case.end, End::Failed(_)) {
        assert_eq!(payload[..2], expected, "{what}: {told:?}");
        let reason = std::str::from_utf8(&payload[2..]).unwrap();
        assert!(!reason.is_empty(), "{what}: it says why");
    } else {
        assert_eq!(payload, &expected, "{what}");
    }
    // Section 7.1.1: it is the server that ends the connection, and it need not be asked.
    assert_eq!(next().await, Told::Gone, "{what}");
    peer.hang_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_holds_every_case_however_it_is_said() {
    let address = echo().await;
    let cases = cases::all();
    println!("{} cases", cases.len());
    for case in &cases {
        for way in [Way::WithTheRequest, Way::AtOnce, Way::ByteByByte] {
            if matches!(way, Way::ByteByByte) && case.said.len() > SPELLED_BYTES_MAX {
                continue;
            }
            let mut peer = say(address, "/", way, &case.said).await;
            for expected in &case.told {
                let told = peer.hear().await;
                assert_eq!(&told, expected, "{} {} {way:?}", case.section, case.name);
            }
            expect_end(peer, case, way, false).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_holds_every_case_too() {
    let mut app = TestApp::start(|_| {}).await;
    for case in &cases::all() {
        // The echo of these tests has a smaller bound; the server's is asked for below.
        if case.said.len() > ECHO_BYTES_MAX || case.end == End::Failed(1009) {
            continue;
        }
        let mut peer = say(app.address, "/ws", Way::AtOnce, &case.said).await;
        for expected in &case.told {
            if let Told::Pong(_) = expected {
                let told = peer.hear_protocol().await;
                assert_eq!(&told, expected, "{} {}", case.section, case.name);
            }
        }
        expect_end(peer, case, Way::AtOnce, true).await;
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_how_much_a_message_may_have() {
    let mut app = TestApp::start(|_| {}).await;
    let most = vec![b' '; FRAME_BYTES_MAX];
    let mut peer = Peer::connect(app.address, "/ws", b"").await;
    peer.say(&Sent::whole(cases::TEXT, &most).bytes()).await;
    peer.say(&Sent::whole(cases::PING, b"alive?").bytes()).await;
    assert_eq!(peer.hear_protocol().await, Told::Pong(b"alive?".to_vec()));
    let claim = Sent::whole(cases::TEXT, b"").with(|frame| {
        (frame.width, frame.length) = (8, FRAME_BYTES_MAX as u64 + 1);
    });
    peer.say(&claim.bytes()).await;
    let reason = format!("\u{3}\u{f1}a message may have at most {FRAME_BYTES_MAX} bytes");
    let reason: Vec<u8> = reason.chars().map(|it| it as u8).collect();
    assert_eq!(peer.hear_protocol().await, Told::Close(reason));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_up_without_a_word_is_let_go() {
    let address = echo().await;
    let cut_off = Sent::whole(cases::TEXT, b"Hello").bytes();
    for said in [&cut_off[..0], &cut_off[..1], &cut_off[..8]] {
        let mut peer = Peer::connect(address, "/", said).await;
        peer.hang_up().await;
        assert_eq!(peer.hear().await, Told::Close(Vec::new()));
        assert_eq!(peer.hear().await, Told::Gone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_says_what_the_model_says_to_streams_by_chance() {
    let address = echo().await;
    for seed in 0..STREAMS {
        let mut chance = Chance::new(seed);
        let bytes = stream::any(&mut chance, 1_000);
        let pieces = stream::cut(&mut chance, &bytes);
        let mut peer = Peer::connect(address, "/", b"").await;
        for piece in pieces {
            peer.say(piece).await;
            if chance.percent(2) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let (said, end) = model::read(&bytes, ECHO_BYTES_MAX);
        for said in said {
            let expected = match said {
                Said::Text(text) => Told::Text(text),
                Said::Binary(bytes) => Told::Binary(bytes),
                Said::Ping(payload) => Told::Pong(payload),
                Said::Pong => continue,
                Said::Close(None) => Told::Close(Vec::new()),
                Said::Close(Some((code, reason))) => {
                    Told::Close([&code.to_be_bytes()[..], &reason].concat())
                }
            };
            assert_eq!(peer.hear().await, expected, "seed {seed}");
        }
        match end {
            model::End::Open => peer.hang_up().await,
            model::End::Closed => {}
            model::End::Wrong(code) => match peer.hear().await {
                Told::Close(payload) => {
                    assert_eq!(payload[..2], code.to_be_bytes(), "seed {seed}");
                }
                told => panic!("seed {seed}: {told:?} instead of a closing frame"),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_talks_to_a_client_that_others_wrote() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::Message;

    let address = echo().await;
    let (mut client, _) = tokio_tungstenite::connect_async(format!("ws://{address}/"))
        .await
        .unwrap();
    let messages = [
        Message::text("Hello"),
        Message::text(cases::WORD),
        Message::text(""),
        Message::binary(vec![0xff; ECHO_BYTES_MAX]),
    ];
    for message in messages {
        client.send(message.clone()).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), message);
    }
    client.send(Message::Ping("now".into())).await.unwrap();
    let pong = client.next().await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong("now".into()));
    client.close(None).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::Close(None));
    assert!(client.next().await.is_none());
}
