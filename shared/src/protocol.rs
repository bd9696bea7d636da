//! The wire: what a client may say, what the server tells, what a conversation holds. It knows no transport and no rule.
//!
//! A client opens `/ws`. The first thing it hears is [`ServerEvent::Welcome`]: who it is, which
//! conversations there are, how far each has come. From that moment it also hears every
//! [`ServerEvent::MessageChanged`] of those conversations. It says [`ClientCommand::Hello`] with the
//! version it speaks, asks for [`ClientCommand::History`] (older messages, newest page first) or
//! [`ClientCommand::Changes`] (what it missed), and writes with [`ClientCommand::Send`].
//!
//! A command is a verb; an event is the whole new state of what changed. The author of a message
//! hears the same event as everyone else, after the message is on disk, and a
//! [`ServerEvent::Accepted`] besides. A command that cannot be done is answered with
//! [`ServerEvent::Refused`], which says why and names the bound; the connection lives on.
//!
//! Every change of a conversation carries the next number of that conversation, without a hole. A
//! client that sees a hole asks for the changes since the number before it; so nothing is missed
//! without being noticed. Everything is JSON in text frames, tagged by `"type"`.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use crate::json::{read_fields, read_variants};
use crate::model::Notice;

mod event;

pub use crate::refusal::Refusal;
pub use event::ServerEvent;

/// What a conversation holds: the typed content of a message.
///
/// A reader that meets a type it does not know keeps the message's place and says so; the server
/// refuses to store one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChatMessage {
    /// Words, as they were typed. See [`crate::content::check_text`] for what is accepted.
    Text {
        /// The words.
        text: String,
    },
    /// Something that happened to the conversation. Only the server writes these.
    Notice {
        /// What.
        notice: Notice,
    },
    /// Nothing any more: what the message said is erased. Only the server writes these.
    Deleted {
        /// Who deleted it: its author, or someone who keeps order in the group.
        by: UserId,
        /// When, in milliseconds since 1970.
        at_ms: u64,
    },
    /// Content of a type that this build does not know.
    Unknown,
}

read_variants!(ChatMessage by "type" {
    "text" => Text { text },
    "notice" => Notice { notice },
    "deleted" => Deleted { by, at_ms },
});

/// Where a list of conversations, the last active first, was read up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPlace {
    /// When the last conversation that was read was active.
    #[serde(deserialize_with = "crate::codec::time_ms")]
    pub active_ms: u64,
    /// Which one it was.
    pub conversation: ConversationId,
}

// It is both said and told: a server reads it strictly, and a page leniently.
read_fields!(ListPlace {
    active_ms,
    conversation
});

/// How far what is said in a conversation has reached a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveredMark {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The newest change that the device has.
    pub through: Seq,
}

