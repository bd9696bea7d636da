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

/// White space, and characters that take no room: a text of these shows nothing.
fn is_blank(c: char) -> bool {
    // The joiner and the tags mean something inside an emoji and nothing alone; U+2800 is the
    // empty Braille pattern, the others are empty Hangul fillers.
    c.is_whitespace()
        || is_hidden(c)
        || matches!(c, '\u{200D}' | '\u{E0020}'..='\u{E007F}')
        || matches!(
            c,
            '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{115F}' | '\u{1160}'
        )
}

/// Zero-width characters, marks and overrides of direction, line and paragraph separators.
///
/// The zero-width joiner and the tag characters are left out: families and flags of emoji are written with them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
