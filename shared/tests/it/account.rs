//! What people give for an account, and how the API's errors are written. It knows no server.

use parley_shared::api::{Problem, Secret};
use parley_shared::content::{
    check_about, check_email, check_password, check_status, check_user_name,
};
use parley_shared::json;
use parley_shared::limits::{
    ABOUT_CHARS_MAX, EMAIL_BYTES_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, STATUS_CHARS_MAX,
    USER_NAME_CHARS_MAX, USER_NAME_CHARS_MIN,
};
use parley_shared::model::{Role, Scope};
use parley_shared::refusal::Refusal;

#[test]
fn a_user_name_of_letters_and_digits_of_any_script_holds() {
    for name in ["al", "Alice", "a.b_c-9", "小明", "мария", "ひろ子", "अमित"] {
        assert_eq!(check_user_name(name), Ok(()), "{name}");
    }
    let longest = "x".repeat(USER_NAME_CHARS_MAX);
    assert_eq!(check_user_name(&longest), Ok(()));
}

#[test]
fn a_user_name_beyond_its_bounds_is_refused_with_them() {
    let limit_chars = USER_NAME_CHARS_MIN as u64;
    for name in ["", "a"] {
        let refused = check_user_name(name);
        assert_eq!(refused, Err(Refusal::UserNameTooShort { limit_chars }));
    }
    let limit_chars = USER_NAME_CHARS_MAX as u64;
    let refused = check_user_name(&"明".repeat(USER_NAME_CHARS_MAX + 1));
    assert_eq!(refused, Err(Refusal::UserNameTooLong { limit_chars }));
}

#[test]
fn a_user_name_holds_no_symbol_no_space_and_nothing_hidden() {
    for (name, bad) in [
        ("a b", ' '),
        ("a@b", '@'),
        ("a/b", '/'),
        ("<b>", '<'),
        ("a\u{0}b", '\u{0}'),
        ("al\u{202E}ice", '\u{202E}'),
        ("al\u{200B}ice", '\u{200B}'),
        ("al\u{200D}ice", '\u{200D}'),
        ("al\u{FE0F}ice", '\u{FE0F}'),
        (".alice", '.'),
        ("alice-", '-'),
    ] {
        let code_point = u32::from(bad);
        let refused = check_user_name(name);
        assert_eq!(refused, Err(Refusal::UserNameHasSymbol { code_point }));
    }
}

#[test]
fn a_password_has_a_length_and_no_other_rule() {
    for password in ["correct horse", "        ", "密码密码密码密码"] {
        assert_eq!(check_password(password), Ok(()), "{password:?}");
    }
    let limit_chars = PASSWORD_CHARS_MIN as u64;
    let refused = check_password(&"密".repeat(PASSWORD_CHARS_MIN - 1));
    assert_eq!(refused, Err(Refusal::PasswordTooShort { limit_chars }));
    assert_eq!(check_password(&"x".repeat(PASSWORD_BYTES_MAX)), Ok(()));
    let limit_bytes = PASSWORD_BYTES_MAX as u64;
    let refused = check_password(&"x".repeat(PASSWORD_BYTES_MAX + 1));
    assert_eq!(refused, Err(Refusal::PasswordTooLong { limit_bytes }));
}

#[test]
fn an_address_of_e_mail_has_something_on_both_sides() {
    for address in ["a@b", "ming.li+chat@mail.example.org", "小明@例子.中国"] {
        assert_eq!(check_email(address), Ok(()), "{address}");
    }
    let too_long = format!("{}@b", "a".repeat(EMAIL_BYTES_MAX - 1));
    for address in [
        "",
        "@",
        "a@",
        "@b",
        "a b@c",
        "a@b@c",
        "a@.b",
        "a@b.",
        "a@b..c",
        "a@b\r\nbcc:c",
        "<a@b>",
        &too_long,
    ] {
        assert_eq!(check_email(address), Err(Refusal::EmailMalformed));
    }
}

#[test]
fn what_people_say_about_themselves_has_lines_and_a_status_has_one() {
    assert_eq!(check_about("  a\nb "), Ok("a\nb"));
    assert_eq!(check_about(""), Ok(""));
    let code_point = u32::from('\n');
    let refused = Err(Refusal::ProfileHasControl { code_point });
    assert_eq!(check_status("a\nb"), refused);
    let code_point = 0x202E;
    let refused = Err(Refusal::ProfileHasControl { code_point });
    assert_eq!(check_about("a\u{202E}b"), refused);
    let limit_chars = ABOUT_CHARS_MAX as u64;
    let refused = check_about(&"x".repeat(ABOUT_CHARS_MAX + 1)).map(str::len);
    assert_eq!(refused, Err(Refusal::AboutTooLong { limit_chars }));
    let limit_chars = STATUS_CHARS_MAX as u64;
    let refused = check_status(&"x".repeat(STATUS_CHARS_MAX + 1)).map(str::len);
    assert_eq!(refused, Err(Refusal::StatusTooLong { limit_chars }));
}

#[test]
fn a_problem_is_the_refusal_with_its_sentence_beside_it() {
    let problem = Problem::from(Refusal::UserNameTooLong { limit_chars: 32 });
    let written = serde_json::to_string(&problem).expect("wire types can be written");
    assert_eq!(
        written,
        r#"{"code":"user_name_too_long","limit_chars":32,"message":"a user name is at most 32 characters"}"#
    );
    let read: Problem = json::read(&written).expect("what was written can be read");
    assert_eq!(read, problem);
    let newer = r#"{"code":"of_tomorrow","message":"no","more":1}"#;
    let read: Problem = json::read(newer).expect("a newer code can be read");
    assert_eq!(read.reason, Refusal::Unknown);
}

#[test]
fn a_secret_is_written_to_the_wire_and_not_into_a_log() {
    let secret = Secret::from("hunter22");
    assert!(!format!("{secret:?}").contains("hunter22"));
    let written = serde_json::to_string(&secret).expect("wire types can be written");
    assert_eq!(written, r#""hunter22""#);
}

#[test]
fn roles_and_scopes_are_ordered_by_what_they_allow() {
    assert!(Role::Member < Role::Administrator && Role::Administrator < Role::Owner);
    assert!(Scope::Read < Scope::Write && Scope::Write < Scope::Manage);
}
