//! What a reader accepts besides the canonical bytes. It does not know why somebody writes it.

use parley_shared::codec::{decode_command, decode_event, encode_command, encode_event};
use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::{ConversationKind, Message, Notice, Presence};
use parley_shared::protocol::{ChatMessage, ClientCommand, ListPlace, Refusal, ServerEvent};

use crate::sample::{
    ALICE, LOBBY, MESSAGE, alice, bob, club, club_of_a_member, contact, group, lobby, message,
    message_id, notice, pair, text,
};

#[test]
fn an_event_of_an_unknown_type_is_told_apart_from_garbage() {
    let newer = r#"{"type":"reaction_changed","of":{"deep":[1,2,{"type":"pong"}]},"type_of":7}"#;
    assert_eq!(decode_event(newer).ok(), Some(ServerEvent::Unknown));
    for garbage in ["", "null", "7", "{}", r#"{"type":7}"#, r#"{"kind":"pong"}"#] {
        assert!(decode_event(garbage).is_err(), "{garbage}");
    }
}

#[test]
fn unknown_fields_of_an_event_are_passed_over_at_every_depth() {
    let written = encode_event(&ServerEvent::MessageChanged {
        message: message(),
        author: alice(),
    });
    let newer = written.replace('{', r#"{"newer":{"type":"x"},"#);
    assert_ne!(written, newer);
    let read = decode_event(&newer).expect("a newer server's event is read");
    assert_eq!(encode_event(&read), written);
    assert_eq!(
        decode_event(r#"{"type":"pong","newer":1}"#).ok(),
        Some(ServerEvent::Pong { stamp: None })
    );
}

#[test]
fn a_reader_keeps_the_place_of_content_it_does_not_know() {
    let json = encode_event(&ServerEvent::MessageChanged {
        message: message(),
        author: bob(),
    });
    let newer = json.replace(
        r#"{"type":"text","text":"hello"}"#,
        r#"{"type":"poll","question":"tea?","answers":["yes"]}"#,
    );
    assert_ne!(json, newer);
    let Ok(ServerEvent::MessageChanged { message: read, .. }) = decode_event(&newer) else {
        panic!("it is still a message: {newer}");
    };
    assert_eq!(read.body, ChatMessage::Unknown);
    assert_eq!(
        (read.id, read.seq, read.changed),
        (message_id(), Seq(11), Seq(12))
    );
}

#[test]
fn a_notice_that_is_newer_keeps_its_place_and_is_unknown() {
    let json = encode_event(&ServerEvent::MessageChanged {
        message: Message {
            body: notice(Notice::Joined),
            ..message()
        },
        author: bob(),
    });
    let newer = json.replace(
        r#"{"type":"joined"}"#,
        r#"{"type":"merged","with":{"type":"group"},"people":7}"#,
    );
    assert_ne!(json, newer);
    let Ok(ServerEvent::MessageChanged { message: read, .. }) = decode_event(&newer) else {
        panic!("it is still a message: {newer}");
    };
    assert_eq!(read.body, notice(Notice::Unknown));
    assert_eq!((read.id, read.seq), (message_id(), Seq(11)));

    let more = json.replace(r#""joined""#, r#""joined","by":{"link":1}"#);
    let Ok(ServerEvent::MessageChanged { message: read, .. }) = decode_event(&more) else {
        panic!("a known notice may gain fields: {more}");
    };
    assert_eq!(read.body, notice(Notice::Joined));
}

#[test]
fn what_is_told_of_groups_and_people_may_gain_fields_at_every_depth() {
    let place = ListPlace {
        active_ms: 1,
        conversation: club(),
    };
    for event in [
        ServerEvent::Conversations {
            since: None,
            before: Some(place),
            conversations: vec![club_of_a_member(), pair()],
            people: vec![alice()],
            more: false,
        },
        ServerEvent::ConversationChanged {
            conversation: club_of_a_member(),
            people: vec![],
        },
        ServerEvent::ConversationLeft {
            conversation: club(),
        },
        ServerEvent::GroupChanged {
            conversation: club(),
            group: group(),
        },
        ServerEvent::ContactChanged { contact: contact() },
        ServerEvent::ReadChanged {
            mentions: 0,
            conversation: club(),
            through: Seq(1),
            unread: 1,
        },
        ServerEvent::OnlineChanged {
            online: vec![alice().id],
            offline: vec![],
        },
    ] {
        let written = encode_event(&event);
        let newer = written.replace('{', r#"{"newer":{"type":"x"},"#);
        assert_ne!(written, newer);
        let read = decode_event(&newer).expect("a newer server's event is read");
        assert_eq!(read, event);
    }
}

#[test]
fn a_kind_of_conversation_and_a_reason_that_are_newer_are_unknown() {
    let welcome = format!(
        r#"{{"type":"welcome","protocol":1,"server":"9","me":{{"id":"{ALICE}","name":null}},
        "conversations":[{{"id":"{LOBBY}","kind":"street","last":0,"active_ms":1,"read":0,"unread":0}}],
        "more":false,"left":[],"stamp":1,"people":[],"presence":{{"online":0}},"requests":0,"remarks":false}}"#
    );
    let Ok(ServerEvent::Welcome {
        me,
        conversations,
        presence,
        ..
    }) = decode_event(&welcome)
    else {
        panic!("a newer server can welcome an older page");
    };
    assert_eq!(me.name, None);
    assert_eq!(conversations[0].kind, ConversationKind::Unknown);
    assert_eq!(presence, Presence::default());

    let refused = r#"{"type":"refused","reason":{"code":"moon_phase","phase":3},"message":"no"}"#;
    let Ok(ServerEvent::Refused {
        reason, message, ..
    }) = decode_event(refused)
    else {
        panic!("a newer server can refuse an older page");
    };
    assert_eq!((reason, message.as_str()), (Refusal::Unknown, "no"));
}

#[test]
fn ids_are_read_plain_or_hyphenated_in_any_case_and_written_plain() {
    for written in [
        MESSAGE.to_owned(),
        MESSAGE.to_uppercase(),
        "018f3b1e-7a2c-7d3e-9f00-112233445566".to_owned(),
        "018F3B1E-7A2C-7D3E-9F00-112233445566".to_owned(),
    ] {
        assert_eq!(written.parse(), Ok(message_id()), "{written}");
        let json = format!(
            r#"{{"type":"send","id":"{written}","conversation":"{LOBBY}","body":{{"type":"text","text":"x"}}}}"#
        );
        let read = decode_command(&json).expect("both forms are read");
        assert!(encode_command(&read).contains(MESSAGE));
    }
    assert_eq!(message_id().to_string(), MESSAGE);
}

#[test]
fn a_minted_id_is_a_uuid_of_version_7_in_the_order_of_time() {
    let early = MessageId::from_time_and_randomness(1_700_000_000_000, [0xFF; 10]);
    let late = MessageId::from_time_and_randomness(1_700_000_000_001, [0x00; 10]);
    assert!(early < late && early.to_string() < late.to_string());
    assert_eq!(
        early.to_string(),
        "018bcfe56800".to_owned() + "7fffbfffffffffffffff"
    );
}

#[test]
fn the_order_of_fields_white_space_escapes_and_null_for_absent_are_accepted() {
    let json = format!(
        " \r\n\t{{ \"body\" : {{\"text\":\"\\u0068\\u0069\",\"type\":\"text\"}},\n\"conversation\":\"{LOBBY}\", \"id\":\"{MESSAGE}\",\"type\":\"send\" }} "
    );
    let expected = ClientCommand::Send {
        id: message_id(),
        conversation: lobby(),
        body: text("hi"),
    };
    assert_eq!(decode_command(&json), Ok(expected));

    let json = format!(r#"{{"type":"history","conversation":"{LOBBY}","before":null}}"#);
    let expected = ClientCommand::History {
        conversation: lobby(),
        before: None,
    };
    assert_eq!(decode_command(&json), Ok(expected));
}
