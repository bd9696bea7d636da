//! The words of a message, with its links and with whom they mention. It does not know whose words they are.
//!
//! Everything is put into the page as text or as an element of ours, never as markup of theirs.

use std::ops::Range;

use leptos::prelude::*;

use super::talk::Talk;

/// Emoji that are shown large when nothing else is said.
const LARGE_EMOJI_MAX: usize = 6;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
    /// Someone is mentioned: the at sign and the name, and whether the reader has that name.
    Mention(&'a str, bool),
}

/// A text with its links and mentions, as someone sees it who has this user name.
pub fn draw_text(text: &str, reader: Option<&str>, talk: Talk) -> impl IntoView + use<> {
    let draw = |piece: &Piece<'_>| match piece {
        Piece::Words(words) => (*words).to_owned().into_any(),
        Piece::Link(address) => {
            let (address, shown) = ((*address).to_owned(), (*address).to_owned());
            view! {
                <a href=address target="_blank" rel="noopener noreferrer">
                    {shown}
                </a>
            }
            .into_any()
        }
        Piece::Mention(name, is_reader) => {
            let name = (*name).to_owned();
            view! {
                <span class="mention" data-testid="mention" data-me=is_reader.then_some("")>
                    {name}
                </span>
            }
            .into_any()
        }
    };
    let mentioned = talk.mentioned(text, reader);
    pieces(text, &mentioned).iter().map(draw).collect_view()
}

/// Whether a text is a few emoji and nothing else.
pub fn is_emoji_only(text: &str) -> bool {
    let mut emoji = 0;
    let mut joined = false;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            // A joiner makes one picture of two; the others change the one before them.
            '\u{200D}' => joined = true,
            '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' => {}
            _ if is_emoji(c) => {
                emoji += usize::from(!joined);
                joined = false;
            }
            _ => return false,
        }
    }
    (1..=LARGE_EMOJI_MAX).contains(&emoji)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{231A}'..='\u{231B}' | '\u{23E9}'..='\u{23FA}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B1B}'..='\u{2B55}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Cuts a text into words, links and mentions.
fn pieces<'a>(text: &'a str, mentioned: &[(Range<usize>, bool)]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some((start, length)) = next_link(&text[at..]) {
        words(text, at..at + start, mentioned, &mut pieces);
        let end = at + start + length;
        pieces.push(Piece::Link(&text[at + start..end]));
        at = end;
    }
    words(text, at..text.len(), mentioned, &mut pieces);
    pieces
}

/// Cuts what stands between links into words and mentions.
fn words<'a>(
    text: &'a str,
    range: Range<usize>,
    mentioned: &[(Range<usize>, bool)],
    pieces: &mut Vec<Piece<'a>>,
) {
    let mut at = range.start;
    for (found, is_reader) in mentioned {
        if found.start < at || found.end > range.end {
            continue;
        }
        if found.start > at {
            pieces.push(Piece::Words(&text[at..found.start]));
        }
        pieces.push(Piece::Mention(&text[found.clone()], *is_reader));
        at = found.end;
    }
    if at < range.end {
        pieces.push(Piece::Words(&text[at..range.end]));
    }
}

/// Where the next link begins, and how long it is.
fn next_link(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("http") {
        let start = from + found;
        let rest = &text[start..];
        let scheme = ["https://", "http://"]
            .iter()
            .find(|s| rest.starts_with(**s));
        let inside_word = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_ascii_alphanumeric());
        if let Some(scheme) = scheme
            && !inside_word
        {
            let length = link_length(rest);
            if length > scheme.len() {
                return Some((start, length));
            }
        }
        from = start + "http".len();
    }
    None
}

/// How much of a text that begins with a link belongs to it.
fn link_length(text: &str) -> usize {
    // Chinese is written without spaces: an address ends where its punctuation begins.
    let is_end = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '“' | '”' | '‘' | '’' | '«' | '»')
            || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
                | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
    };
    let mut link = &text[..text.find(is_end).unwrap_or(text.len())];
    // What ends a sentence is not part of an address; a bracket is when it was opened in it.
    while let Some(last) = link.chars().next_back() {
        let surplus = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' => true,
            ')' => link.matches(')').count() > link.matches('(').count(),
            ']' => link.matches(']').count() > link.matches('[').count(),
            _ => false,
        };
        if !surplus {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    link.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The links of a text.
    fn links(text: &str) -> Vec<&str> {
        let whole: String = pieces(text, &[])
            .iter()
            .map(|piece| match piece {
                Piece::Words(text) | Piece::Link(text) | Piece::Mention(text, _) => *text,
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        pieces(text, &[])
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Words(_) | Piece::Mention(..) => None,
            })
            .collect()
    }

    #[test]
    fn whoever_is_mentioned_is_marked_between_links_and_words() {
        let text = "hi @bo, see https://a.example/@bo @cy";
        // The one within the address is none, though it was found as one.
        assert_eq!(
            pieces(text, &[(3..6, true), (30..33, false), (34..37, false)]),
            [
                Piece::Words("hi "),
                Piece::Mention("@bo", true),
                Piece::Words(", see "),
                Piece::Link("https://a.example/@bo"),
                Piece::Words(" "),
                Piece::Mention("@cy", false),
            ]
        );
        assert_eq!(pieces("a@b.example", &[]), [Piece::Words("a@b.example")]);
    }

    #[test]
    fn addresses_are_links() {
        assert_eq!(
            links("see https://a.example/x?y=1#z now"),
            ["https://a.example/x?y=1#z"]
        );
        assert_eq!(links("http://a.example"), ["http://a.example"]);
        assert_eq!(
            links("http://a.example https://b.example"),
            ["http://a.example", "https://b.example"]
        );
    }

    #[test]
    fn what_ends_a_sentence_is_not_part_of_an_address() {
        assert_eq!(links("go to https://a.example."), ["https://a.example"]);
        assert_eq!(
            links("(https://a.example/b_(c))!"),
            ["https://a.example/b_(c)"]
        );
        assert_eq!(
            links("文档在https://a.example/文档，请看。"),
            ["https://a.example/文档"]
        );
        assert_eq!(links("（https://a.example）"), ["https://a.example"]);
    }

    #[test]
    fn other_schemes_and_bare_words_are_words() {
        assert!(links("javascript:alert(1) data:text/html,x ftp://a.example a.example").is_empty());
        assert!(links("https:// http://. xhttps://a.example http").is_empty());
        assert_eq!(pieces("", &[]), []);
    }

    #[test]
    fn a_few_emoji_alone_are_large() {
        for text in ["👍", "🎉🎉 🎉", "👩‍👩‍👧‍👦", "🇨🇳", "❤️", "👋🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
        {
            assert!(is_emoji_only(text), "{text}");
        }
        for text in ["", " ", "ok 👍", "1", "好", "😀😀😀😀😀😀😀", "\u{200D}"] {
            assert!(!is_emoji_only(text), "{text}");
        }
    }
}
