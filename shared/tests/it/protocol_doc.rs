//! The protocol's page says what the code says. It does not know whether it says it well.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use parley_shared::codec::{decode_command, decode_event, encode_command, encode_event};
use parley_shared::limits;
use parley_shared::model::Notice;
use parley_shared::protocol::{
    ChatMessage, ClientCommand, RESYNC, Refusal, SIGNED_OUT, ServerEvent, close_code,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sample::{club_of_a_member, pair};
use crate::variants::{Variants, without_example};

const PAGE: &str = include_str!("../../../docs/protocol.md");

/// One fenced block, and the headings that it stands under.
#[derive(Debug)]
struct Block {
    section: String,
    subsection: Option<String>,
    language: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let (mut section, mut subsection) = (String::new(), None);
    let mut open: Option<Block> = None;
    let mut blocks = Vec::new();
    for line in PAGE.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(language)) => {
                open = Some(Block {
                    section: section.clone(),
                    subsection: subsection.clone(),
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, None) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    section = heading.to_owned();
                    subsection = None;
                } else if let Some(heading) = line.strip_prefix("### ") {
                    subsection = Some(heading.to_owned());
                }
            }
        }
    }
    assert!(open.is_none(), "a block of the page is not closed");
    blocks
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The section's examples as values, each of which is written as the page has it.
fn examples<T>(section: &str) -> Vec<T>
where
    T: Variants + Serialize + DeserializeOwned + Debug,
{
    let blocks = blocks();
    let of_section = blocks.iter().filter(|block| block.section == section);
    let values: Vec<T> = of_section
        .map(|block| {
            assert_eq!(block.language, "json", "{block:?}");
            let value: T = serde_json::from_str(&block.text)
                .unwrap_or_else(|error| panic!("{error}: {block:?}"));
            let written = serde_json::to_value(&value).expect("wire types can be written");
            assert_eq!(written, json(&block.text), "{block:?}");
            if let Some(heading) = &block.subsection {
                assert_eq!(written["type"], heading.as_str(), "under a wrong heading");
            }
            value
        })
        .collect();
    let missing = without_example(&values);
    assert!(
        missing.is_empty(),
        "{section} has no example of {missing:?}"
    );
    values
}

/// A table's rows without its head, as cells without their back quotes.
fn table(section: &str) -> Vec<Vec<String>> {
    let start = PAGE
        .find(&format!("\n## {section}\n"))
        .unwrap_or_else(|| panic!("the page has no section {section}"));
    let section = &PAGE[start + 1..];
    let section = section.split("\n## ").next().unwrap_or(section);
    let lines = section.lines().map(str::trim_start);
    let rows = lines.filter(|line| line.starts_with('|'));
    rows.skip(2)
        .map(|row| {
            let cells = row.trim_matches('|').split('|');
            cells
                .map(|cell| cell.trim().trim_matches('`').to_owned())
                .collect()
        })
        .collect()
}

/// The first cells of a table's rows.
fn first_cells(section: &str) -> BTreeSet<String> {
    let rows = table(section).into_iter();
    rows.map(|row| row[0].clone()).collect()
}

