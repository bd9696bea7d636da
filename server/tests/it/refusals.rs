//! Every refusal over the wire: what was wrong is named with its bound, and the connection lives.

use parley_shared::limits::{NAME_CHARS_MAX, PEOPLE_ASKED_MAX, PROTOCOL_VERSION, TEXT_BYTES_MAX};
use parley_shared::protocol::{Refusal, ServerEvent};

use crate::client::mint;
use crate::raw::Raw;
use crate::scene::{Scene, scene};

const ID: &str = "0198c0de00007000800000000000abcd";

fn send(text_json: &str) -> String {
    format!(
        r#"{{"type":"send","id":"{ID}","conversation":"$LOBBY","body":{{"type":"text","text":{text_json}}}}}"#
    )
}

/// Says something that must be refused, and returns why it was.
async fn refused(raw: &mut Raw, command: &str, id: Option<&str>, said: &str) -> Refusal {
    raw.say(said).await;
    let told = raw.expect_refusal().await;
    let shown: String = said.chars().take(100).collect();
    assert_eq!(told.command.as_deref(), Some(command), "{shown}");
    assert_eq!(told.id.as_deref(), id, "{shown}");
    told.reason
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_command_is_refused_and_the_connection_lives() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let nested = format!(r#"{{"type":"send","body":{deep}}}"#);
        for said in [
            "",
            "hello",
            "{",
            "null",
            "42",
            "[]",
            r#"["ping"]"#,
            "{}",
            r#"{"type":7}"#,
            r#"{"type":null}"#,
            r#"{"type":"send"}"#,
            r#"{"type":"ping","extra":1}"#,
            r#"{"type":"ping"} {"type":"ping"}"#,
            r#"{"type":"hello","protocol":-1}"#,
            r#"{"type":"hello","protocol":1.5}"#,
            r#"{"type":"people","ids":["x"]}"#,
            r#"{"type":"rename"}"#,
            r#"{"type":"changes","conversation":"$LOBBY","since":-1}"#,
            r#"{"type":"changes","conversation":"$LOBBY","since":9007199254740992}"#,
            r#"{"type":"changes","conversation":"$LOBBY","since":1e300}"#,
            r#"{"type":"history","conversation":"$LOBBY","before":"1"}"#,
            &deep,
            &nested,
        ] {
            raw.say(said).await;
            let told = raw.expect_refusal().await;
            let shown: String = said.chars().take(100).collect();
            assert!(
                matches!(told.reason, Refusal::Malformed { .. }),
                "{shown}: {told:?}"
            );
        }
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_type_is_refused_by_its_name() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let reason = refused(&mut raw, "dance", None, r#"{"type":"dance"}"#).await;
        assert_eq!(reason, Refusal::UnknownCommand);
        let unknown_body = format!(
            r#"{{"type":"send","id":"{ID}","conversation":"$LOBBY","body":{{"type":"poem"}}}}"#
        );
        let reason = refused(&mut raw, "send", Some(ID), &unknown_body).await;
        assert_eq!(reason, Refusal::UnknownContent);
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_field_is_refused_and_nothing_is_stored() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        for said in [
            send("\"hi\"").replace("\"body\"", "\"silent\":true,\"body\""),
            send("\"hi\",\"bold\":true"),
            send("\"hi\"").replace("\"type\":\"send\"", "\"type\":\"send\",\"seq\":1"),
        ] {
            let reason = refused(&mut raw, "send", Some(ID), &said).await;
            assert!(matches!(reason, Refusal::Malformed { .. }), "{reason:?}");
        }
        raw.expect_alive().await;
        assert_eq!(scene.alice.texts(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_is_not_there_is_unknown_to_every_command() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let other = "0123456789abcdef0123456789abcdef";
        for (command, id, said) in [
            ("send", Some(ID), send("\"hi\"").replace("$LOBBY", other)),
            (
                "history",
                None,
                format!(r#"{{"type":"history","conversation":"{other}"}}"#),
            ),
            (
                "changes",
                None,
                format!(r#"{{"type":"changes","conversation":"{other}","since":0}}"#),
            ),
            (
                "typing",
                None,
                format!(r#"{{"type":"typing","conversation":"{other}"}}"#),
            ),
        ] {
            let reason = refused(&mut raw, command, id, &said).await;
            assert_eq!(reason, Refusal::UnknownConversation, "{command}");
        }
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn absurd_ids_are_refused() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let zeros = "0".repeat(32);
        let long = "a".repeat(33);
        let braced = format!("{{{}}}", "a".repeat(36));
        for id in [
            "",
            "1",
            "xyz",
            &zeros,
            &long,
            &braced,
            "' OR 1=1 --",
            "../../etc/passwd",
        ] {
            let said = send("\"hi\"").replace(ID, id);
            let reason = refused(&mut raw, "send", None, &said).await;
            assert!(
                matches!(reason, Refusal::Malformed { .. }),
                "{id:?}: {reason:?}"
            );
        }
        for id in ["null", "7", "[]", "{}"] {
            let said = send("\"hi\"").replace(&format!("\"{ID}\""), id);
            let reason = refused(&mut raw, "send", None, &said).await;
            assert!(
                matches!(reason, Refusal::Malformed { .. }),
                "{id}: {reason:?}"
            );
        }
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_shows_nothing_or_is_too_long_is_refused() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        for blank in ["", " ", r"\n\t", r"\u200b", r"\u2800", r"\ufe0f"] {
            let reason = refused(&mut raw, "send", Some(ID), &send(&format!("\"{blank}\""))).await;
            assert_eq!(reason, Refusal::TextBlank, "{blank:?}");
        }
        for (text, code_point) in [
            (r"a\u0000b", 0),
            (r"\u001b[31m", 0x1b),
            (r"a\rb", 0xd),
            (r"\u0085", 0x85),
        ] {
            let reason = refused(&mut raw, "send", Some(ID), &send(&format!("\"{text}\""))).await;
            assert_eq!(reason, Refusal::TextHasControl { code_point }, "{text:?}");
        }
        let limit_bytes = TEXT_BYTES_MAX as u64;
        for text in [
            "a".repeat(TEXT_BYTES_MAX + 1),
            "é".repeat(TEXT_BYTES_MAX / 2 + 1),
        ] {
            let reason = refused(&mut raw, "send", Some(ID), &send(&format!("\"{text}\""))).await;
            assert_eq!(reason, Refusal::TextTooLong { limit_bytes });
        }
        // Half of a pair of surrogates is no character.
        let reason = refused(&mut raw, "send", Some(ID), &send(r#""\ud800""#)).await;
        assert!(matches!(reason, Refusal::Malformed { .. }), "{reason:?}");
        raw.expect_alive().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_belongs_to_the_first_message_that_has_it() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        let id = alice.send("mine").await;
        bob.post_as(id, "mine").await;
        let (command, told_id, reason) = bob.expect_refusal().await;
        assert_eq!((command.as_deref(), told_id), (Some("send"), Some(id)));
        assert_eq!(reason, Refusal::IdTaken, "another person's id");
        // By hand, so that what Alice wrote stays what she remembers to have written.
        let lobby = alice.lobby();
        alice
            .say_text(&format!(
                r#"{{"type":"send","id":"{id}","conversation":"{lobby}","body":{{"type":"text","text":"other"}}}}"#
            ))
            .await;
        let (_, told_id, reason) = alice.expect_refusal().await;
        assert_eq!((told_id, reason), (Some(id), Refusal::IdTaken), "other words");
        bob.seen().timeline.remove_pending(id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_answers_the_first_place_also_after_a_restart() {
    scene(async |scene| {
        let Scene {
            app, alice, bob, ..
        } = scene;
        let id = alice.send("once").await;
        let first = alice.expect_accepted(id).await;
        alice.send("later").await;
        for restart in [false, true] {
            if restart {
                app.restart().await;
                alice.reconnect().await;
                bob.reconnect().await;
            }
            alice.seen().accepted.remove(&id);
            alice.post_as(id, "once").await;
            assert_eq!(alice.expect_accepted(id).await, first);
        }
        bob.wait("both", |seen| {
            (seen.texts() == ["once", "later"]).then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_rules() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        let long = "n".repeat(NAME_CHARS_MAX + 1);
        let limit_chars = NAME_CHARS_MAX as u64;
        for (name, expected) in [
            ("", Refusal::NameBlank),
            ("   ", Refusal::NameBlank),
            (r"\u3000", Refusal::NameBlank),
            (&long, Refusal::NameTooLong { limit_chars }),
            (r"a\nb", Refusal::NameHasControl { code_point: 0xa }),
            (r"a\u202eb", Refusal::NameHasControl { code_point: 0x202e }),
            (r"a\u200bb", Refusal::NameHasControl { code_point: 0x200b }),
        ] {
            let said = format!(r#"{{"type":"rename","name":"{name}"}}"#);
            let reason = refused(&mut raw, "rename", None, &said).await;
            assert_eq!(reason, expected, "{name:?}");
        }
        let widest = "名".repeat(NAME_CHARS_MAX);
        raw.say(&format!(r#"{{"type":"rename","name":"  {widest} "}}"#))
            .await;
        raw.expect(
            "the new name, without the space around it",
            |event| match event {
                ServerEvent::PeopleChanged { people } => {
                    (people[0].name.as_deref() == Some(&widest)).then_some(())
                }
                _ => None,
            },
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_asked_about_within_the_bound_and_the_unknown_are_left_out() {
    scene(async |scene| {
        let Scene { app, alice, .. } = scene;
        alice.send("I am known").await;
        let mut raw = app.raw().await;
        let ask = |count: usize| {
            let mut ids: Vec<String> = (1..count).map(|_| format!("\"{}\"", mint())).collect();
            ids.push(format!("\"{}\"", alice.id()));
            format!(r#"{{"type":"people","ids":[{}]}}"#, ids.join(","))
        };
        let limit = PEOPLE_ASKED_MAX as u64;
        let reason = refused(&mut raw, "people", None, &ask(PEOPLE_ASKED_MAX + 1)).await;
        assert_eq!(reason, Refusal::TooManyPeople { limit });
        raw.say(&ask(PEOPLE_ASKED_MAX)).await;
        let people = raw
            .expect("an answer", |event| match event {
                ServerEvent::PeopleChanged { people } => Some(people.clone()),
                _ => None,
            })
            .await;
        let known: Vec<_> = people.iter().map(|person| person.id).collect();
        assert_eq!(known, [alice.id()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_version_that_is_not_served_is_answered() {
    scene(async |scene| {
        let mut raw = scene.app.raw().await;
        raw.say(&format!(
            r#"{{"type":"hello","protocol":{PROTOCOL_VERSION}}}"#
        ))
        .await;
        let reason = refused(&mut raw, "hello", None, r#"{"type":"hello","protocol":99}"#).await;
        let supported = PROTOCOL_VERSION;
        assert_eq!(reason, Refusal::UnsupportedProtocol { supported });
        raw.expect_alive().await;
    })
    .await;
}
