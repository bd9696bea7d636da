//! Frames that no proper client sends: too large, binary, not UTF-8, in pieces. They know no command but `ping`.

use parley_shared::codec::decode_command;
use parley_shared::limits::{COMMAND_BYTES_MAX, FRAME_BYTES_MAX};
use parley_shared::protocol::{Refusal, ServerEvent};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::scene::scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_binary_frame_is_refused_and_the_connection_lives() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        raw.throw(Frame::binary(br#"{"type":"ping"}"#.as_slice()))
            .await;
        let told = raw.expect_refusal().await;
        assert!(matches!(told.reason, Refusal::Malformed { .. }), "{told:?}");
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_too_large_is_refused_and_the_connection_lives() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let padded = |bytes: usize| {
            let ping = r#"{"type":"ping"}"#;
            format!("{ping}{}", " ".repeat(bytes - ping.len()))
        };
        let largest = padded(COMMAND_BYTES_MAX);
        assert!(decode_command(&largest).is_ok());
        raw.say(&largest).await;
        raw.expect("a pong", |event| {
            matches!(event, ServerEvent::Pong { .. }).then_some(())
        })
        .await;
        let limit_bytes = COMMAND_BYTES_MAX as u64;
        for bytes in [COMMAND_BYTES_MAX + 1, FRAME_BYTES_MAX] {
            raw.say(&padded(bytes)).await;
            let told = raw.expect_refusal().await;
            assert_eq!(told.command.as_deref(), Some("ping"), "{bytes}");
            assert_eq!(
                told.reason,
                Refusal::CommandTooLarge { limit_bytes },
                "{bytes}"
            );
        }
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_too_large_is_refused_and_the_connection_closed() {
    scene(async |scene| {
        for bytes in [
            FRAME_BYTES_MAX + 1,
            4 * FRAME_BYTES_MAX,
            64 * FRAME_BYTES_MAX,
        ] {
            let mut raw = scene.app.raw().await;
            raw.throw(Frame::text(" ".repeat(bytes))).await;
            let told = raw.expect_refusal().await;
            let limit_bytes = FRAME_BYTES_MAX as u64;
            assert_eq!(told.reason, Refusal::CommandTooLarge { limit_bytes });
            assert_eq!(raw.expect_close().await.0, 1009, "{bytes} bytes");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_many_fragments_counts_as_one_frame() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let fragment = |opcode, last| {
            let payload = vec![b' '; FRAME_BYTES_MAX / 4];
            Frame::Frame(RawFrame::message(payload, OpCode::Data(opcode), last))
        };
        raw.throw(fragment(Data::Text, false)).await;
        for _ in 0..4 {
            raw.throw(fragment(Data::Continue, false)).await;
        }
        raw.throw(fragment(Data::Continue, true)).await;
        assert!(matches!(
            raw.expect_refusal().await.reason,
            Refusal::CommandTooLarge { .. }
        ));
        assert_eq!(raw.expect_close().await.0, 1009);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_not_utf_8_closes_the_connection() {
    scene(async |scene| {
        for bytes in [
            b"{\"type\":\"\xff\"}".as_slice(),
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xf0\x9f\x98",
        ] {
            let mut raw = scene.app.raw().await;
            let frame = RawFrame::message(bytes.to_vec(), OpCode::Data(Data::Text), true);
            raw.throw(Frame::Frame(frame)).await;
            assert_eq!(raw.expect_close().await.0, 1007, "{bytes:?}");
        }
    })
    .await;
}
