//! What a server could say. It does not know what a page makes of it.

use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::model::{
    Conversation, ConversationKind, Group, Message, Person, Presence, Role, Standing,
};
use parley_shared::protocol::{ChatMessage, Refusal, ServerEvent};

/// A day in the past, in milliseconds since 1970.
pub(crate) const NOON_MS: u64 = 1_750_000_000_000;

/// Who is who: the reader is `me`.
pub(crate) fn me() -> Person {
    person(1, "Ming")
}

pub(crate) fn alice() -> Person {
    person(2, "Alice")
}

fn person(number: u8, name: &str) -> Person {
    Person {
        id: UserId::from_bytes([number; 16]),
        name: Some(name.into()),
        picture: None,
        deleted: false,
    }
}

pub(crate) fn lobby() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}

/// A message of Alice: her words and its place.
pub(crate) fn of_alice(place: u64, text: &str) -> Message {
    Message {
        id: MessageId::from_time_and_randomness(place, [2; 10]),
        conversation: lobby(),
        author: alice().id,
        seq: Seq(place),
        changed: Seq(place),
        sent_ms: NOON_MS + place,
        edited_ms: None,
        salt: None,
        body: ChatMessage::Text { text: text.into() },
    }
}

pub(crate) fn welcome(last: u64) -> ServerEvent {
    ServerEvent::Welcome {
        since: None,
        left: Vec::new(),
        stamp: Stamp::default(),
        protocol: 1,
        server: "0.0.0".into(),
        me: me(),
        account: None,
        conversations: vec![conversation(lobby(), ConversationKind::Lobby, last)],
        more: false,
        people: Vec::new(),
        presence: Presence {
            online: 2,
            people: Some(vec![me(), alice()]),
        },
        requests: 0,
        remarks: false,
    }
}

/// A conversation in which nothing was said that the reader does not know.
pub(crate) fn conversation(id: ConversationId, kind: ConversationKind, last: u64) -> Conversation {
    Conversation {
        id,
        kind,
        last: Seq(last),
        active_ms: NOON_MS + last,
        latest: None,
        read: Seq::ZERO,
        unread: 0,
        mentions: 0,
        with: None,
        group: None,
        role: None,
        closed: false,
    }
}

/// The reader has an account now.
pub(crate) fn welcome_account(last: u64) -> ServerEvent {
    let mut event = welcome(last);
    if let ServerEvent::Welcome { account, .. } = &mut event {
        *account = Some(Standing {
            user_name: "ming".into(),
            role: Role::Member,
        });
    }
    event
}

pub(crate) fn group() -> ConversationId {
    ConversationId::from_bytes([11; 16])
}

pub(crate) fn talk() -> ConversationId {
    ConversationId::from_bytes([12; 16])
}

/// The group that the reader is in, with so much unread.
pub(crate) fn in_group(last: u64, unread: u32) -> Conversation {
    Conversation {
        latest: Some(in_conversation(group(), of_alice(last, "at the river"))),
        unread,
        read: Seq(last - u64::from(unread)),
        group: Some(Group {
            name: "Rowers".into(),
            about: String::new(),
            picture: None,
            public: false,
            members: 3,
            archived: false,
        }),
        role: Some(Role::Member),
        ..conversation(group(), ConversationKind::Group, last)
    }
}

/// The talk with Alice.
pub(crate) fn with_alice(last: u64) -> Conversation {
    let said = Message {
        author: me().id,
        ..of_alice(last, "see you there")
    };
    Conversation {
        latest: Some(in_conversation(talk(), said)),
        read: Seq(last),
        with: Some(alice()),
        active_ms: NOON_MS,
        ..conversation(talk(), ConversationKind::Direct, last)
    }
}

/// A message, in another conversation than the Lobby.
pub(crate) fn in_conversation(conversation: ConversationId, message: Message) -> Message {
    Message {
        conversation,
        ..message
    }
}

/// The reader has an account and these conversations besides the Lobby.
pub(crate) fn welcome_among(others: Vec<Conversation>) -> ServerEvent {
    let mut event = welcome_account(1);
    if let ServerEvent::Welcome {
        conversations,
        people,
        ..
    } = &mut event
    {
        conversations.extend(others);
        people.push(alice());
    }
    event
}

/// The newest page of history of a conversation.
pub(crate) fn history_of(conversation: ConversationId, count: u64) -> ServerEvent {
    let mut event = history(count);
    if let ServerEvent::History {
        conversation: of,
        messages,
        ..
    } = &mut event
    {
        *of = conversation;
        for message in messages {
            message.conversation = conversation;
        }
    }
    event
}

/// Someone else is welcomed than before.
pub(crate) fn lobby_of(person: Person, last: u64) -> ServerEvent {
    let mut event = welcome(last);
    if let ServerEvent::Welcome { me, .. } = &mut event {
        *me = person;
    }
    event
}

/// The newest page of history: messages of Alice, numbered from 1.
pub(crate) fn history(count: u64) -> ServerEvent {
    let text = |place| format!("message {place}");
    ServerEvent::History {
        conversation: lobby(),
        before: None,
        messages: (1..=count)
            .map(|place| of_alice(place, &text(place)))
            .collect(),
        people: vec![alice()],
        through: Seq(count),
        more: false,
    }
}

pub(crate) fn changed(message: Message, author: Person) -> ServerEvent {
    ServerEvent::MessageChanged { message, author }
}

/// What everyone hears of a message that the reader sent.
pub(crate) fn confirmed(id: MessageId, place: u64, text: &str, sent_ms: u64) -> ServerEvent {
    let message = Message {
        id,
        author: me().id,
        sent_ms,
        ..of_alice(place, text)
    };
    changed(message, me())
}

pub(crate) fn accepted(id: MessageId, place: u64) -> ServerEvent {
    ServerEvent::Accepted {
        id,
        conversation: lobby(),
        seq: Seq(place),
        sent_ms: NOON_MS + place,
    }
}

pub(crate) fn refused(id: MessageId, reason: Refusal) -> ServerEvent {
    ServerEvent::Refused {
        command: Some("send".into()),
        id: Some(id),
        message: reason.to_string(),
        reason,
    }
}
