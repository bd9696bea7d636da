//! The one codec: wire types to JSON text and back. It knows no type's meaning.

use serde::Deserialize;

use crate::ids::MessageId;
use crate::limits::COMMAND_BYTES_MAX;
use crate::protocol::{ClientCommand, Refusal, ServerEvent};

/// A command that could not be read, with what could be made out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its type, where there is one.
    pub command: Option<String>,
    /// The message's id, where there is one.
    pub id: Option<MessageId>,
    /// What is wrong with it.
    pub reason: Refusal,
}

/// Writes a command as the text of one frame.
pub fn encode_command(command: &ClientCommand) -> String {
    serde_json::to_string(command).expect("wire types have string keys and finite numbers")
}

/// Writes an event as the text of one frame.
pub fn encode_event(event: &ServerEvent) -> String {
    serde_json::to_string(event).expect("wire types have string keys and finite numbers")
}

/// Reads a command.
///
/// # Errors
/// Says what is wrong: too large, no JSON, an unknown type, a missing, wrong or surplus field.
pub fn decode_command(text: &str) -> Result<ClientCommand, Unreadable> {
    if text.len() > COMMAND_BYTES_MAX {
        let limit_bytes = COMMAND_BYTES_MAX as u64;
        return Err(Unreadable {
            command: None,
            id: None,
            reason: Refusal::CommandTooLarge { limit_bytes },
        });
    }
    serde_json::from_str(text).map_err(|error| unreadable(text, &error))
}

/// Reads an event.
///
/// # Errors
/// Only when the text is no event at all; an event of an unknown type is [`ServerEvent::Unknown`].
pub fn decode_event(text: &str) -> Result<ServerEvent, serde_json::Error> {
    serde_json::from_str(text)
}

/// Just enough of a command to say which one was wrong.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    command: String,
    #[serde(default)]
    id: Option<serde_json::Value>,
}

fn unreadable(text: &str, error: &serde_json::Error) -> Unreadable {
    let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
        return Unreadable {
            command: None,
            id: None,
            reason: malformed(error),
        };
    };
    // Only the command's own tag can be an unknown variant: a message's body has a catch-all.
    let unknown = error.to_string().starts_with("unknown variant");
    Unreadable {
        command: Some(shorten(envelope.command, 32)),
        id: envelope
            .id
            .and_then(|id| id.as_str().and_then(|id| id.parse().ok())),
        reason: if unknown {
            Refusal::UnknownCommand
        } else {
            malformed(error)
        },
    }
}

fn malformed(error: &serde_json::Error) -> Refusal {
    Refusal::Malformed {
        detail: shorten(error.to_string(), 200),
    }
}

/// What is echoed to a client is never longer than it needs to be.
fn shorten(text: String, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
