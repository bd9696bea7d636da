//! The variants of each enum of the wire by name. It does not know what they mean.
//!
//! A variant that is missing here does not compile; one that is here and has no example, in a
//! golden table or in the protocol's page, fails there.

use std::collections::BTreeSet;

use parley_shared::api::contacts::ContactList;
use parley_shared::api::server::ContactPolicy;
use parley_shared::model::{Notice, Relation};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};

pub(crate) trait Variants {
    /// Every variant's name.
    const ALL: &'static [&'static str];

    /// The name of this one.
    fn variant(&self) -> &'static str;
}

macro_rules! variants {
    ($enum:ident { $($variant:ident),* $(,)? }) => {
        impl Variants for $enum {
            const ALL: &'static [&'static str] = &[$(stringify!($variant)),*];

            fn variant(&self) -> &'static str {
                match self {
                    $($enum::$variant { .. } => stringify!($variant),)*
                }
            }
        }
    };
}

variants!(ChatMessage {
    Text,
    Notice,
    Deleted,
    Unknown,
});

variants!(Notice {
    Created,
    Joined,
    Added,
    Left,
    Removed,
    Banned,
    RoleChanged,
    Renamed,
    Described,
    PictureChanged,
    VisibilityChanged,
    Archived,
    Restored,
    Unknown,
});

variants!(Relation {
    None,
    Outgoing,
    Incoming,
    Friend,
});

variants!(ContactList {
    Friends,
    Incoming,
    Outgoing,
    Blocked,
});

variants!(ContactPolicy { Friends, Team });

variants!(ClientCommand {
    Hello,
    Send,
    Edit,
    Delete,
    History,
    Changes,
    Entries,
    People,
    Conversations,
    Conversation,
    Open,
    Watch,
    Read,
    MarkUnread,
    Delivered,
    Rename,
    Typing,
    Ping,
});

variants!(ServerEvent {
    Welcome,
    MessageChanged,
    History,
    Changes,
    Conversations,
    Entries,
    ReceiptsChanged,
    ConversationChanged,
    ConversationLeft,
    GroupChanged,
    ContactChanged,
    ReadChanged,
    OnlineChanged,
    PeopleChanged,
    PresenceChanged,
    TypingChanged,
    Accepted,
    Refused,
    Pong,
    GoingAway,
    Unknown,
});

variants!(Refusal {
    Malformed,
    UnknownCommand,
    UnsupportedProtocol,
    CommandTooLarge,
    UnknownConversation,
    UnknownMessage,
    NotYours,
    UnknownContent,
    TextBlank,
    TextTooLong,
    TextHasControl,
    NameBlank,
    NameTooLong,
    NameHasControl,
    IdTaken,
    TooManyPeople,
    TooFast,
    NotFound,
    MethodNotAllowed,
    UnsupportedMediaType,
    BodyTooLarge,
    ForeignOrigin,
    SignInNeeded,
    GuestsNotAllowed,
    WrongCredentials,
    SecondFactorNeeded,
    SecondFactorWrong,
    WrongPassword,
    RoleTooSmall,
    ScopeTooSmall,
    SessionNeeded,
    TooManyAttempts,
    Busy,
    RegistrationClosed,
    InvitationNeeded,
    UnknownInvitation,
    UnknownResetCode,
    AlreadyRegistered,
    UserNameTaken,
    UserNameTooShort,
    UserNameTooLong,
    UserNameHasSymbol,
    UserNameMixesScripts,
    PasswordTooShort,
    PasswordTooLong,
    EmailMalformed,
    AboutTooLong,
    StatusTooLong,
    ProfileHasControl,
    ExpiryOutOfRange,
    UsesOutOfRange,
    TooMany,
    LastOwner,
    Yourself,
    NotFriends,
    Archived,
    Banned,
    PictureUnreadable,
    PictureTooLarge,
    NoMail,
    SecondFactorOn,
    SecondFactorOff,
    Unavailable,
    Unknown,
});

/// The variants of which there is no value among these.
pub(crate) fn without_example<'a, T: Variants + 'a>(
    values: impl IntoIterator<Item = &'a T>,
) -> Vec<&'static str> {
    let seen: BTreeSet<_> = values.into_iter().map(Variants::variant).collect();
    let all = T::ALL.iter().copied();
    all.filter(|name| !seen.contains(name)).collect()
}
