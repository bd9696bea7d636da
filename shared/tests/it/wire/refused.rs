//! What is no command, and what the refusal says about it. It does not know how the refusal is sent.

use parley_shared::codec::{Unreadable, decode_command, encode_command};
use parley_shared::content::check_body;
use parley_shared::limits::{COMMAND_BYTES_MAX, SEQ_MAX, TEXT_BYTES_MAX};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal};

use crate::sample::{ALICE, CLUB, LOBBY, MESSAGE, lobby, message_id, text};

/// What is refused, how far it could be read, and a word of the reason.
fn malformed(json: &str, command: Option<&str>, id: Option<&str>, word: &str) {
    let shown: String = json.chars().take(200).collect();
    let Err(unreadable) = decode_command(json) else {
        panic!("this was taken for a command: {shown}");
    };
    assert_eq!(unreadable.command.as_deref(), command, "command of {shown}");
    let read = unreadable.id.map(|id| id.to_string());
    assert_eq!(read.as_deref(), id, "id of {shown}");
    let Refusal::Malformed { detail } = unreadable.reason else {
        panic!("{:?} for {shown}", unreadable.reason);
    };
    assert!(
        detail.contains(word),
        "no {word:?} in {detail:?} for {shown}"
    );
    assert!(detail.chars().count() <= 200);
}