/// The names of these values in JSON.
fn names<'a, T: Serialize + 'a>(
    tag: &str,
    values: impl IntoIterator<Item = &'a T>,
) -> BTreeSet<String> {
    let written = values.into_iter().map(serde_json::to_value);
    let written = written.map(|value| value.expect("wire types can be written"));
    written
        .filter_map(|value| value[tag].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn every_body_has_its_example() {
    examples::<ChatMessage>("Bodies");
}

#[test]
fn every_notice_has_its_example_and_its_row() {
    let bodies = examples::<ChatMessage>("Bodies");
    let mut notices: Vec<Notice> = bodies
        .into_iter()
        .filter_map(|body| match body {
            ChatMessage::Notice { notice } => Some(notice),
            _ => None,
        })
        .collect();
    assert_eq!(first_cells("Bodies"), names("type", &notices));
    // Nobody tells it as such.
    notices.push(Notice::Unknown);
    assert!(without_example(&notices).is_empty());
}

#[test]
fn every_field_of_a_conversation_has_its_row() {
    let conversations = [club_of_a_member(), pair()];
    let written = conversations.map(serde_json::to_value);
    let fields: BTreeSet<String> = written
        .into_iter()
        .flat_map(|value| {
            let value = value.expect("wire types can be written");
            let fields = value.as_object().cloned().into_iter().flatten();
            fields.map(|(name, _)| name)
        })
        .collect();
    assert_eq!(first_cells("Nouns"), fields);
}

#[test]
fn every_event_has_a_row_that_says_who_hears_it() {
    let events = examples::<ServerEvent>("Events");
    let told = events
        .iter()
        .filter(|event| **event != ServerEvent::Unknown);
    let rows: Vec<String> = first_cells("Who hears what")
        .iter()
        .flat_map(|cell| cell.split(['`', ',', ' ']))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let heard: BTreeSet<String> = rows.iter().cloned().collect();
    assert_eq!(heard.len(), rows.len(), "an event stands in two rows");
    assert_eq!(heard, names("type", told));
}

#[test]
fn every_command_has_its_example_and_is_read_at_the_door() {
    for command in examples::<ClientCommand>("Commands") {
        assert_eq!(decode_command(&encode_command(&command)), Ok(command));
    }
}

#[test]
fn every_event_has_its_example() {
    for event in examples::<ServerEvent>("Events") {
        if let ServerEvent::Refused {
            reason, message, ..
        } = event
        {
            assert_eq!(message, reason.to_string());
        }
    }
}

#[test]
fn every_refusal_has_its_example_its_row_and_its_limit() {
    let refusals = examples::<Refusal>("Refusals");
    assert_eq!(names("code", &refusals), first_cells("Refusals"));
    for refusal in refusals {
        let (named, limit) = match refusal {
            Refusal::UnsupportedProtocol { supported } => {
                (supported.into(), limits::PROTOCOL_VERSION as usize)
            }
            Refusal::CommandTooLarge { limit_bytes } => (limit_bytes, limits::COMMAND_BYTES_MAX),
            Refusal::TextTooLong { limit_bytes } => (limit_bytes, limits::TEXT_BYTES_MAX),
            Refusal::NameTooLong { limit_chars } => (limit_chars, limits::NAME_CHARS_MAX),
            Refusal::BodyTooLarge { limit_bytes } => (limit_bytes, limits::BODY_BYTES_MAX),
            Refusal::UserNameTooShort { limit_chars } => (limit_chars, limits::USER_NAME_CHARS_MIN),
            Refusal::UserNameTooLong { limit_chars } => (limit_chars, limits::USER_NAME_CHARS_MAX),
            Refusal::PasswordTooShort { limit_chars } => (limit_chars, limits::PASSWORD_CHARS_MIN),
            Refusal::PasswordTooLong { limit_bytes } => (limit_bytes, limits::PASSWORD_BYTES_MAX),
            Refusal::AboutTooLong { limit_chars } => (limit_chars, limits::ABOUT_CHARS_MAX),
            Refusal::StatusTooLong { limit_chars } => (limit_chars, limits::STATUS_CHARS_MAX),
            Refusal::PictureTooLarge { limit_pixels } => {
                (limit_pixels.into(), limits::PICTURE_PIXELS_MAX as usize)
            }
            Refusal::TooManyPeople { limit } => (limit, limits::PEOPLE_ASKED_MAX),
            Refusal::TooFast {
                limit_per_second, ..
            } => (
                limit_per_second.into(),
                limits::MESSAGES_PER_SECOND_MAX as usize,
            ),
            _ => continue,
        };
        assert_eq!(named, limit as u64);
    }
}

#[test]
fn the_session_is_spoken_as_it_is_written() {
    let (mut said, mut heard) = (0, 0);
    let blocks = blocks();
    for block in blocks
        .iter()
        .filter(|block| block.section == "A small session")
    {
        for line in block.text.lines() {
            let (written, json) = if let Some(text) = line.strip_prefix("> ") {
                said += 1;
                let command =
                    decode_command(text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
                (encode_command(&command), text)
            } else if let Some(text) = line.strip_prefix("< ") {
                heard += 1;
                let event = decode_event(text).unwrap_or_else(|error| panic!("{error}: {text}"));
                assert_ne!(event, ServerEvent::Unknown, "{text}");
                (encode_event(&event), text)
            } else {
                panic!("who says this? {line}");
            };
            assert_eq!(written, json);
        }
    }
    assert!(said > 3 && heard > 3);
}

#[test]
fn every_close_code_is_the_code_s() {
    let rows: BTreeSet<(String, String)> = table("Transport")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let codes: BTreeSet<u16> = rows
        .iter()
        .filter_map(|(code, _)| code.parse().ok())
        .collect();
    let known = [
        close_code::PROTOCOL,
        close_code::INVALID,
        close_code::POLICY,
        close_code::TOO_LARGE,
        close_code::RESTART,
        close_code::TRY_AGAIN,
        close_code::SIGNED_OUT,
    ];
    assert_eq!(codes, BTreeSet::from(known));
    assert!(rows.contains(&(close_code::TRY_AGAIN.to_string(), RESYNC.to_owned())));
    assert!(rows.contains(&(close_code::SIGNED_OUT.to_string(), SIGNED_OUT.to_owned())));
}

macro_rules! values_of {
    ($($name:ident),* $(,)?) => {
        BTreeMap::from([$((stringify!($name), limits::$name.to_string())),*])
    };
}

/// The limits that the page names, as they are.
fn values() -> BTreeMap<&'static str, String> {
    values_of![
        PROTOCOL_VERSION,
        COMMAND_BYTES_MAX,
        FRAME_BYTES_MAX,
        SEQ_MAX,
        TEXT_BYTES_MAX,
        EDITS_MAX,
        MENTIONS_MAX,
        NAME_CHARS_MAX,
        BODY_BYTES_MAX,
        USER_NAME_CHARS_MIN,
        USER_NAME_CHARS_MAX,
        PASSWORD_CHARS_MIN,
        PASSWORD_BYTES_MAX,
        ABOUT_CHARS_MAX,
        STATUS_CHARS_MAX,
        FRIENDS_MAX,
        REQUESTS_OPEN_MAX,
        BLOCKED_MAX,
        GROUPS_OWNED_MAX,
        MEMBERS_MAX,
        PEOPLE_ADDED_MAX,
        PEOPLE_ADDED_NAMED_MAX,
        MEMBERS_TOLD_AT_ONCE_MAX,
        GROUP_INVITATIONS_MAX,
        PICTURE_BYTES_MAX,
        PICTURE_PIXELS_MAX,
        PAGE_MESSAGES_MAX,
        PAGE_ENTRIES_MAX,
        PAGE_BYTES_MAX,
        PAGE_CONVERSATIONS_MAX,
        CHANGED_TOLD_MAX,
        UNREAD_COUNTED_MAX,
        DELIVERED_MARKS_MAX,
        RECEIPTS_MEMBERS_MAX,
        PEOPLE_ASKED_MAX,
        PEOPLE_WATCHED_MAX,
        PRESENCE_LISTED_MAX,
        TYPING_LISTED_MAX,
        COMMANDS_PER_SECOND_MAX,
        COMMANDS_BURST_MAX,
        MESSAGES_PER_SECOND_MAX,
        MESSAGES_BURST_SECS,
        SENDS_IN_FLIGHT_MAX,
        READS_IN_FLIGHT_MAX,
        REFUSALS_IN_A_ROW_MAX,
        MAILBOX_EVENTS_MAX,
        MAILBOX_BYTES_MAX,
        SERVER_PING_INTERVAL_MS,
        CONNECTION_IDLE_MAX_MS,
        HEADER_TIMEOUT_MS,
        PRESENCE_GRACE_MS,
        TYPING_EXPIRES_MS,
        RETRY_FIRST_MS,
        RETRY_MAX_MS,
        CATCH_UP_CHANGES_MAX,
    ]
}

#[test]
fn every_limit_that_the_page_names_has_its_value() {
    let expected = values();
    let rows = table("Limits");
    let told: BTreeMap<_, _> = rows
        .iter()
        .map(|row| (row[0].as_str(), row[1].clone()))
        .collect();
    assert_eq!(told, expected);

    // What the text names stands in the table.
    let quoted = PAGE.split('`').skip(1).step_by(2);
    for name in quoted.filter(|quoted| is_constant(quoted)) {
        assert!(told.contains_key(name), "{name} is not in the table");
    }
    let burst = limits::MESSAGES_PER_SECOND_MAX * limits::MESSAGES_BURST_SECS;
    assert!(PAGE.contains(&format!("(so {burst})")));
    let version = limits::PROTOCOL_VERSION;
    assert!(PAGE.contains(&format!("The version described here is {version}.")));
}

fn is_constant(word: &str) -> bool {
    word.contains('_') && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}
