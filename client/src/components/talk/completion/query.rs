//! What of a text is the beginning of a name that is being written. It does not know whose.

use parley_shared::limits::USER_NAME_CHARS_MAX;

/// The at sign, and the wide one of Chinese and Japanese keyboards.
const SIGNS: [char; 2] = ['@', '＠'];

/// A name that is being written: where its at sign stands, and what there is of it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// In UTF-16 units, as the field counts.
    pub(super) at: u32,
    /// What follows the at sign.
    pub(super) beginning: String,
}

/// The name that is being written at the end of a text, if one is: `before` is what stands before the caret.
pub(super) fn query(before: &str) -> Option<Query> {
    let at = before.rfind(SIGNS)?;
    let sign = before[at..].chars().next()?;
    let beginning = &before[at + sign.len_utf8()..];
    let is_long = beginning.chars().count() > USER_NAME_CHARS_MAX;
    if is_long || beginning.contains(is_no_letter) {
        return None;
    }
    // An address has one within a word. Where words run together, a name may follow one.
    let follows_word = before[..at]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || SIGNS.contains(&c) || matches!(c, '/' | '.'));
    let units = before[..at].encode_utf16().count();
    (!follows_word).then(|| Query {
        at: u32::try_from(units).unwrap_or(u32::MAX),
        beginning: beginning.to_owned(),
    })
}

fn is_no_letter(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || (c.is_ascii_punctuation() && !matches!(c, '.' | '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(before: &str) -> Option<(u32, String)> {
        query(before).map(|query| (query.at, query.beginning))
    }

    #[test]
    fn a_name_is_written_from_its_at_sign_to_the_caret() {
        assert_eq!(found("@"), Some((0, String::new())));
        assert_eq!(found("hi @an"), Some((3, "an".to_owned())));
        assert_eq!(found("你好@小"), Some((2, "小".to_owned())));
        assert_eq!(
            found("👍 @an"),
            Some((3, "an".to_owned())),
            "in units of the field"
        );
        assert_eq!(found("(＠an.b"), Some((1, "an.b".to_owned())));
        assert_eq!(found("@ana @b"), Some((5, "b".to_owned())));
    }

    #[test]
    fn an_address_a_finished_name_and_plain_words_are_no_name() {
        for text in ["", "an", "a@b", "@ana ", "@ana,", "@ana\nb", "@@", "x/@a"] {
            assert_eq!(found(text), None, "{text}");
        }
        let long = format!("@{}", "x".repeat(USER_NAME_CHARS_MAX + 1));
        assert_eq!(found(&long), None);
    }
}
