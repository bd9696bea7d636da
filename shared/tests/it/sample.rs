//! The fixed cast of these tests. It does not know what they are used for.

use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::ChatMessage;

pub(crate) const ALICE: &str = "a11ce000a11ce000a11ce000a11ce000";
pub(crate) const BOB: &str = "b0b00000b0b00000b0b00000b0b00000";
pub(crate) const LOBBY: &str = "10bb1000000000000000000000000001";
pub(crate) const MESSAGE: &str = "018f3b1e7a2c7d3e9f00112233445566";

pub(crate) fn user(digits: &str) -> UserId {
    digits.parse().expect("the cast has good ids")
}

pub(crate) fn lobby() -> ConversationId {
    LOBBY.parse().expect("the cast has good ids")
}

pub(crate) fn message_id() -> MessageId {
    MESSAGE.parse().expect("the cast has good ids")
}

/// The message id number `n`, for tests that need many.
pub(crate) fn nth_id(n: u64) -> MessageId {
    let mut bytes = [0x11; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    MessageId::from_bytes(bytes)
}

pub(crate) fn alice() -> Person {
    Person {
        id: user(ALICE),
        name: Some("Alice".to_owned()),
        deleted: false,
    }
}

/// A guest without a name.
pub(crate) fn bob() -> Person {
    Person::unnamed(user(BOB))
}

pub(crate) fn text(words: &str) -> ChatMessage {
    ChatMessage::Text {
        text: words.to_owned(),
    }
}

/// Alice's message, as it stands after change 12.
pub(crate) fn message() -> Message {
    Message {
        id: message_id(),
        conversation: lobby(),
        author: user(ALICE),
        seq: Seq(11),
        changed: Seq(12),
        sent_ms: 1_700_000_000_000,
        body: text("hello"),
    }
}
