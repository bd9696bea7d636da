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

use crate::chain::HexHash;
use crate::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use crate::json::{read_fields, read_variants};
use crate::model::{
    Contact, Conversation, Group, LedgerEntry, Message, Notice, Person, Presence, Receipt, Standing,
};

pub use crate::refusal::Refusal;

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

/// A fact that the server tells.
///
/// A client ignores a type it does not know, so that a newer server does not break an older page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerEvent {
    /// The first event of every connection.
    Welcome {
        /// The version of the wire that the server speaks.
        protocol: u32,
        /// The version of the server, for people to read.
        server: String,
        /// Who the client is.
        me: Person,
        /// The account that the person has; absent for a guest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<Standing>,
        /// The conversations it is in: a first page, the last active first, and the Lobby in any case.
        conversations: Vec<Conversation>,
        /// Whether there are more of them.
        more: bool,
        /// As the client said when it connected: then only those conversations are told in which something
        /// changed for it since, and the Lobby. Absent when it said nothing, or when the server cannot tell.
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Stamp>,
        /// Those that it was in then and is no longer; empty without `since`.
        left: Vec<ConversationId>,
        /// Everything up to this moment is told here, or on the pages that follow.
        stamp: Stamp,
        /// Those whom these conversations name: authors of the newest messages, and whom notices speak of, of
        /// those [`added`](crate::model::Notice::Added) only the first.
        people: Vec<Person>,
        /// Who is in the Lobby.
        presence: Presence,
        /// How many people wait for an answer to their request to be friends.
        requests: u32,
        /// Whether there are names by which one knows others: `GET /api/v1/remarks`.
        remarks: bool,
    },
    /// A message came to be or changed. Told to everyone in the conversation, in order, after it is on disk.
    MessageChanged {
        /// The whole message as it stands now.
        message: Message,
        /// Its author as they are named now.
        author: Person,
    },
    /// The answer to [`ClientCommand::History`].
    History {
        /// Of which conversation.
        conversation: ConversationId,
        /// As asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// The messages, by place, oldest first.
        messages: Vec<Message>,
        /// Those whom these messages name: their authors, and whom notices speak of, of those
        /// [`added`](crate::model::Notice::Added) only the first.
        people: Vec<Person>,
        /// The newest change that the answer takes account of.
        through: Seq,
        /// Whether there are messages before these.
        more: bool,
    },
    /// The answer to [`ClientCommand::Changes`].
    Changes {
        /// In which conversation.
        conversation: ConversationId,
        /// As asked.
        since: Seq,
        /// The messages that changed, each once as it stands now, by change, oldest first.
        messages: Vec<Message>,
        /// Those whom these messages name: their authors, and whom notices speak of, of those
        /// [`added`](crate::model::Notice::Added) only the first.
        people: Vec<Person>,
        /// The newest change that the answer takes account of.
        through: Seq,
        /// Whether there are changes after it: then the client asks again, since `through`.
        more: bool,
    },
    /// The answer to [`ClientCommand::Conversations`].
    Conversations {
        /// As asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<ListPlace>,
        /// As asked; absent as well when the server cannot tell what changed since, and tells of all.
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Stamp>,
        /// The conversations, the last active first. At most [`crate::limits::PAGE_CONVERSATIONS_MAX`].
        conversations: Vec<Conversation>,
        /// Those whom these conversations name, as in the welcome.
        people: Vec<Person>,
        /// Whether there are more after these.
        more: bool,
    },
    /// The answer to [`ClientCommand::Entries`].
    Entries {
        /// Of which conversation.
        conversation: ConversationId,
        /// As asked.
        after: Seq,
        /// The chain's head after that one, by [`crate::chain::head`].
        head: HexHash,
        /// The entries that follow, without a hole. At most [`crate::limits::PAGE_ENTRIES_MAX`].
        entries: Vec<LedgerEntry>,
        /// Whether there are entries after these.
        more: bool,
    },
    /// How far what is said has reached those who are in a conversation: told to those who have it open,
    /// with the answer to [`ClientCommand::Open`] and when it changes, of direct conversations and of
    /// groups of at most [`crate::limits::RECEIPTS_MEMBERS_MAX`].
    ReceiptsChanged {
        /// In which conversation.
        conversation: ConversationId,
        /// Those for whom it is another than was told before; at first everyone's.
        receipts: Vec<Receipt>,
    },
    /// A conversation as its reader sees it now: the answer to [`ClientCommand::Conversation`], and told
    /// when they came into it, and when their role in it or whether they may write there is another.
    ConversationChanged {
        /// The whole conversation.
        conversation: Conversation,
        /// Those whom it names, as in the welcome.
        people: Vec<Person>,
    },
    /// The reader is no longer in a conversation: they left, or were removed. Nothing more of it is told.
    ConversationLeft {
        /// Which conversation.
        conversation: ConversationId,
    },
    /// What a group is now. Told to its members.
    GroupChanged {
        /// Which conversation.
        conversation: ConversationId,
        /// The whole group.
        group: Group,
    },
    /// How the reader stands to someone now. Told to the reader alone.
    ContactChanged {
        /// The other, and how one stands to them.
        contact: Contact,
    },
    /// How far the reader has read a conversation, on whichever device, and what that leaves. Told to the reader
    /// alone, when they read, when they mark something as unread, and when they are mentioned.
    ReadChanged {
        /// Which conversation.
        conversation: ConversationId,
        /// The newest change that was read.
        through: Seq,
        /// How many messages others wrote after it, counted as in [`Conversation::unread`].
        unread: u32,
        /// How many of these mention the reader, and may.
        mentions: u32,
    },
    /// Whether people are there, of those who are watched.
    OnlineChanged {
        /// Those who are.
        online: Vec<UserId>,
        /// Those who are not, or of whom one may not know it any more.
        offline: Vec<UserId>,
    },
    /// How some people are seen now: the answer to [`ClientCommand::People`], and told when someone changes
    /// their name or picture, or deletes their account.
    PeopleChanged {
        /// The people.
        people: Vec<Person>,
    },
    /// Who is in a conversation now. Told at most a few times a second, less often where there are many.
    PresenceChanged {
        /// In which conversation.
        conversation: ConversationId,
        /// Everyone who is there.
        presence: Presence,
    },
    /// Who is typing now; an empty list when nobody is.
    TypingChanged {
        /// In which conversation.
        conversation: ConversationId,
        /// The people, at most [`crate::limits::TYPING_LISTED_MAX`].
        people: Vec<Person>,
    },
    /// The message is on disk. Told to the connection that sent it, also when it was stored before.
    Accepted {
        /// Which message.
        id: MessageId,
        /// Where it stands.
        conversation: ConversationId,
        /// Its place.
        seq: Seq,
        /// When it was accepted, in milliseconds since 1970.
        sent_ms: u64,
    },
    /// The command was not done.
    Refused {
        /// The command's type, where it could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        command: Option<String>,
        /// The message that it was about, for a [`ClientCommand::Send`].
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        /// Why, for programs.
        reason: Refusal,
        /// Why, for people, in English.
        message: String,
    },
    /// The answer to [`ClientCommand::Ping`].
    Pong {
        /// Everything up to this moment was told to this connection before.
        #[serde(skip_serializing_if = "Option::is_none")]
        stamp: Option<Stamp>,
    },
    /// The server stops; the connection ends in a moment. Nothing that was accepted is lost.
    GoingAway {
        /// Milliseconds after which to come back; a different number for each connection, so that not all return at once.
        retry_after_ms: u64,
    },
    /// An event that this build does not know.
    Unknown,
}