fn send(body: &str) -> String {
    format!(r#"{{"type":"send","id":"{MESSAGE}","conversation":"{LOBBY}","body":{body}}}"#)
}

#[test]
fn what_is_not_a_json_object_is_malformed() {
    for text in [
        "",
        " ",
        "hello",
        "{",
        "null",
        "7",
        "\"ping\"",
        "{'type':'ping'}",
        "{\"type\":\"ping\"}x",
        "\u{FEFF}{\"type\":\"ping\"}",
    ] {
        malformed(text, None, None, "");
    }
    malformed(r#"["ping"]"#, None, None, "object");
    malformed(r#" ["hello",1]"#, None, None, "object");
}

#[test]
fn a_command_without_a_readable_type_still_names_its_message() {
    malformed("{}", None, None, "type");
    malformed(
        &format!(r#"{{"id":"{MESSAGE}"}}"#),
        None,
        Some(MESSAGE),
        "type",
    );
    malformed(
        &format!(r#"{{"type":7,"id":"{MESSAGE}"}}"#),
        None,
        Some(MESSAGE),
        "7",
    );
    malformed(r#"{"type":"ping","type":"ping"}"#, None, None, "duplicate");
}

#[test]
fn an_unknown_command_is_told_apart_and_its_name_is_not_echoed_at_length() {
    let refused = |json: &str| decode_command(json).expect_err("there is no such command");
    assert_eq!(
        refused(&format!(r#"{{"type":"fly","id":"{MESSAGE}","to":[1]}}"#)),
        Unreadable {
            command: Some("fly".to_owned()),
            id: Some(message_id()),
            reason: Refusal::UnknownCommand,
        }
    );
    let long = refused(&format!(r#"{{"type":"{}"}}"#, "é".repeat(1_000)));
    assert_eq!(long.command, Some("é".repeat(32)));
    for near in [
        "Send",
        "send ",
        "",
        "unknown",
        "message_changed",
        "group_changed",
        "notice",
    ] {
        let near = refused(&format!(r#"{{"type":"{near}"}}"#));
        assert_eq!(near.reason, Refusal::UnknownCommand);
    }
}

#[test]
fn unknown_missing_doubled_and_wrong_fields_are_malformed() {
    let body = r#"{"type":"text","text":"hi"}"#;
    let surplus = send(body).replacen('{', r#"{"reply_to":1,"#, 1);
    malformed(&surplus, Some("send"), Some(MESSAGE), "reply_to");
    malformed(r#"{"type":"ping","x":1}"#, Some("ping"), None, "`x`");
    malformed(r#"{"type":"hello"}"#, Some("hello"), None, "protocol");
    malformed(
        r#"{"type":"hello","protocol":"1"}"#,
        Some("hello"),
        None,
        "string",
    );
    malformed(
        r#"{"type":"hello","protocol":4294967296}"#,
        Some("hello"),
        None,
        "4294967296",
    );
    malformed(
        r#"{"type":"rename","name":null}"#,
        Some("rename"),
        None,
        "null",
    );
    malformed(
        r#"{"type":"rename","name":"a","name":"b"}"#,
        Some("rename"),
        None,
        "duplicate",
    );
    malformed(
        r#"{"type":"people","ids":{}}"#,
        Some("people"),
        None,
        "sequence",
    );
    malformed(
        r#"{"type":"rename","name":"\ud800"}"#,
        Some("rename"),
        None,
        "",
    );
    let no_body = send(body).replace(&format!(r#","body":{body}"#), "");
    malformed(&no_body, Some("send"), Some(MESSAGE), "body");
    let no_id = send(body).replace(&format!(r#""id":"{MESSAGE}","#), "");
    malformed(&no_id, Some("send"), None, "id");
}

#[test]
fn the_commands_of_the_list_and_of_presence_are_read_as_strictly() {
    let place = format!(r#"{{"active_ms":1,"conversation":"{CLUB}"}}"#);
    for (command, fields, missing) in [
        ("conversations", format!(r#","before":{place}"#), None),
        (
            "conversation",
            format!(r#","conversation":"{CLUB}""#),
            Some("conversation"),
        ),
        (
            "open",
            format!(r#","conversation":"{CLUB}""#),
            Some("conversation"),
        ),
        ("watch", format!(r#","people":["{ALICE}"]"#), Some("people")),
        (
            "read",
            format!(r#","through":1,"conversation":"{CLUB}""#),
            Some("conversation"),
        ),
    ] {
        let written = |fields: &str| format!(r#"{{"type":"{command}"{fields}}}"#);
        assert!(decode_command(&written(&fields)).is_ok(), "{command}");
        let surplus = written(&format!(r#"{fields},"newer":1"#));
        malformed(&surplus, Some(command), None, "newer");
        let doubled = written(&format!("{fields}{fields}"));
        malformed(&doubled, Some(command), None, "duplicate");
        if let Some(missing) = missing {
            malformed(&written(""), Some(command), None, missing);
        }
    }
    let half = format!(r#"{{"type":"read","conversation":"{CLUB}"}}"#);
    malformed(&half, Some("read"), None, "through");
    for people in ["null", "{}", r#""all""#, "[7]", r#"["0"]"#] {
        let json = format!(r#"{{"type":"watch","people":{people}}}"#);
        malformed(&json, Some("watch"), None, "");
    }
    for through in ["null", "-1", "1.0", "\"1\"", "9007199254740992"] {
        let json = half.replace('}', &format!(r#","through":{through}}}"#));
        malformed(&json, Some("read"), None, "");
    }
}

#[test]
fn a_place_in_the_list_is_an_object_with_two_fields() {
    for (place, word) in [
        (
            format!(r#"{{"active_ms":1,"conversation":"{CLUB}","page":2}}"#),
            "page",
        ),
        (
            format!(r#"{{"active_ms":1,"active_ms":2,"conversation":"{CLUB}"}}"#),
            "duplicate",
        ),
        (r#"{"active_ms":1}"#.to_owned(), "conversation"),
        (format!(r#"{{"conversation":"{CLUB}"}}"#), "active_ms"),
        (
            format!(r#"{{"active_ms":"1","conversation":"{CLUB}"}}"#),
            "string",
        ),
        (
            format!(r#"{{"active_ms":-1,"conversation":"{CLUB}"}}"#),
            "-1",
        ),
        (
            format!(r#"{{"active_ms":1.5,"conversation":"{CLUB}"}}"#),
            "1.5",
        ),
        (
            format!(r#"{{"active_ms":9007199254740992,"conversation":"{CLUB}"}}"#),
            "9007199254740991",
        ),
        (
            r#"{"active_ms":1,"conversation":"the first"}"#.to_owned(),
            "hexadecimal",
        ),
        (format!(r#"[1,"{CLUB}"]"#), "object"),
        ("7".to_owned(), "object"),
        (format!(r#""{CLUB}""#), "object"),
        ("{}".to_owned(), "active_ms"),
    ] {
        let json = format!(r#"{{"type":"conversations","before":{place}}}"#);
        malformed(&json, Some("conversations"), None, word);
    }
}

#[test]
fn a_client_cannot_send_a_notice_whatever_it_tells() {
    for notice in [
        r#"{"type":"joined"}"#,
        r#"{"type":"created","name":"Tea"}"#,
        r#"{"type":"joined","newer":1}"#,
        r#"{"type":"of_tomorrow"}"#,
    ] {
        let read = decode_command(&send(&format!(r#"{{"type":"notice","notice":{notice}}}"#)));
        let Ok(ClientCommand::Send { body, .. }) = read else {
            panic!("{read:?}");
        };
        assert!(matches!(body, ChatMessage::Notice { .. }));
        assert_eq!(check_body(&body), Err(Refusal::UnknownContent), "{notice}");
    }
    for (notice, word) in [
        (r#"{"type":"notice"}"#, "notice"),
        (r#"{"type":"notice","notice":"joined"}"#, "joined"),
        (r#"{"type":"notice","notice":{"type":"removed"}}"#, "person"),
        (
            r#"{"type":"notice","notice":{"type":"joined"},"by":1}"#,
            "by",
        ),
        (
            r#"{"type":"notice","notice":{"type":"joined"},"notice":{"type":"left"}}"#,
            "duplicate",
        ),
    ] {
        malformed(&send(notice), Some("send"), Some(MESSAGE), word);
    }
}

#[test]
fn a_body_is_read_as_strictly_as_its_command() {
    for (body, word) in [
        (r#""hi""#, "object"),
        ("null", "object"),
        (r#"["text","hi"]"#, "object"),
        (r#"["unknown"]"#, "object"),
        (r#"{"text":"hi"}"#, "type"),
        (r#"{"type":0,"text":"hi"}"#, "0"),
        (r#"{"type":"text"}"#, "text"),
        (r#"{"type":"text","text":7}"#, "7"),
        (r#"{"type":"text","text":"hi","bold":true}"#, "bold"),
        (r#"{"type":"text","text":"a","text":"b"}"#, "duplicate"),
    ] {
        malformed(&send(body), Some("send"), Some(MESSAGE), word);
    }
}

#[test]
fn content_that_the_server_does_not_know_is_read_and_refused_by_the_rules() {
    let read = decode_command(&send(r#"{"type":"poll","question":"tea?"}"#));
    let Ok(ClientCommand::Send { body, .. }) = read else {
        panic!("{read:?}");
    };
    assert_eq!(body, ChatMessage::Unknown);
    assert_eq!(check_body(&body), Err(Refusal::UnknownContent));
    assert_eq!(check_body(&text("tea?")), Ok(()));
    assert_eq!(check_body(&text(" ")), Err(Refusal::TextBlank));
}

#[test]
fn an_id_is_32_hexadecimal_digits_that_are_not_all_zero() {
    for id in [
        "",
        "00000000000000000000000000000000",
        "00000000-0000-0000-0000-000000000000",
        "018f3b1e7a2c7d3e9f0011223344556",
        "018f3b1e7a2c7d3e9f001122334455667",
        "{018f3b1e7a2c7d3e9f00112233445566}",
        "{018f3b1e-7a2c-7d3e-9f00-112233445566}",
        "urn:uuid:018f3b1e-7a2c-7d3e-9f00-112233445566",
        "018f3b1e7a2c-7d3e-9f00-11223344-5566",
        "018f3b1e7a2c7d3e9f0011223344556g",
        "018f3b1e7a2c7d3e9f001122334455é",
        " 18f3b1e7a2c7d3e9f00112233445566",
        "+18f3b1e7a2c7d3e9f00112233445566",
    ] {
        let json = send(r#"{"type":"text","text":"hi"}"#).replace(MESSAGE, id);
        malformed(&json, Some("send"), None, "hexadecimal");
        let json = format!(r#"{{"type":"typing","conversation":"{id}"}}"#);
        malformed(&json, Some("typing"), None, "hexadecimal");
        let json = format!(r#"{{"type":"people","ids":["{LOBBY}","{id}"]}}"#);
        malformed(&json, Some("people"), None, "hexadecimal");
    }
    for id in ["null", "7", "[]", "{}", "true"] {
        let json = send(r#"{"type":"text","text":"hi"}"#);
        let json = json.replace(&format!("\"{MESSAGE}\""), id);
        malformed(&json, Some("send"), None, "");
    }
}

#[test]
fn a_sequence_number_is_an_integer_that_every_reader_holds_exactly() {
    let changes =
        |since: &str| format!(r#"{{"type":"changes","conversation":"{LOBBY}","since":{since}}}"#);
    assert!(decode_command(&changes("0")).is_ok());
    assert!(decode_command(&changes(&SEQ_MAX.to_string())).is_ok());
    malformed(
        &changes(&(SEQ_MAX + 1).to_string()),
        Some("changes"),
        None,
        "9007199254740991",
    );
    malformed(
        &changes("18446744073709551615"),
        Some("changes"),
        None,
        "9007199254740991",
    );
    for wrong in [
        "18446744073709551616",
        "-1",
        "-0.0",
        "1.0",
        "1e3",
        "\"1\"",
        "null",
        "[1]",
        "true",
    ] {
        malformed(&changes(wrong), Some("changes"), None, "");
        if wrong != "null" {
            let json = changes(wrong)
                .replace("changes", "history")
                .replace("since", "before");
            malformed(&json, Some("history"), None, "");
        }
    }
}

#[test]
fn a_nesting_bomb_is_malformed_and_does_no_harm() {
    let deep = 30_000;
    let bomb = format!("{}1{}", "[".repeat(deep), "]".repeat(deep));
    malformed(&send(&bomb), Some("send"), Some(MESSAGE), "recursion");
    malformed(
        &format!(r#"{{"type":"ping","x":{bomb}}}"#),
        Some("ping"),
        None,
        "recursion",
    );
    malformed(&format!(r#"{{"type":{bomb}}}"#), None, None, "");
    malformed(&bomb, None, None, "");
    malformed(&r#"{"a":"#.repeat(10_000), None, None, "");
    let unclosed = send(&"[".repeat(deep));
    malformed(&unclosed, None, None, "");
}

#[test]
fn a_command_at_its_bound_is_read_and_one_byte_more_is_refused_by_name() {
    let at_bound = |over: usize| {
        let empty = send(r#"{"type":"text","text":""}"#).len();
        let text = "x".repeat(COMMAND_BYTES_MAX - empty + over);
        send(&format!(r#"{{"type":"text","text":"{text}"}}"#))
    };
    assert_eq!(at_bound(0).len(), COMMAND_BYTES_MAX);
    assert!(decode_command(&at_bound(0)).is_ok());
    let refused = Unreadable {
        command: Some("send".to_owned()),
        id: Some(message_id()),
        reason: Refusal::CommandTooLarge {
            limit_bytes: COMMAND_BYTES_MAX as u64,
        },
    };
    assert_eq!(decode_command(&at_bound(1)), Err(refused));
    let noise = decode_command(&"[".repeat(COMMAND_BYTES_MAX + 1)).expect_err("it is too large");
    assert_eq!((noise.command, noise.id), (None, None));
    assert!(matches!(noise.reason, Refusal::CommandTooLarge { .. }));
}

#[test]
fn the_longest_text_fits_a_command_however_its_letters_are_escaped() {
    // Of the characters a text may hold, quotes, backslashes and line feeds grow when escaped: twice.
    for letter in ["x", "\"", "\\", "\n", "é", "\u{1F44B}"] {
        let words = letter.repeat(TEXT_BYTES_MAX / letter.len());
        let json = encode_command(&ClientCommand::Send {
            id: message_id(),
            conversation: lobby(),
            body: text(&words),
        });
        assert!(
            json.len() <= COMMAND_BYTES_MAX,
            "{letter:?}: {}",
            json.len()
        );
        assert!(decode_command(&json).is_ok());
    }
}
