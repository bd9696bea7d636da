//! What people may write and what they may not. It does not know what happens to it then.

use parley_shared::content::{check_name, check_text};
use parley_shared::limits::{NAME_CHARS_MAX, TEXT_BYTES_MAX};
use parley_shared::protocol::Refusal;

const FAMILY: &str = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
const FLAG_OF_JAPAN: &str = "\u{1F1EF}\u{1F1F5}";
const FLAG_OF_WALES: &str = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}";
const RAINBOW_FLAG: &str = "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}";

/// Characters that show nothing, whether they stand alone or among others.
const HIDDEN: &[char] = &[
    '\u{AD}',
    '\u{34F}',
    '\u{61C}',
    '\u{115F}',
    '\u{1160}',
    '\u{17B4}',
    '\u{17B5}',
    '\u{180B}',
    '\u{180E}',
    '\u{180F}',
    '\u{200B}',
    '\u{200C}',
    '\u{200E}',
    '\u{200F}',
    '\u{2028}',
    '\u{2029}',
    '\u{202A}',
    '\u{202B}',
    '\u{202C}',
    '\u{202D}',
    '\u{202E}',
    '\u{2060}',
    '\u{2064}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{206A}',
    '\u{206F}',
    '\u{2800}',
    '\u{3164}',
    '\u{FEFF}',
    '\u{FFA0}',
    '\u{FFF0}',
    '\u{1D173}',
    '\u{1D17A}',
    '\u{E0001}',
    '\u{E0FFF}',
];
/// Characters that show nothing alone and change the one before them.
const MODIFIERS: &[char] = &[
    '\u{200D}',
    '\u{FE00}',
    '\u{FE0E}',
    '\u{FE0F}',
    '\u{E0020}',
    '\u{E007F}',
    '\u{E0100}',
    '\u{E01EF}',
];

fn white_space() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|c| c.is_whitespace())
}

fn controls() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|c| c.is_control())
}

#[test]
fn words_of_every_kind_are_accepted() {
    for text in [
        "x",
        "0",
        ".",
        "hello\nworld",
        "\tindented",
        "  padded  ",
        "\n\nlate",
        "中文",
        "日本語\u{3000}です",
        "שלום",
        "می\u{200C}روم",
        "e\u{301}",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\u{FFFD}",
        "\u{1F44B}",
        FAMILY,
        FLAG_OF_JAPAN,
        FLAG_OF_WALES,
        RAINBOW_FLAG,
        "1\u{FE0F}\u{20E3}",
        "❤\u{FE0F}",
        "\u{202E}abc",
        "a\u{2028}b",
        "\u{10FFFD}",
        "한\u{3164}글",
    ] {
        assert_eq!(check_text(text), Ok(()), "{text:?}");
    }
}

#[test]
fn a_text_is_bounded_in_bytes_and_not_in_characters() {
    let limit_bytes = TEXT_BYTES_MAX as u64;
    for (letter, bytes) in [("x", 1), ("é", 2), ("中", 3), ("\u{1F44B}", 4)] {
        assert_eq!(letter.len(), bytes);
        let padding = "x".repeat(TEXT_BYTES_MAX % bytes);
        let longest = letter.repeat(TEXT_BYTES_MAX / bytes) + &padding;
        assert_eq!(longest.len(), TEXT_BYTES_MAX);
        assert_eq!(check_text(&longest), Ok(()));
        for more in ["x", letter, " "] {
            let refused = check_text(&(longest.clone() + more));
            assert_eq!(refused, Err(Refusal::TextTooLong { limit_bytes }));
        }
    }
    let blank = " ".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(
        check_text(&blank),
        Err(Refusal::TextTooLong { limit_bytes })
    );
}