read_variants!(ServerEvent by "type" {
    "welcome" => Welcome { protocol, server, me, account, conversations, more, since, left, stamp, people, presence, requests, remarks },
    "message_changed" => MessageChanged { message, author },
    "history" => History { conversation, before, messages, people, through, more },
    "changes" => Changes { conversation, since, messages, people, through, more },
    "conversations" => Conversations { before, since, conversations, people, more },
    "entries" => Entries { conversation, after, head, entries, more },
    "receipts_changed" => ReceiptsChanged { conversation, receipts },
    "conversation_changed" => ConversationChanged { conversation, people },
    "conversation_left" => ConversationLeft { conversation },
    "group_changed" => GroupChanged { conversation, group },
    "contact_changed" => ContactChanged { contact },
    "read_changed" => ReadChanged { conversation, through, unread, mentions },
    "online_changed" => OnlineChanged { online, offline },
    "people_changed" => PeopleChanged { people },
    "presence_changed" => PresenceChanged { conversation, presence },
    "typing_changed" => TypingChanged { conversation, people },
    "accepted" => Accepted { id, conversation, seq, sent_ms },
    "refused" => Refused { command, id, reason, message },
    "pong" => Pong { stamp },
    "going_away" => GoingAway { retry_after_ms },
});

/// Codes with which the server closes a WebSocket (RFC 6455, section 7.4).
pub mod close_code {
    /// A text frame was not UTF-8, or a frame was none.
    pub const INVALID: u16 = 1007;
    /// The client may not use the service in this way.
    pub const POLICY: u16 = 1008;
    /// A frame was larger than [`crate::limits::FRAME_BYTES_MAX`].
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
