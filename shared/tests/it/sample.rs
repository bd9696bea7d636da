//! The fixed cast of these tests. It does not know what they are used for.

use parley_shared::chain::{Hex, SALT_BYTES};
use parley_shared::ids::{ConversationId, MessageId, PictureId, Seq, UserId};
use parley_shared::model::{
    Contact, Conversation, ConversationKind, Group, Message, Notice, Person, Relation, Role,
};
use parley_shared::protocol::ChatMessage;

pub(crate) const ALICE: &str = "a11ce000a11ce000a11ce000a11ce000";
pub(crate) const BOB: &str = "b0b00000b0b00000b0b00000b0b00000";
pub(crate) const LOBBY: &str = "10bb1000000000000000000000000001";
pub(crate) const CLUB: &str = "c1b00000c1b00000c1b00000c1b00000";
pub(crate) const PAIR: &str = "d1ec7000d1ec7000d1ec7000d1ec7000";
pub(crate) const PICTURE: &str = "91c70000000000000000000000000001";
pub(crate) const MESSAGE: &str = "018f3b1e7a2c7d3e9f00112233445566";

pub(crate) fn user(digits: &str) -> UserId {
    digits.parse().expect("the cast has good ids")
}

pub(crate) fn lobby() -> ConversationId {
    LOBBY.parse().expect("the cast has good ids")
}

/// The group's conversation.
pub(crate) fn club() -> ConversationId {
    CLUB.parse().expect("the cast has good ids")
}

pub(crate) fn picture_id() -> PictureId {
    PICTURE.parse().expect("the cast has good ids")
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
        picture: None,
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
        edited_ms: None,
        salt: None,
        body: text("hello"),
    }
}

/// The same, salted, and as it is after Alice changed its words.
pub(crate) fn edited() -> Message {
    Message {
        edited_ms: Some(1_700_000_060_000),
        salt: Some(Hex([0x5a; SALT_BYTES])),
        ..message()
    }
}

/// The same after Bob deleted it, who keeps order.
pub(crate) fn deleted() -> Message {
    Message {
        body: ChatMessage::Deleted {
            by: user(BOB),
            at_ms: 1_700_000_060_000,
        },
        ..message()
    }
}

pub(crate) fn notice(notice: Notice) -> ChatMessage {
    ChatMessage::Notice { notice }
}

/// The Lobby, as a guest sees it.
pub(crate) fn lobby_of_a_guest() -> Conversation {
    Conversation {
        id: lobby(),
        kind: ConversationKind::Lobby,
        last: Seq(12),
        active_ms: 1_700_000_000_000,
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

/// What Alice has with someone who deleted their account: it can be read and no more.
pub(crate) fn pair() -> Conversation {
    Conversation {
        id: PAIR.parse().expect("the cast has good ids"),
        kind: ConversationKind::Direct,
        last: Seq(7),
        read: Seq(7),
        with: Some(Person {
            deleted: true,
            ..bob()
        }),
        closed: true,
        ..lobby_of_a_guest()
    }
}

pub(crate) fn group() -> Group {
    Group {
        name: "Tea".to_owned(),
        about: String::new(),
        picture: None,
        public: false,
        members: 3,
        archived: false,
    }
}

/// The group, as one of its members sees it who has read less than there is.
pub(crate) fn club_of_a_member() -> Conversation {
    Conversation {
        id: club(),
        kind: ConversationKind::Group,
        last: Seq(12),
        latest: Some(Message {
            conversation: club(),
            seq: Seq(12),
            body: notice(Notice::Joined),
            ..message()
        }),
        read: Seq(5),
        unread: 2,
        mentions: 1,
        group: Some(group()),
        role: Some(Role::Member),
        ..lobby_of_a_guest()
    }
}

/// Bob, as Alice knows him.
pub(crate) fn contact() -> Contact {
    Contact {
        person: bob(),
        user_name: Some("bob".to_owned()),
        relation: Relation::Friend,
        since_ms: Some(1_700_000_000_000),
        blocked: false,
        remark: Some("Bobby".to_owned()),
    }
}
