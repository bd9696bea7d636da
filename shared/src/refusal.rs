//! Why something was not done, in words for programs and for people. It knows no rule and no door.
//!
//! One vocabulary serves both doors: the WebSocket tells a refusal inside
//! [`ServerEvent::Refused`](crate::protocol::ServerEvent::Refused), the HTTP API as a
//! [`Problem`](crate::api::Problem).

use serde::Serialize;

use crate::ids::UserId;
use crate::json::read_variants;
use crate::model::{Role, Scope};

mod words;

/// Why a command or a request was not done. Each names the bound that it met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The frame is no command: no text, no JSON, a missing or unknown field, an id that is none.
    Malformed {
        /// What is wrong with it.
        detail: String,
    },
    /// There is no command of this type.
    UnknownCommand,
    /// The page and the server do not understand each other; reloading the page helps.
    UnsupportedProtocol {
        /// The version that the server speaks.
        supported: u32,
    },
    /// The command is too large to be read.
    CommandTooLarge {
        /// Its bound in bytes.
        limit_bytes: u64,
    },
    /// There is no such conversation, or it is not the client's to see: the two look the same.
    UnknownConversation,
    /// There is no such message here, or nothing that can be changed: a notice, or one that is deleted.
    UnknownMessage,
    /// The message is someone else's.
    NotYours,
    /// The message's content is of a type that this server does not store.
    UnknownContent,
    /// The text has nothing in it to read.
    TextBlank,
    /// The text is too long.
    TextTooLong {
        /// Its bound in bytes of UTF-8.
        limit_bytes: u64,
    },
    /// The text has a control character other than line feed and tab.
    TextHasControl {
        /// The first one, as a number of Unicode.
        code_point: u32,
    },
    /// The name has nothing in it to read.
    NameBlank,
    /// The name is too long.
    NameTooLong {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// The name has a character that is invisible or changes the direction of writing.
    NameHasControl {
        /// The first one, as a number of Unicode.
        code_point: u32,
    },
    /// Another message has this id already.
    IdTaken,
    /// More people were named than can be in one command or request.
    TooManyPeople {
        /// The bound.
        limit: u64,
    },
    /// Too many commands or messages in too short a time.
    TooFast {
        /// How many are accepted in a second.
        limit_per_second: u32,
        /// Milliseconds after which the same command is accepted.
        retry_after_ms: u64,
    },
    /// There is no such thing, or it is not the client's to see: the two look the same.
    NotFound,
    /// The route is there, and this method is not.
    MethodNotAllowed,
    /// A request's body is JSON, and its `Content-Type` must say so.
    UnsupportedMediaType,
    /// The request's body is too large to be read.
    BodyTooLarge {
        /// Its bound in bytes.
        limit_bytes: u64,
    },
    /// The request comes from a page of another origin, or from a browser that does not say from which.
    ForeignOrigin,
    /// Nobody is signed in, or no longer. Sign in first.
    SignInNeeded,
    /// Guests may not enter. Sign in first.
    GuestsNotAllowed,
    /// There is no such user name, or the password is another: the two look the same.
    WrongCredentials,
    /// The password is right, and the account asks for a code besides.
    SecondFactorNeeded,
    /// The code is not the one of this moment, or was used before.
    SecondFactorWrong,
    /// The password that confirms a change is not the account's.
    WrongPassword,
    /// The client's role does not allow it, or not towards this person.
    RoleTooSmall {
        /// The smallest role that may.
        needed: Role,
    },
    /// The token's scope does not allow it.
    ScopeTooSmall {
        /// The smallest scope that may.
        needed: Scope,
    },
    /// A token may not do this: only a person who signed in.
    SessionNeeded,
    /// Too many attempts to guess a secret, for this account or from this address.
    TooManyAttempts {
        /// Milliseconds after which to try again.
        retry_after_ms: u64,
    },
    /// More work waits than the server takes on; nothing was done.
    Busy {
        /// Milliseconds after which to try again.
        retry_after_ms: u64,
    },
    /// Nobody can register here.
    RegistrationClosed,
    /// Only those who have an invitation can register.
    InvitationNeeded,
    /// There is no such invitation, or it has expired, is used up or was revoked: all look the same.
    UnknownInvitation,
    /// There is no such code for this person, or it has expired or was used: all look the same.
    UnknownResetCode,
    /// The client has an account already.
    AlreadyRegistered,
    /// Another account has this user name, or one that looks like it.
    UserNameTaken,
    /// The user name is too short.
    UserNameTooShort {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// The user name is too long.
    UserNameTooLong {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// The user name has something other than letters, digits, `.`, `_` and `-`, or begins or ends with one of those three.
    UserNameHasSymbol {
        /// The first one, as a number of Unicode.
        code_point: u32,
    },
    /// The user name has letters of several scripts, which can make one name look like another.
    UserNameMixesScripts,
    /// The password is too short.
    PasswordTooShort {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// The password is too long.
    PasswordTooLong {
        /// Its bound in bytes of UTF-8.
        limit_bytes: u64,
    },
    /// This is no address of e-mail.
    EmailMalformed,
    /// What a person says about themselves is too long.
    AboutTooLong {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// The status is too long.
    StatusTooLong {
        /// Its bound in characters.
        limit_chars: u64,
    },
    /// A text of the profile has a control character or one that changes the direction of writing.
    ProfileHasControl {
        /// The first one, as a number of Unicode.
        code_point: u32,
    },
    /// What expires must do so in the future, and not beyond the bound.
    ExpiryOutOfRange {
        /// Milliseconds from now, at most.
        limit_ms: u64,
    },
    /// An invitation can be used once at least, and not beyond the bound.
    UsesOutOfRange {
        /// The bound.
        limit: u64,
    },
    /// There are as many of these as there may be. Remove one first.
    TooMany {
        /// The bound.
        limit: u64,
    },
    /// The server, or a group that others are in, would be left without an owner. Make someone else owner first.
    LastOwner,
    /// This cannot be done with oneself.
    Yourself,
    /// The two may not write to each other: here only friends do, or one of them does not want it. Which
    /// of the two it is does not show.
    NotFriends {
        /// Towards whom, where several were named at once.
        #[serde(skip_serializing_if = "Option::is_none")]
        person: Option<UserId>,
    },
    /// The group is archived: it can be read, and nothing else.
    Archived,
    /// The person was banned from the group.
    Banned {
        /// Who, where several were named at once.
        #[serde(skip_serializing_if = "Option::is_none")]
        person: Option<UserId>,
    },
    /// The file is no picture that can be read: a PNG, JPEG, GIF or WebP.
    PictureUnreadable,
    /// The picture has too many pixels.
    PictureTooLarge {
        /// Its bound along either side.
        limit_pixels: u32,
    },
    /// Letters cannot be sent from this server.
    NoMail,
    /// The account has a second factor already.
    SecondFactorOn,
    /// The account has no second factor, or none was begun.
    SecondFactorOff,
    /// The server could not do it now; the same command may be sent again.
    Unavailable,
    /// A reason that this build does not know.
    Unknown,
}

read_variants!(Refusal by "code" {
    "malformed" => Malformed { detail },
    "unknown_command" => UnknownCommand {},
    "unsupported_protocol" => UnsupportedProtocol { supported },
    "command_too_large" => CommandTooLarge { limit_bytes },
    "unknown_conversation" => UnknownConversation {},
    "unknown_message" => UnknownMessage {},
    "not_yours" => NotYours {},
    "unknown_content" => UnknownContent {},
    "text_blank" => TextBlank {},
    "text_too_long" => TextTooLong { limit_bytes },
    "text_has_control" => TextHasControl { code_point },
    "name_blank" => NameBlank {},
    "name_too_long" => NameTooLong { limit_chars },
    "name_has_control" => NameHasControl { code_point },
    "id_taken" => IdTaken {},
    "too_many_people" => TooManyPeople { limit },
    "too_fast" => TooFast { limit_per_second, retry_after_ms },
    "not_found" => NotFound {},
    "method_not_allowed" => MethodNotAllowed {},
    "unsupported_media_type" => UnsupportedMediaType {},
    "body_too_large" => BodyTooLarge { limit_bytes },
    "foreign_origin" => ForeignOrigin {},
    "sign_in_needed" => SignInNeeded {},
    "guests_not_allowed" => GuestsNotAllowed {},
    "wrong_credentials" => WrongCredentials {},
    "second_factor_needed" => SecondFactorNeeded {},
    "second_factor_wrong" => SecondFactorWrong {},
    "wrong_password" => WrongPassword {},
    "role_too_small" => RoleTooSmall { needed },
    "scope_too_small" => ScopeTooSmall { needed },
    "session_needed" => SessionNeeded {},
    "too_many_attempts" => TooManyAttempts { retry_after_ms },
    "busy" => Busy { retry_after_ms },
    "registration_closed" => RegistrationClosed {},
    "invitation_needed" => InvitationNeeded {},
    "unknown_invitation" => UnknownInvitation {},
    "unknown_reset_code" => UnknownResetCode {},
    "already_registered" => AlreadyRegistered {},
    "user_name_taken" => UserNameTaken {},
    "user_name_too_short" => UserNameTooShort { limit_chars },
    "user_name_too_long" => UserNameTooLong { limit_chars },
    "user_name_has_symbol" => UserNameHasSymbol { code_point },
    "user_name_mixes_scripts" => UserNameMixesScripts {},
    "password_too_short" => PasswordTooShort { limit_chars },
    "password_too_long" => PasswordTooLong { limit_bytes },
    "email_malformed" => EmailMalformed {},
    "about_too_long" => AboutTooLong { limit_chars },
    "status_too_long" => StatusTooLong { limit_chars },
    "profile_has_control" => ProfileHasControl { code_point },
    "expiry_out_of_range" => ExpiryOutOfRange { limit_ms },
    "uses_out_of_range" => UsesOutOfRange { limit },
    "too_many" => TooMany { limit },
    "last_owner" => LastOwner {},
    "yourself" => Yourself {},
    "not_friends" => NotFriends { person },
    "archived" => Archived {},
    "banned" => Banned { person },
    "picture_unreadable" => PictureUnreadable {},
    "picture_too_large" => PictureTooLarge { limit_pixels },
    "no_mail" => NoMail {},
    "second_factor_on" => SecondFactorOn {},
    "second_factor_off" => SecondFactorOff {},
    "unavailable" => Unavailable {},
});

impl std::error::Error for Refusal {}
