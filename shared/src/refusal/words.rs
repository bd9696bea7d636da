//! Why something was not done, in English. It does not know who reads it: pages have words of their own.

use std::fmt;

use super::Refusal;

impl fmt::Display for Refusal {
    #[expect(
        clippy::too_many_lines,
        reason = "a table of sentences is not clearer in two parts, and the compiler sees that none is missing"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { detail } => write!(f, "this cannot be read: {detail}"),
            Self::UnknownCommand => f.write_str("there is no command of this type"),
            Self::UnsupportedProtocol { supported } => {
                write!(f, "this server speaks version {supported} of the protocol")
            }
            Self::CommandTooLarge { limit_bytes } => {
                write!(f, "a command is at most {limit_bytes} bytes")
            }
            Self::UnknownConversation => f.write_str("there is no such conversation"),
            Self::UnknownMessage => f.write_str("there is no such message here that can be changed"),
            Self::NotYours => f.write_str("this message is someone else's"),
            Self::UnknownContent => f.write_str("messages of this type cannot be stored"),
            Self::TextBlank => f.write_str("a message needs something to read in it"),
            Self::TextTooLong { limit_bytes } => {
                write!(f, "a message's text is at most {limit_bytes} bytes")
            }
            Self::TextHasControl { code_point } => write!(
                f,
                "a message's text cannot hold the control character U+{code_point:04X}"
            ),
            Self::NameBlank => f.write_str("a name needs something to read in it"),
            Self::NameTooLong { limit_chars } => {
                write!(f, "a name is at most {limit_chars} characters")
            }
            Self::NameHasControl { code_point } => {
                write!(f, "a name cannot hold the character U+{code_point:04X}")
            }
            Self::IdTaken => f.write_str("another message has this id"),
            Self::TooManyPeople { limit } => {
                write!(f, "at most {limit} people can be named at once")
            }
            Self::TooFast {
                limit_per_second,
                retry_after_ms,
            } => write!(
                f,
                "at most {limit_per_second} a second are accepted; try again in {retry_after_ms} ms"
            ),
            Self::NotFound => f.write_str("there is nothing like this here"),
            Self::MethodNotAllowed => f.write_str("this address does not know this method"),
            Self::UnsupportedMediaType => f.write_str("a request says content-type: application/json"),
            Self::BodyTooLarge { limit_bytes } => write!(f, "a request's body is at most {limit_bytes} bytes"),
            Self::ForeignOrigin => f.write_str("this page's origin may not do this; the operator can allow it with --allowed-origin"),
            Self::SignInNeeded => f.write_str("sign in first"),
            Self::GuestsNotAllowed => f.write_str("guests may not enter here; sign in first"),
            Self::WrongCredentials => f.write_str("the user name or the password is wrong"),
            Self::SecondFactorNeeded => f.write_str("this account asks for a code from its second factor"),
            Self::SecondFactorWrong => f.write_str("this code is wrong or was used before"),
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::RoleTooSmall { needed } => write!(f, "this needs the role of {needed}"),
            Self::ScopeTooSmall { needed } => write!(f, "this needs a token with the scope {needed}"),
            Self::SessionNeeded => f.write_str("a token cannot do this; sign in with a password"),
            Self::TooManyAttempts { retry_after_ms } => write!(f, "too many attempts; try again in {retry_after_ms} ms"),
            Self::Busy { retry_after_ms } => write!(f, "the server is busy; try again in {retry_after_ms} ms"),
            Self::RegistrationClosed => f.write_str("nobody can register here"),
            Self::InvitationNeeded => f.write_str("registering here needs an invitation"),
            Self::UnknownInvitation => f.write_str("this invitation does not hold, or no longer"),
            Self::UnknownResetCode => f.write_str("this code does not hold, or no longer"),
            Self::AlreadyRegistered => f.write_str("you have an account already"),
            Self::UserNameTaken => f.write_str("another account has this user name, or one that looks like it"),
            Self::UserNameTooShort { limit_chars } => write!(f, "a user name has at least {limit_chars} characters"),
            Self::UserNameTooLong { limit_chars } => write!(f, "a user name is at most {limit_chars} characters"),
            Self::UserNameHasSymbol { code_point } => write!(f, "a user name has letters, digits, and . _ - between them, and no U+{code_point:04X} here"),
            Self::UserNameMixesScripts => f.write_str("a user name keeps to the letters of one script"),
            Self::PasswordTooShort { limit_chars } => write!(f, "a password has at least {limit_chars} characters"),
            Self::PasswordTooLong { limit_bytes } => write!(f, "a password is at most {limit_bytes} bytes"),
            Self::EmailMalformed => f.write_str("this is no address of e-mail"),
            Self::AboutTooLong { limit_chars } => write!(f, "a profile's text is at most {limit_chars} characters"),
            Self::StatusTooLong { limit_chars } => write!(f, "a status is at most {limit_chars} characters"),
            Self::ProfileHasControl { code_point } => write!(f, "a profile cannot hold the character U+{code_point:04X}"),
            Self::ExpiryOutOfRange { limit_ms } => write!(f, "an expiry lies in the future, at most {limit_ms} ms from now"),
            Self::UsesOutOfRange { limit } => write!(f, "an invitation can be used once at least and {limit} times at most"),
            Self::TooMany { limit } => write!(f, "there can be {limit} of these; remove one first"),
            Self::LastOwner => f.write_str("the last owner cannot go; make someone else owner first"),
            Self::Yourself => f.write_str("this cannot be done with oneself"),
            Self::NotFriends { .. } => f.write_str("you two cannot write to each other"),
            Self::Archived => f.write_str("this group is archived: it can be read, and nothing else"),
            Self::Banned { .. } => f.write_str("this person was banned from the group"),
            Self::PictureUnreadable => f.write_str("a picture is a PNG, JPEG, GIF or WebP"),
            Self::PictureTooLarge { limit_pixels } => write!(f, "a picture has at most {limit_pixels} pixels along a side"),
            Self::NoMail => f.write_str("this server sends no mail"),
            Self::SecondFactorOn => f.write_str("the second factor is on already"),
            Self::SecondFactorOff => f.write_str("the second factor is off, or was not begun"),
            Self::Unavailable => f.write_str("the server could not do this now; try again"),
            Self::Unknown => f.write_str("the server refused for a reason unknown to this version"),
        }
    }
}
