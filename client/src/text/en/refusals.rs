//! Why something was refused, in English, for pages that ask more than the connection does. They do not know the other language.

use parley_shared::protocol::Refusal;

#[expect(
    clippy::too_many_lines,
    reason = "a table of sentences is not clearer in two parts, and the compiler sees that none is missing"
)]
pub(in crate::text) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => "There’s nothing here, or it isn’t open to you.".to_owned(),
        Refusal::MethodNotAllowed => {
            "The server doesn’t know how to do that. Reloading the page may help.".to_owned()
        }
        Refusal::UnsupportedMediaType => {
            "The server couldn’t read that. Reloading the page may help.".to_owned()
        }
        Refusal::BodyTooLarge { limit_bytes } => format!(
            "That’s too large to send; the limit is {} KB.",
            limit_bytes / 1024
        ),
        Refusal::ForeignOrigin => {
            "The server doesn’t accept this page’s address. Whoever runs it can allow it."
                .to_owned()
        }
        Refusal::GuestsNotAllowed => "Guests can’t come in here. Please sign in.".to_owned(),
        Refusal::WrongCredentials => "The user name or the password is wrong.".to_owned(),
        Refusal::SecondFactorNeeded => "Please enter the code from your authenticator.".to_owned(),
        Refusal::SecondFactorWrong => {
            "This code is wrong or was used before. Please wait for the next one.".to_owned()
        }
        Refusal::WrongPassword => "The password is wrong.".to_owned(),
        Refusal::RoleTooSmall { .. } => "Your role doesn’t allow that.".to_owned(),
        Refusal::SessionNeeded => {
            "A token can’t do that. Please sign in with your password.".to_owned()
        }
        Refusal::TooManyAttempts { retry_after_ms } => format!(
            "Too many attempts. Please try again in {} seconds.",
            retry_after_ms.div_ceil(1000)
        ),
        Refusal::Busy { .. } => "The server is busy. Please try again in a moment.".to_owned(),
        Refusal::RegistrationClosed => "Nobody can register here at the moment.".to_owned(),
        Refusal::InvitationNeeded => "You need an invitation to register here.".to_owned(),
        Refusal::UnknownInvitation => {
            "This invitation doesn’t hold, or no longer does. Please ask for another.".to_owned()
        }
        Refusal::UnknownResetCode => {
            "This code doesn’t hold, or no longer does. Please ask for another.".to_owned()
        }
        Refusal::AlreadyRegistered => "You already have an account.".to_owned(),
        Refusal::UserNameTaken => {
            "This user name is taken, or looks too much like another.".to_owned()
        }
        Refusal::UserNameTooShort { limit_chars } => {
            format!("This user name is too short; it needs at least {limit_chars} characters.")
        }
        Refusal::UserNameTooLong { limit_chars } => {
            format!("This user name is too long; the limit is {limit_chars} characters.")
        }
        Refusal::UserNameHasSymbol { code_point } => format!(
            "A user name has letters and digits, and . _ - between them (not U+{code_point:04X} here)."
        ),
        Refusal::UserNameMixesScripts => {
            "Please keep to the letters of one script in a user name.".to_owned()
        }
        Refusal::PasswordTooShort { limit_chars } => {
            format!("This password is too short; it needs at least {limit_chars} characters.")
        }
        Refusal::PasswordTooLong { limit_bytes } => {
            format!("This password is too long; the limit is {limit_bytes} bytes.")
        }
        Refusal::EmailMalformed => "This doesn’t look like an e-mail address.".to_owned(),
        Refusal::AboutTooLong { limit_chars } => {
            format!("This text is too long; the limit is {limit_chars} characters.")
        }
        Refusal::StatusTooLong { limit_chars } => {
            format!("This status is too long; the limit is {limit_chars} characters.")
        }
        Refusal::ProfileHasControl { code_point } => {
            format!("This text has an invisible character (U+{code_point:04X}).")
        }
        Refusal::ExpiryOutOfRange { limit_ms } => format!(
            "Please choose an end in the future, at most {} days from now.",
            limit_ms / 86_400_000
        ),
        Refusal::UsesOutOfRange { limit } => format!("Please choose a number from 1 to {limit}."),
        Refusal::TooMany { limit } => {
            format!("There can be {limit} of these. Please remove one first.")
        }
        Refusal::LastOwner => {
            "You’re the last owner. Please make someone else owner first.".to_owned()
        }
        Refusal::Yourself => "You can’t do this with yourself.".to_owned(),
        Refusal::Banned { .. } => "This person was banned from the group.".to_owned(),
        Refusal::PictureUnreadable => {
            "This file can’t be read. Please choose a PNG, JPEG, GIF or WebP picture.".to_owned()
        }
        Refusal::PictureTooLarge { limit_pixels } => {
            format!("This picture is too large; the limit is {limit_pixels} pixels along a side.")
        }
        Refusal::NoMail => "This server doesn’t send mail.".to_owned(),
        Refusal::SecondFactorOn => "The second factor is on already.".to_owned(),
        Refusal::SecondFactorOff => "The second factor is off, or wasn’t begun.".to_owned(),
        Refusal::Archived
        | Refusal::CommandTooLarge { .. }
        | Refusal::IdTaken
        | Refusal::Malformed { .. }
        | Refusal::NameBlank
        | Refusal::NameHasControl { .. }
        | Refusal::NameTooLong { .. }
        | Refusal::NotFriends { .. }
        | Refusal::ScopeTooSmall { .. }
        | Refusal::SignInNeeded
        | Refusal::TextBlank
        | Refusal::TextHasControl { .. }
        | Refusal::TextTooLong { .. }
        | Refusal::TooFast { .. }
        | Refusal::TooManyPeople { .. }
        | Refusal::Unavailable
        | Refusal::Unknown
        | Refusal::UnknownCommand
        | Refusal::UnknownContent
        | Refusal::UnknownMessage
        | Refusal::NotYours
        | Refusal::UnknownConversation
        | Refusal::UnsupportedProtocol { .. } => super::refusal(refusal),
    }
}
