//! Whom a text may mention: `@user_name`. It does not know who there is.
//!
//! A name goes on as far as letters do. Where writing puts no space between words, nobody can see where
//! a name ends; then it is the longest of the names that somebody has, and whoever knows these is told
//! all that it may be.

use std::ops::Range;

use crate::limits::{MENTIONS_MAX, USER_NAME_CHARS_MAX, USER_NAME_CHARS_MIN};

/// The at sign, and the wide one of Chinese and Japanese keyboards.
const SIGNS: [char; 2] = ['@', '＠'];

/// A place in a text where someone may be mentioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Where the at sign stands, in bytes.
    pub at: usize,
    /// Where the name begins, in bytes.
    start: usize,
    /// All that may belong to the name.
    letters: &'a str,
    /// Where the name may end, in bytes of `letters`, the nearest first.
    ends: Vec<usize>,
}

impl<'a> Mention<'a> {
    /// The names that it may be, the longest first.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        let ends = self.ends.iter().rev();
        ends.map(|end| &self.letters[..*end])
    }

    /// The longest of the names in parts: the first part is the shortest name that it may be, and with
    /// each further part it is the next one.
    pub fn parts(&self) -> impl Iterator<Item = &'a str> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.letters[start..*end])
    }

    /// Which bytes of the text mention one of the names: the at sign and the name.
    pub fn range_of(&self, name: &str) -> Range<usize> {
        self.at..self.start + name.len()
    }
}

/// The places in a text where someone may be mentioned, in order; the first [`MENTIONS_MAX`] of them.
///
/// An at sign within a word, an address or a path mentions nobody: `a@b.example`, `@a@b.example`,
/// `@a/b`, `example/@a`.
pub fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    // Nearly always there is none, and that is seen much faster than where each one is.
    let has_any = SIGNS.iter().any(|sign| text.contains(*sign));
    let text = if has_any { text } else { "" };
    // Where the mention before ended: what follows it at once may be the next one.
    let mut before_end = None;
    let places = text.match_indices(SIGNS);
    let found = places.filter_map(move |(at, sign)| {
        let follows = before_end.is_some_and(|end| matches!(&text[end..at], "" | "/"));
        if !follows && !may_begin(&text[..at]) {
            return None;
        }
        let start = at + sign.len();
        let letters = letters_of(&text[start..]);
        if is_elsewhere(letters, &text[start + letters.len()..]) {
            return None;
        }
        let ends = ends_of(letters);
        if ends.is_empty() {
            return None;
        }
        before_end = Some(start + letters.len());
        Some(Mention {
            at,
            start,
            letters,
            ends,
        })
    });
    found.take(MENTIONS_MAX)
}

/// Whether a mention may stand after this.
fn may_begin(before: &str) -> bool {
    let before = before.trim_end_matches(['_', '-', '+']);
    before.chars().next_back().is_none_or(|last| {
        let is_inside = (last.is_alphanumeric() || is_mark(last)) && !runs_on(last);
        !is_inside && !SIGNS.contains(&last) && !matches!(last, '/' | '\\' | '=')
    })
}

/// What a text begins with that may all belong to one name.
fn letters_of(text: &str) -> &str {
    let is_outside = |c: char| !(c.is_alphanumeric() || is_mark(c) || joins(c));
    let end = text.find(is_outside).unwrap_or(text.len());
    let letters = text[..end].trim_end_matches(joins);
    if letters.starts_with(|c| joins(c) || is_mark(c)) {
        ""
    } else {
        letters
    }
}

/// Whether letters after an at sign, with what follows them, are of an address or of a path.
fn is_elsewhere(letters: &str, rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        Some(sign) if SIGNS.contains(&sign) => {
            let has_spaces = !letters.ends_with(runs_on);
            has_spaces && letters_of(rest.as_str()).contains('.')
        }
        Some('/') => {
            letters.ends_with(|c: char| c.is_ascii())
                && rest.next().is_some_and(|c| c.is_ascii_alphanumeric())
        }
        _ => false,
    }
}

/// Where a name may end within letters, the nearest first.
fn ends_of(letters: &str) -> Vec<usize> {
    let long_enough = USER_NAME_CHARS_MIN..=USER_NAME_CHARS_MAX;
    let mut ends = Vec::new();
    let mut chars = 0;
    let mut before = None;
    for (place, c) in letters.char_indices() {
        let may_end = before.is_some_and(|before| may_end(before, &letters[place..]));
        if may_end && long_enough.contains(&chars) {
            ends.push(place);
        }
        chars += usize::from(!is_mark(c));
        before = Some(c);
        if chars > USER_NAME_CHARS_MAX {
            return ends;
        }
    }
    if long_enough.contains(&chars) {
        ends.push(letters.len());
    }
    ends
}

/// Whether a name may end after a character and before what follows it.
fn may_end(before: char, rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        // Punctuation belongs to a name only where the name goes on after it.
        Some(c) if joins(before) || is_mark(c) => false,
        Some(c) if is_dash(c) => {
            runs_on(before) || rest.next().is_none_or(|next| joins(next) || runs_on(next))
        }
        Some(c) => joins(c) || runs_on(before) || runs_on(c),
        None => true,
    }
}

/// What stands within names, but at neither end of one.
fn joins(c: char) -> bool {
    is_dash(c)
        || matches!(
            c,
            '\u{B7}'
                | '\u{375}'
                | '\u{58A}'
                | '\u{5F3}'
                | '\u{5F4}'
                | '\u{F0B}'
                | '\u{2010}'
                | '\u{2019}'
                | '\u{2027}'
                | '\u{30A0}'
                | '\u{30FB}'
        )
}

/// Those of them that are of names more often than of sentences.
fn is_dash(c: char) -> bool {
    matches!(c, '.' | '_' | '-')
}

/// Letters of writing that puts no space between words, or puts endings at names: Thai, Lao, Tibetan,
/// Burmese, Khmer, Chinese, Japanese, Korean.
fn runs_on(c: char) -> bool {
    let is_of_these = matches!(c, '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}');
    is_of_these && !joins(c)
}

/// Marks that belong to the character before them and are no letters by themselves; and letters that
/// become one with it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5BD}' | '\u{5BF}'
        | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' | '\u{900}'..='\u{903}'
        | '\u{93C}' | '\u{93E}'..='\u{94F}' | '\u{951}'..='\u{957}' | '\u{9BC}' | '\u{9CD}'
        | '\u{A3C}' | '\u{A4D}' | '\u{ABC}' | '\u{ACD}' | '\u{B3C}' | '\u{B4D}' | '\u{BCD}'
        | '\u{C3C}' | '\u{C4D}' | '\u{CBC}' | '\u{CCD}' | '\u{D4D}' | '\u{DCA}'
        | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' | '\u{EB1}'
        | '\u{EB4}'..='\u{EBC}' | '\u{EC8}'..='\u{ECE}' | '\u{F71}'..='\u{F84}'
        | '\u{102B}'..='\u{103E}' | '\u{1160}'..='\u{11FF}' | '\u{135D}'..='\u{135F}'
        | '\u{17B6}'..='\u{17D3}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{FF9E}' | '\u{FF9F}')
}
