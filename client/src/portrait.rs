//! How a person is shown: a name, one of twelve hues, one or two characters. It does not know how they are drawn.

use parley_shared::ids::UserId;
use parley_shared::model::Person;

use crate::text::Texts;

/// How many hues there are; `tokens.css` names them.
pub const HUES: u8 = 12;

/// The name to show for a person: their own, or in the reader's language one for guests, as in "Guest 7F3A".
pub fn display_name(person: &Person, texts: &Texts) -> String {
    match &person.name {
        Some(name) => name.clone(),
        None if person.deleted => texts.deleted.to_owned(),
        None => guest_name(person.id, texts),
    }
}

/// The name for someone of whom only the id is known.
pub fn guest_name(id: UserId, texts: &Texts) -> String {
    let [first, second, ..] = id.as_bytes();
    (texts.guest)(&format!("{first:02X}{second:02X}"))
}

/// A person's hue, from 0 to [`HUES`] - 1: always the same for the same person.
pub fn hue(id: UserId) -> u8 {
    hue_of(id.as_bytes())
}

/// The hue of whatever has this id.
pub fn hue_of(id: &[u8; 16]) -> u8 {
    // Ids are random, but not all their bits are: a sum over all bytes is spread in any case.
    let sum: u32 = id.iter().map(|byte| u32::from(*byte)).sum();
    u8::try_from(sum % u32::from(HUES)).expect("the remainder is below the number of hues")
}

/// One or two characters that stand for a person.
///
/// A Chinese, Japanese or Korean name is shortened to its last two characters, which is the given
/// name; a Latin one to its initials, which the style sheet makes capitals; a guest to two digits of
/// their id.
pub fn short_form(person: &Person) -> String {
    let from_name = person.name.as_deref().and_then(shorten);
    from_name.unwrap_or_else(|| format!("{:02X}", person.id.as_bytes()[0]))
}

/// One or two characters that stand for a group; nothing for a name without letters.
pub fn short_form_of_group(name: &str) -> String {
    shorten(name).unwrap_or_default()
}

fn shorten(name: &str) -> Option<String> {
    let cjk: Vec<char> = name.chars().filter(|c| is_cjk(*c)).collect();
    if !cjk.is_empty() {
        return Some(cjk[cjk.len().saturating_sub(2)..].iter().collect());
    }
    let mut initials = name
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.'))
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = initials.next()?;
    let last = initials.next_back();
    Some([Some(first), last].into_iter().flatten().collect())
}

/// Characters of which each is as wide as two Latin ones: ideographs, kana, syllables of Hangul.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    fn person(name: Option<&str>) -> Person {
        let mut id = [0x11; 16];
        id[..2].copy_from_slice(&[0x7F, 0x3A]);
        Person {
            id: UserId::from_bytes(id),
            name: name.map(str::to_owned),
            picture: None,
            deleted: false,
        }
    }

    fn short(name: &str) -> String {
        short_form(&person(Some(name)))
    }

    #[test]
    fn a_guest_is_named_in_the_readers_language() {
        let guest = person(None);
        assert_eq!(display_name(&guest, Texts::of(Language::En)), "Guest 7F3A");
        assert_eq!(display_name(&guest, Texts::of(Language::Zh)), "访客 7F3A");
        assert_eq!(short_form(&guest), "7F");
    }

    #[test]
    fn a_chosen_name_is_shown_as_it_is() {
        let ana = person(Some("Ana López"));
        assert_eq!(display_name(&ana, Texts::of(Language::Zh)), "Ana López");
    }

    #[test]
    fn latin_names_are_shortened_to_initials() {
        assert_eq!(short("ana"), "a");
        assert_eq!(short("Ana María López"), "AL");
        assert_eq!(short("jean-luc"), "jl");
        assert_eq!(short("(Zoë)"), "Z");
        assert_eq!(short("R2 D2"), "RD");
    }

    #[test]
    fn chinese_names_are_shortened_to_the_given_name() {
        assert_eq!(short("王小明"), "小明");
        assert_eq!(short("李雷"), "李雷");
        assert_eq!(short("云"), "云");
        assert_eq!(short("Alex 陈"), "陈");
    }

    #[test]
    fn a_name_without_letters_falls_back_to_the_id() {
        assert_eq!(short("🦊"), "7F");
    }

    #[test]
    fn hues_are_stable_and_all_are_used() {
        let ids = (0..=255_u8)
            .map(|n| UserId::from_bytes([n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
        let mut seen = [0_u32; HUES as usize];
        for id in ids {
            assert_eq!(hue(id), hue(id));
            seen[usize::from(hue(id))] += 1;
        }
        assert!(
            seen.iter().all(|times| (20..=23).contains(times)),
            "{seen:?}"
        );
    }
}