/// A verb that a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientCommand {
    /// "This is the version I speak." Optional; answered only when the server cannot serve that version.
    Hello {
        /// The client's [`crate::limits::PROTOCOL_VERSION`].
        protocol: u32,
    },
    /// Writes a message. Saying it again with the same id is safe: it is stored once.
    Send {
        /// The message's id, minted by the client: 128 random bits, best as a UUIDv7.
        id: MessageId,
        /// Where to.
        conversation: ConversationId,
        /// What it says.
        #[serde(deserialize_with = "crate::codec::written_body")]
        body: ChatMessage,
    },
    /// Changes the words of a message of one's own. Saying it again with the same id is safe: it is done once.
    Edit {
        /// The change's id, minted by the client as a message's is.
        id: MessageId,
        /// Where the message stands.
        conversation: ConversationId,
        /// Which message.
        message: MessageId,
        /// What it says from then on.
        #[serde(deserialize_with = "crate::codec::written_body")]
        body: ChatMessage,
    },
    /// Erases what a message says: one's own, or another's where one keeps order. Saying it again is safe.
    Delete {
        /// The change's id, minted by the client as a message's is.
        id: MessageId,
        /// Where the message stands.
        conversation: ConversationId,
        /// Which message.
        message: MessageId,
    },
    /// Asks for a page of messages, newest first in choice, oldest first in order.
    History {
        /// Of which conversation.
        conversation: ConversationId,
        /// Only messages whose place is before this one; absent for the newest page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
    },
    /// Asks for what changed after a number, oldest change first, a page at a time.
    Changes {
        /// In which conversation.
        conversation: ConversationId,
        /// The newest change that the client has.
        since: Seq,
    },
    /// Asks for the entries after a number, in order, a page at a time: the proof of what was told.
    Entries {
        /// Of which conversation.
        conversation: ConversationId,
        /// Those after this one.
        after: Seq,
    },
    /// Asks who some people are. At most [`crate::limits::PEOPLE_ASKED_MAX`].
    People {
        /// Whom it asks about; those who are unknown are left out of the answer.
        ids: Vec<UserId>,
    },
    /// Asks for a page of one's conversations, the last active first.
    Conversations {
        /// Only those after this place; absent for the first page.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "crate::codec::object_or_nothing"
        )]
        before: Option<ListPlace>,
        /// Only those in which something changed for the client since then; absent for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Stamp>,
    },
    /// Asks how one conversation stands. Answered with [`ServerEvent::ConversationChanged`].
    Conversation {
        /// Which conversation.
        conversation: ConversationId,
    },
    /// "This conversation is in front of me": who is in it and who types there is told from now on, of
    /// this one alone. Until something else is opened it is the Lobby. Answered with
    /// [`ServerEvent::PresenceChanged`].
    Open {
        /// Which conversation.
        conversation: ConversationId,
    },
    /// "These people are in front of me": whether they are there is told from now on, of these alone.
    /// Answered with [`ServerEvent::OnlineChanged`], which names those of whom one may know it.
    Watch {
        /// Whom. At most [`crate::limits::PEOPLE_WATCHED_MAX`].
        people: Vec<UserId>,
    },
    /// "I have read up to here." It only moves forward, and [`ServerEvent::ReadChanged`] is told when it
    /// does. For those who have an account.
    Read {
        /// In which conversation.
        conversation: ConversationId,
        /// The newest change that was read; beyond the newest there is, it counts as that.
        through: Seq,
    },
    /// "Count it as unread from here." The mark moves back, for all of the client's devices, and
    /// [`ServerEvent::ReadChanged`] is told. For those who have an account.
    MarkUnread {
        /// In which conversation.
        conversation: ConversationId,
        /// The place of the first message that counts as unread.
        from: Seq,
    },
    /// "These have reached my device." It only moves forward. For those who have an account.
    Delivered {
        /// How far, where. At most [`crate::limits::DELIVERED_MARKS_MAX`].
        marks: Vec<DeliveredMark>,
    },
    /// Changes one's own display name.
    Rename {
        /// The new name. See [`crate::content::check_name`] for what is accepted.
        name: String,
    },
    /// "I am typing." Said again every few seconds while it is true.
    Typing {
        /// In which conversation.
        conversation: ConversationId,
    },
    /// "Are you there?" Answered with [`ServerEvent::Pong`].
    #[serde(deserialize_with = "crate::codec::no_fields")]
    Ping,
}

/// Codes with which the server closes a WebSocket (RFC 6455, section 7.4).
pub mod close_code {
    /// What came was no frame that a client may send at that moment.
    pub const PROTOCOL: u16 = 1002;
    /// A text frame was not UTF-8.
    pub const INVALID: u16 = 1007;
    /// The client may not use the service in this way.
    pub const POLICY: u16 = 1008;
    /// A message was larger than [`crate::limits::FRAME_BYTES_MAX`], in one frame or in several.
    pub const TOO_LARGE: u16 = 1009;
    /// The server stops; come back after the time that [`super::ServerEvent::GoingAway`] named.
    pub const RESTART: u16 = 1012;
    /// The reader was too slow; come back and catch up. The reason is [`super::RESYNC`].
    pub const TRY_AGAIN: u16 = 1013;
    /// The client is no longer who it was when it connected: its session was signed out, its token
    /// revoked, its account deactivated or deleted, or guests may no longer enter. Come back when
    /// signed in. The reason is [`super::SIGNED_OUT`].
    pub const SIGNED_OUT: u16 = 4401;
}

/// The reason given with [`close_code::TRY_AGAIN`] when a reader fell behind.
pub const RESYNC: &str = "resync";

/// The reason given with [`close_code::SIGNED_OUT`].
pub const SIGNED_OUT: &str = "signed out";
