//! Checks on what people write. They may refuse and change nothing; who wrote it they do not know.

use crate::limits::{
    ABOUT_CHARS_MAX, EMAIL_BYTES_MAX, NAME_CHARS_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN,
    STATUS_CHARS_MAX, TEXT_BYTES_MAX, USER_NAME_CHARS_MAX, USER_NAME_CHARS_MIN,
};
use crate::protocol::{ChatMessage, Refusal};

/// Checks what a message says before it is sent, and again before it is stored.
///
/// # Errors
/// [`Refusal::UnknownContent`] for a type that nobody sends or that is not stored, and those of [`check_text`].
pub fn check_body(body: &ChatMessage) -> Result<(), Refusal> {
    match body {
        ChatMessage::Text { text } => check_text(text),
        // What happened is for the server to say.
        ChatMessage::Notice { .. } | ChatMessage::Deleted { .. } | ChatMessage::Unknown => {
            Err(Refusal::UnknownContent)
        }
    }
}

/// Checks the text of a message.
///
/// # Errors
/// [`Refusal::TextTooLong`], [`Refusal::TextHasControl`] for every control character but line feed
/// and tab, [`Refusal::TextBlank`] when nothing in it can be seen.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    if text.len() > TEXT_BYTES_MAX {
        let limit_bytes = TEXT_BYTES_MAX as u64;
        return Err(Refusal::TextTooLong { limit_bytes });
    }
    if let Some(control) = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        let code_point = u32::from(control);
        return Err(Refusal::TextHasControl { code_point });
    }
    if text.chars().all(is_blank) {
        return Err(Refusal::TextBlank);
    }
    Ok(())
}

/// Checks a display name and takes the white space from its ends.
///
/// # Errors
/// [`Refusal::NameBlank`], [`Refusal::NameTooLong`], and [`Refusal::NameHasControl`] for control
/// characters, line breaks, invisible characters and those that turn the direction of writing,
/// with which one name could be made to look like another (Unicode Technical Report 36).
pub fn check_name(name: &str) -> Result<&str, Refusal> {
    let name = name.trim();
    if let Some(bad) = name.chars().find(|c| c.is_control() || is_hidden(*c)) {
        let code_point = u32::from(bad);
        return Err(Refusal::NameHasControl { code_point });
    }
    if name.chars().all(is_blank) {
        return Err(Refusal::NameBlank);
    }
    if name.chars().count() > NAME_CHARS_MAX {
        let limit_chars = NAME_CHARS_MAX as u64;
        return Err(Refusal::NameTooLong { limit_chars });
    }
    Ok(name)
}

/// Checks a user name as far as a page can: the server knows more of scripts and look-alikes.
///
/// # Errors
/// [`Refusal::UserNameTooShort`], [`Refusal::UserNameTooLong`], [`Refusal::UserNameHasSymbol`].
pub fn check_user_name(name: &str) -> Result<(), Refusal> {
    let is_joint = |c| matches!(c, '.' | '_' | '-');
    let at_the_ends = [name.chars().next(), name.chars().next_back()];
    let bad = name
        .chars()
        .find(|c| {
            let is_mark = !c.is_ascii() && !c.is_whitespace() && !c.is_control();
            !(c.is_alphanumeric() || is_joint(*c) || is_mark) || is_hidden(*c) || is_modifier(*c)
        })
        .or_else(|| at_the_ends.into_iter().flatten().find(|c| is_joint(*c)));
    if let Some(bad) = bad {
        let code_point = u32::from(bad);
        return Err(Refusal::UserNameHasSymbol { code_point });
    }
    let chars = name.chars().count();
    if chars < USER_NAME_CHARS_MIN {
        let limit_chars = USER_NAME_CHARS_MIN as u64;
        return Err(Refusal::UserNameTooShort { limit_chars });
    }
    if chars > USER_NAME_CHARS_MAX {
        let limit_chars = USER_NAME_CHARS_MAX as u64;
        return Err(Refusal::UserNameTooLong { limit_chars });
    }
    Ok(())
}

/// Checks a password that someone chooses. Every character counts, also white space.
///
/// # Errors
/// [`Refusal::PasswordTooShort`], [`Refusal::PasswordTooLong`].
pub fn check_password(password: &str) -> Result<(), Refusal> {
    if password.len() > PASSWORD_BYTES_MAX {
        let limit_bytes = PASSWORD_BYTES_MAX as u64;
        return Err(Refusal::PasswordTooLong { limit_bytes });
    }
    if password.chars().count() < PASSWORD_CHARS_MIN {
        let limit_chars = PASSWORD_CHARS_MIN as u64;
        return Err(Refusal::PasswordTooShort { limit_chars });
    }
    Ok(())
}

/// Checks an address of e-mail: something, an at sign, a host. Whether it is anyone's, only a letter tells.
///
/// # Errors
/// [`Refusal::EmailMalformed`].
pub fn check_email(address: &str) -> Result<(), Refusal> {
    let well_formed = address.rsplit_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !local.contains('@')
            && !host.is_empty()
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
    });
    let is_plain = |c: char| {
        !c.is_whitespace()
            && !c.is_control()
            && !is_hidden(c)
            && !matches!(c, '<' | '>' | ',' | ';' | ':' | '"' | '\\')
    };
    if well_formed && address.len() <= EMAIL_BYTES_MAX && address.chars().all(is_plain) {
        Ok(())
    } else {
        Err(Refusal::EmailMalformed)
    }
}

/// Checks what a person says about themselves and takes the white space from its ends. It may have several lines.
///
/// # Errors
/// [`Refusal::AboutTooLong`], [`Refusal::ProfileHasControl`].
pub fn check_about(about: &str) -> Result<&str, Refusal> {
    let about = about.trim();
    check_profile(about, |c| c == '\n')?;
    if about.chars().count() > ABOUT_CHARS_MAX {
        let limit_chars = ABOUT_CHARS_MAX as u64;
        return Err(Refusal::AboutTooLong { limit_chars });
    }
    Ok(about)
}

/// Checks a status and takes the white space from its ends. It is one line.
///
/// # Errors
/// [`Refusal::StatusTooLong`], [`Refusal::ProfileHasControl`].
pub fn check_status(status: &str) -> Result<&str, Refusal> {
    let status = status.trim();
    check_profile(status, |_| false)?;
    if status.chars().count() > STATUS_CHARS_MAX {
        let limit_chars = STATUS_CHARS_MAX as u64;
        return Err(Refusal::StatusTooLong { limit_chars });
    }
    Ok(status)
}

fn check_profile(text: &str, is_allowed: impl Fn(char) -> bool) -> Result<(), Refusal> {
    let bad = text
        .chars()
        .find(|c| (c.is_control() || is_hidden(*c)) && !is_allowed(*c));
    match bad {
        Some(bad) => {
            let code_point = u32::from(bad);
            Err(Refusal::ProfileHasControl { code_point })
        }
        None => Ok(()),
    }
}

/// White space, and characters that show nothing when they stand alone.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_hidden(c) || is_modifier(c)
}

/// Characters that show nothing anywhere: the `Default_Ignorable_Code_Point` of Unicode 16 without
/// [`is_modifier`], the separators of lines and paragraphs, and the empty Braille pattern.
fn is_hidden(c: char) -> bool {
    let ignorable = matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}'
        | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}');
    ignorable && !is_modifier(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}')
}

/// Characters that change the one before them and show nothing alone: the zero-width joiner and the
/// tags, with which families and flags of emoji are written, and the variation selectors, which
/// choose between the picture and the letter and between the forms of a Chinese character.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}