#[test]
fn a_text_in_which_nothing_can_be_seen_is_blank() {
    assert_eq!(check_text(""), Err(Refusal::TextBlank));
    let spaces = white_space().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    for c in spaces
        .chain(HIDDEN.iter().copied())
        .chain(MODIFIERS.iter().copied())
    {
        for text in [c.to_string(), format!(" {c}\n{c}")] {
            assert_eq!(check_text(&text), Err(Refusal::TextBlank), "{text:?}");
        }
        let seen = format!("{c}x");
        assert_eq!(check_text(&seen), Ok(()), "{seen:?}");
    }
    let all: String = HIDDEN.iter().chain(MODIFIERS).collect();
    assert_eq!(check_text(&all), Err(Refusal::TextBlank));
}

#[test]
fn a_text_holds_no_control_character_but_line_feed_and_tab() {
    for c in controls() {
        let result = check_text(&format!("a{c}b"));
        if matches!(c, '\n' | '\t') {
            assert_eq!(result, Ok(()));
        } else {
            let code_point = u32::from(c);
            assert_eq!(result, Err(Refusal::TextHasControl { code_point }));
        }
    }
    for (text, code_point) in [
        ("\0", 0),
        ("a\r\nb", 13),
        ("\x1b[31m", 27),
        ("\u{7F}", 127),
        ("\u{85}", 133),
    ] {
        assert_eq!(
            check_text(text),
            Err(Refusal::TextHasControl { code_point }),
            "{text:?}"
        );
    }
}

#[test]
fn names_of_every_kind_are_accepted_and_trimmed() {
    for (name, trimmed) in [
        ("Alice", "Alice"),
        ("  Alice \t", "Alice"),
        ("\u{3000}小明\u{3000}\n", "小明"),
        ("Mary Ann O'Neil-Łukasiewicz", "Mary Ann O'Neil-Łukasiewicz"),
        ("שרה", "שרה"),
        ("x", "x"),
        (FAMILY, FAMILY),
        (FLAG_OF_JAPAN, FLAG_OF_JAPAN),
        (FLAG_OF_WALES, FLAG_OF_WALES),
        (RAINBOW_FLAG, RAINBOW_FLAG),
        ("葛\u{E0100}城", "葛\u{E0100}城"),
    ] {
        assert_eq!(check_name(name), Ok(trimmed), "{name:?}");
    }
}

#[test]
fn a_name_is_bounded_in_characters_and_not_in_bytes() {
    let limit_chars = NAME_CHARS_MAX as u64;
    for letter in ["x", "é", "中", "\u{1F44B}"] {
        let longest = letter.repeat(NAME_CHARS_MAX);
        assert_eq!(check_name(&longest), Ok(longest.as_str()));
        let padded = format!("  {longest}  ");
        assert_eq!(check_name(&padded), Ok(longest.as_str()));
        let refused = check_name(&(longest.clone() + letter)).map(str::to_owned);
        assert_eq!(refused, Err(Refusal::NameTooLong { limit_chars }));
    }
}

#[test]
fn a_name_in_which_nothing_can_be_seen_is_blank() {
    assert_eq!(check_name(""), Err(Refusal::NameBlank));
    for c in white_space().chain(MODIFIERS.iter().copied()) {
        let name = c.to_string();
        assert_eq!(check_name(&name), Err(Refusal::NameBlank), "{name:?}");
        let name = format!(" {c} {c} ");
        assert_eq!(check_name(&name), Err(Refusal::NameBlank), "{name:?}");
    }
}

#[test]
fn a_name_holds_no_control_and_no_hidden_character_wherever_it_stands() {
    for c in controls().chain(HIDDEN.iter().copied()) {
        let code_point = u32::from(c);
        let refused = Err(Refusal::NameHasControl { code_point });
        assert_eq!(
            check_name(&format!("Al{c}ice")),
            refused,
            "U+{code_point:04X}"
        );
        if !c.is_whitespace() {
            assert_eq!(
                check_name(&format!("{c}Alice")),
                refused,
                "U+{code_point:04X}"
            );
            assert_eq!(
                check_name(&format!("Alice{c}")),
                refused,
                "U+{code_point:04X}"
            );
            assert_eq!(check_name(&c.to_string()), refused, "U+{code_point:04X}");
        }
    }
}
