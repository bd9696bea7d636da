//! What the server tells, fact by fact. It does not know what was asked.

use serde::Serialize;

use super::ListPlace;
use crate::chain::HexHash;
use crate::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use crate::json::read_variants;
use crate::model::{
    Contact, Conversation, Group, LedgerEntry, Message, Person, Presence, Receipt, Standing,
};
use crate::refusal::Refusal;

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
    /// The answer to [`ClientCommand::History`](super::ClientCommand::History).
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
    /// The answer to [`ClientCommand::Changes`](super::ClientCommand::Changes).
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
    /// The answer to [`ClientCommand::Conversations`](super::ClientCommand::Conversations).
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
    /// The answer to [`ClientCommand::Entries`](super::ClientCommand::Entries).
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
    /// with the answer to [`ClientCommand::Open`](super::ClientCommand::Open) and when it changes, of direct conversations and of
    /// groups of at most [`crate::limits::RECEIPTS_MEMBERS_MAX`].
    ReceiptsChanged {
        /// In which conversation.
        conversation: ConversationId,
        /// Those for whom it is another than was told before; at first everyone's.
        receipts: Vec<Receipt>,
    },
    /// A conversation as its reader sees it now: the answer to [`ClientCommand::Conversation`](super::ClientCommand::Conversation), and told
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
    /// How some people are seen now: the answer to [`ClientCommand::People`](super::ClientCommand::People), and told when someone changes
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
        /// The message that it was about, for a [`ClientCommand::Send`](super::ClientCommand::Send).
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        /// Why, for programs.
        reason: Refusal,
        /// Why, for people, in English.
        message: String,
    },
    /// The answer to [`ClientCommand::Ping`](super::ClientCommand::Ping).
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
