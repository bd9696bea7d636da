//! The bytes of why something was not done, and what it says to people. It does not know what was not done.

use parley_shared::ids::UserId;
use parley_shared::model::{Role, Scope};
use parley_shared::protocol::Refusal;

use super::wire;

/// Each refusal, its JSON, and what it says to people.
fn refusals() -> Vec<(Refusal, &'static str, &'static str)> {
    #[rustfmt::skip]
    let table = vec![
        (Refusal::Malformed { detail: "not JSON".to_owned() }, r#"{"code":"malformed","detail":"not JSON"}"#, "this cannot be read: not JSON"),
        (Refusal::UnknownCommand, r#"{"code":"unknown_command"}"#, "there is no command of this type"),
        (Refusal::UnsupportedProtocol { supported: 1 }, r#"{"code":"unsupported_protocol","supported":1}"#, "this server speaks version 1 of the protocol"),
        (Refusal::CommandTooLarge { limit_bytes: 65_536 }, r#"{"code":"command_too_large","limit_bytes":65536}"#, "a command is at most 65536 bytes"),
        (Refusal::UnknownConversation, r#"{"code":"unknown_conversation"}"#, "there is no such conversation"),
        (Refusal::UnknownMessage, r#"{"code":"unknown_message"}"#, "there is no such message here that can be changed"),
        (Refusal::NotYours, r#"{"code":"not_yours"}"#, "this message is someone else's"),
        (Refusal::UnknownContent, r#"{"code":"unknown_content"}"#, "messages of this type cannot be stored"),
        (Refusal::TextBlank, r#"{"code":"text_blank"}"#, "a message needs something to read in it"),
        (Refusal::TextTooLong { limit_bytes: 16_384 }, r#"{"code":"text_too_long","limit_bytes":16384}"#, "a message's text is at most 16384 bytes"),
        (Refusal::TextHasControl { code_point: 7 }, r#"{"code":"text_has_control","code_point":7}"#, "a message's text cannot hold the control character U+0007"),
        (Refusal::NameBlank, r#"{"code":"name_blank"}"#, "a name needs something to read in it"),
        (Refusal::NameTooLong { limit_chars: 40 }, r#"{"code":"name_too_long","limit_chars":40}"#, "a name is at most 40 characters"),
        (Refusal::NameHasControl { code_point: 8238 }, r#"{"code":"name_has_control","code_point":8238}"#, "a name cannot hold the character U+202E"),
        (Refusal::IdTaken, r#"{"code":"id_taken"}"#, "another message has this id"),
        (Refusal::TooManyPeople { limit: 100 }, r#"{"code":"too_many_people","limit":100}"#, "at most 100 people can be named at once"),
        (Refusal::TooFast { limit_per_second: 50, retry_after_ms: 20 }, r#"{"code":"too_fast","limit_per_second":50,"retry_after_ms":20}"#, "at most 50 a second are accepted; try again in 20 ms"),
        (Refusal::NotFound, r#"{"code":"not_found"}"#, "there is nothing like this here"),
        (Refusal::MethodNotAllowed, r#"{"code":"method_not_allowed"}"#, "this address does not know this method"),
        (Refusal::UnsupportedMediaType, r#"{"code":"unsupported_media_type"}"#, "a request says content-type: application/json"),
        (Refusal::BodyTooLarge { limit_bytes: 65536 }, r#"{"code":"body_too_large","limit_bytes":65536}"#, "a request's body is at most 65536 bytes"),
        (Refusal::ForeignOrigin, r#"{"code":"foreign_origin"}"#, "this page's origin may not do this; the operator can allow it with --allowed-origin"),
        (Refusal::SignInNeeded, r#"{"code":"sign_in_needed"}"#, "sign in first"),
        (Refusal::GuestsNotAllowed, r#"{"code":"guests_not_allowed"}"#, "guests may not enter here; sign in first"),
        (Refusal::WrongCredentials, r#"{"code":"wrong_credentials"}"#, "the user name or the password is wrong"),
        (Refusal::SecondFactorNeeded, r#"{"code":"second_factor_needed"}"#, "this account asks for a code from its second factor"),
        (Refusal::SecondFactorWrong, r#"{"code":"second_factor_wrong"}"#, "this code is wrong or was used before"),
        (Refusal::WrongPassword, r#"{"code":"wrong_password"}"#, "the password is wrong"),
        (Refusal::RoleTooSmall { needed: Role::Administrator }, r#"{"code":"role_too_small","needed":"administrator"}"#, "this needs the role of administrator"),
        (Refusal::ScopeTooSmall { needed: Scope::Write }, r#"{"code":"scope_too_small","needed":"write"}"#, "this needs a token with the scope write"),
        (Refusal::SessionNeeded, r#"{"code":"session_needed"}"#, "a token cannot do this; sign in with a password"),
        (Refusal::TooManyAttempts { retry_after_ms: 30000 }, r#"{"code":"too_many_attempts","retry_after_ms":30000}"#, "too many attempts; try again in 30000 ms"),
        (Refusal::Busy { retry_after_ms: 1000 }, r#"{"code":"busy","retry_after_ms":1000}"#, "the server is busy; try again in 1000 ms"),
        (Refusal::RegistrationClosed, r#"{"code":"registration_closed"}"#, "nobody can register here"),
        (Refusal::InvitationNeeded, r#"{"code":"invitation_needed"}"#, "registering here needs an invitation"),
        (Refusal::UnknownInvitation, r#"{"code":"unknown_invitation"}"#, "this invitation does not hold, or no longer"),
        (Refusal::UnknownResetCode, r#"{"code":"unknown_reset_code"}"#, "this code does not hold, or no longer"),
        (Refusal::AlreadyRegistered, r#"{"code":"already_registered"}"#, "you have an account already"),
        (Refusal::UserNameTaken, r#"{"code":"user_name_taken"}"#, "another account has this user name, or one that looks like it"),
        (Refusal::UserNameTooShort { limit_chars: 2 }, r#"{"code":"user_name_too_short","limit_chars":2}"#, "a user name has at least 2 characters"),
        (Refusal::UserNameTooLong { limit_chars: 32 }, r#"{"code":"user_name_too_long","limit_chars":32}"#, "a user name is at most 32 characters"),
        (Refusal::UserNameHasSymbol { code_point: 8238 }, r#"{"code":"user_name_has_symbol","code_point":8238}"#, "a user name has letters, digits, and . _ - between them, and no U+202E here"),
        (Refusal::UserNameMixesScripts, r#"{"code":"user_name_mixes_scripts"}"#, "a user name keeps to the letters of one script"),
        (Refusal::PasswordTooShort { limit_chars: 8 }, r#"{"code":"password_too_short","limit_chars":8}"#, "a password has at least 8 characters"),
        (Refusal::PasswordTooLong { limit_bytes: 1024 }, r#"{"code":"password_too_long","limit_bytes":1024}"#, "a password is at most 1024 bytes"),
        (Refusal::EmailMalformed, r#"{"code":"email_malformed"}"#, "this is no address of e-mail"),
        (Refusal::AboutTooLong { limit_chars: 500 }, r#"{"code":"about_too_long","limit_chars":500}"#, "a profile's text is at most 500 characters"),
        (Refusal::StatusTooLong { limit_chars: 80 }, r#"{"code":"status_too_long","limit_chars":80}"#, "a status is at most 80 characters"),
        (Refusal::ProfileHasControl { code_point: 8238 }, r#"{"code":"profile_has_control","code_point":8238}"#, "a profile cannot hold the character U+202E"),
        (Refusal::ExpiryOutOfRange { limit_ms: 31622400000 }, r#"{"code":"expiry_out_of_range","limit_ms":31622400000}"#, "an expiry lies in the future, at most 31622400000 ms from now"),
        (Refusal::UsesOutOfRange { limit: 10000 }, r#"{"code":"uses_out_of_range","limit":10000}"#, "an invitation can be used once at least and 10000 times at most"),
        (Refusal::TooMany { limit: 100 }, r#"{"code":"too_many","limit":100}"#, "there can be 100 of these; remove one first"),
        (Refusal::LastOwner, r#"{"code":"last_owner"}"#, "the last owner cannot go; make someone else owner first"),
        (Refusal::Yourself, r#"{"code":"yourself"}"#, "this cannot be done with oneself"),
        (Refusal::NotFriends { person: None }, r#"{"code":"not_friends"}"#, "you two cannot write to each other"),
        (Refusal::NotFriends { person: Some(UserId::from_bytes([7; 16])) }, r#"{"code":"not_friends","person":"07070707070707070707070707070707"}"#, "you two cannot write to each other"),
        (Refusal::Archived, r#"{"code":"archived"}"#, "this group is archived: it can be read, and nothing else"),
        (Refusal::Banned { person: None }, r#"{"code":"banned"}"#, "this person was banned from the group"),
        (Refusal::Banned { person: Some(UserId::from_bytes([7; 16])) }, r#"{"code":"banned","person":"07070707070707070707070707070707"}"#, "this person was banned from the group"),
        (Refusal::PictureUnreadable, r#"{"code":"picture_unreadable"}"#, "a picture is a PNG, JPEG, GIF or WebP"),
        (Refusal::PictureTooLarge { limit_pixels: 8192 }, r#"{"code":"picture_too_large","limit_pixels":8192}"#, "a picture has at most 8192 pixels along a side"),
        (Refusal::NoMail, r#"{"code":"no_mail"}"#, "this server sends no mail"),
        (Refusal::SecondFactorOn, r#"{"code":"second_factor_on"}"#, "the second factor is on already"),
        (Refusal::SecondFactorOff, r#"{"code":"second_factor_off"}"#, "the second factor is off, or was not begun"),
        (Refusal::Unavailable, r#"{"code":"unavailable"}"#, "the server could not do this now; try again"),
        (Refusal::Unknown, r#"{"code":"unknown"}"#, "the server refused for a reason unknown to this version"),
    ];
    table
}

#[test]
fn every_refusal_has_its_json_and_its_sentence() {
    for (refusal, _, sentence) in refusals() {
        assert_eq!(refusal.to_string(), sentence);
    }
    let table: Vec<_> = refusals()
        .into_iter()
        .map(|(r, json, _)| (r, json))
        .collect();
    wire(&table);
}
