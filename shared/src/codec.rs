//! The one codec: wire types to JSON text and back. It knows no type's meaning.
//!
//! Derived readers are more lenient than the protocol promises: they take a list for an object, a
//! number for the name of a type, and surplus fields beside a unit. What a client says is read
//! strictly here, so that no program comes to depend on an accident and nothing it says is dropped.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::ids::MessageId;
use crate::json::{self, FromJson as _, NotRead};
use crate::limits::{COMMAND_BYTES_MAX, SEQ_MAX};
use crate::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};

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
        return Err(unreadable(text, Refusal::CommandTooLarge { limit_bytes }));
    }
    if text.trim_start().starts_with('[') {
        return Err(Unreadable {
            command: None,
            id: None,
            reason: malformed("a command is a JSON object"),
        });
    }
    serde_json::from_str(text).map_err(|error| {
        let error = error.to_string();
        // Only the command's own tag can be an unknown variant: a message's body has a catch-all.
        let reason = if error.starts_with("unknown variant") {
            Refusal::UnknownCommand
        } else {
            malformed(&error)
        };
        unreadable(text, reason)
    })
}

/// Reads an event.
///
/// # Errors
/// Only when the text is no event at all; an event of an unknown type is [`ServerEvent::Unknown`].
pub fn decode_event(text: &str) -> Result<ServerEvent, NotRead> {
    json::read(text)
}

/// Reads a message's body as a client writes it: an object, each field once, none that the type does not have.
pub(crate) fn written_body<'de, D>(deserializer: D) -> Result<ChatMessage, D::Error>
where
    D: Deserializer<'de>,
{
    let written = Value::Object(deserializer.deserialize_map(FieldsOnce)?);
    let body = ChatMessage::from_json(written.clone()).map_err(D::Error::custom)?;
    if body != ChatMessage::Unknown {
        let known = serde_json::to_value(&body).map_err(D::Error::custom)?;
        let mut fields = written.as_object().into_iter().flatten();
        // An optional field may be written as null.
        let surplus = fields.find(|(name, value)| !value.is_null() && known.get(name).is_none());
        if let Some((name, _)) = surplus {
            return Err(D::Error::custom(format_args!(
                "unknown field `{name}` in body"
            )));
        }
    }
    Ok(body)
}

/// Reads an object inside a command, where there may be one.
pub(crate) fn object_or_nothing<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let object = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(object.map(|Object(read)| read))
}

/// Reads a time that a client gives back: no larger than every reader holds exactly.
pub(crate) fn time_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let time = u64::deserialize(deserializer)?;
    if time > SEQ_MAX {
        return Err(D::Error::custom(format_args!(
            "a time is at most {SEQ_MAX}"
        )));
    }
    Ok(time)
}

/// Reads a command that has no fields.
pub(crate) fn no_fields<'de, D>(deserializer: D) -> Result<(), D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NoFields {}

    NoFields::deserialize(deserializer).map(|NoFields {}| ())
}

struct FieldsOnce;

impl<'de> Visitor<'de> for FieldsOnce {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            fields.insert(name, value);
        }
        Ok(fields)
    }
}

/// What is read out of an object, and out of no list.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfAnObject(PhantomData))
    }
}

struct OfAnObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfAnObject<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(access)).map(Object)
    }
}

/// Just enough of a command to say which one was wrong.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type", default)]
    command: Option<Value>,
    #[serde(default)]
    id: Option<Value>,
}

fn unreadable(text: &str, reason: Refusal) -> Unreadable {
    let (command, id) = match serde_json::from_str::<Envelope>(text) {
        Ok(Envelope { command, id }) => (command, id),
        Err(_) => (None, None),
    };
    Unreadable {
        command: command.and_then(|name| Some(shorten(name.as_str()?, 32))),
        id: id.and_then(|id| id.as_str()?.parse().ok()),
        reason,
    }
}

fn malformed(detail: &str) -> Refusal {
    Refusal::Malformed {
        detail: shorten(detail, 200),
    }
}

/// What is echoed to a client is never longer than it needs to be.
fn shorten(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}
