//! Writing messages and seeing them. It does not know how they are kept.

use parley_shared::limits::TEXT_BYTES_MAX;
use parley_shared::protocol::ServerEvent;

use crate::scene::{Scene, scene, scene_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_seen_by_everyone_and_by_its_author() {
    scene(async |scene| {
        let Scene {
            alice, bob, carol, ..
        } = scene;
        let id = alice.send("hi").await;
        assert_eq!(bob.expect_message("hi").await, id);
        assert_eq!(carol.expect_message("hi").await, id);
        assert_eq!(alice.expect_message("hi").await, id);
        let seen = bob.seen();
        let message = seen.timeline.message(id).unwrap();
        assert_eq!(message.author, alice.id());
        assert_eq!((message.seq.0, message.changed.0), (1, 1));
        assert!(message.sent_ms.abs_diff(parley_server::clock::now_ms()) < 60_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_write_at_once_are_seen_in_one_order_by_all() {
    scene(async |scene| {
        let Scene {
            alice, bob, carol, ..
        } = scene;
        for number in 0..60 {
            alice.post(&format!("alice {number}")).await;
            bob.post(&format!("bob {number}")).await;
            carol.post(&format!("carol {number}")).await;
        }
        for person in [&*alice, bob, carol] {
            person
                .wait("180 messages", |seen| {
                    (seen.timeline.len() == 180).then_some(())
                })
                .await;
        }
        assert_eq!(alice.texts(), bob.texts());
        assert_eq!(alice.texts(), carol.texts());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_arrives_as_it_was_typed() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        let longest = "é".repeat(TEXT_BYTES_MAX / 2);
        let texts = [
            "  spaces around  ",
            "line\nbreak\tand tab",
            "\"quotes\" \\ and </script>",
            "你好，世界",
            "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "שלום \u{202E}turned",
            "e\u{301} is not é",
            "\u{feff}a mark before",
            &longest,
        ];
        for text in texts {
            let id = alice.send(text).await;
            assert_eq!(bob.expect_message(text).await, id, "{text:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_text_passes_however_it_is_escaped() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        // Three bytes of UTF-8 written as six characters, twice the text's size.
        let text = "你".repeat(TEXT_BYTES_MAX / 3);
        let escaped = "\\u4f60".repeat(TEXT_BYTES_MAX / 3);
        let (id, lobby) = (crate::client::mint(), alice.lobby());
        let command = format!(
            r#"{{"type":"send","id":"{id}","conversation":"{lobby}","body":{{"type":"text","text":"{escaped}"}}}}"#
        );
        alice.say_text(&command).await;
        alice.expect_accepted(id).await;
        assert_eq!(bob.expect_message(&text).await, id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_twice_are_two_messages() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        alice.send("again").await;
        alice.send("again").await;
        bob.wait("two messages", |seen| {
            (seen.texts() == ["again", "again"]).then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_of_the_same_guest_sees_what_the_first_writes() {
    scene(async |scene| {
        let Scene { app, alice, .. } = scene;
        let mut second = app.stranger("Alice's second window");
        second.set_cookie(alice.cookie().map(str::to_owned));
        second.reconnect().await;
        assert_eq!(second.id(), alice.id());
        let id = alice.send("from the first window").await;
        second.expect_message("from the first window").await;
        assert!(
            !second.seen().accepted.contains_key(&id),
            "only the connection that wrote it is told that it was accepted"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_hears_the_message_before_the_acknowledgement() {
    scene_with(|_| {}, async |scene| {
        let mut raw = scene.app.raw().await;
        let id = crate::client::mint();
        raw.say(&format!(
            r#"{{"type":"send","id":"{id}","conversation":"$LOBBY","body":{{"type":"text","text":"first the fact"}}}}"#
        ))
        .await;
        let first = raw
            .expect("an event about the message", |event| match event {
                ServerEvent::MessageChanged { message, .. } if message.id == id => Some("message"),
                ServerEvent::Accepted { id: accepted, .. } if *accepted == id => Some("accepted"),
                _ => None,
            })
            .await;
        assert_eq!(first, "message");
        raw.expect("the acknowledgement", |event| {
            matches!(event, ServerEvent::Accepted { .. }).then_some(())
        })
        .await;
    })
    .await;
}
