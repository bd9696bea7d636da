//! Checks on what people write. They may refuse and change nothing; who wrote it they do not know.

use crate::limits::{NAME_CHARS_MAX, TEXT_BYTES_MAX};
use crate::protocol::{ChatMessage, Refusal};

/// Checks what a message says before it is sent, and again before it is stored.
///
/// # Errors
/// [`Refusal::UnknownContent`] for a type that is not stored, and those of [`check_text`].
pub fn check_body(body: &ChatMessage) -> Result<(), Refusal> {
    match body {
        ChatMessage::Text { text } => check_text(text),
        ChatMessage::Unknown => Err(Refusal::UnknownContent),
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
