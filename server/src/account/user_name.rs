//! User names: which are accepted, and which are the same name. It does not know who has one.
//!
//! A name is one script's letters (Unicode Technical Standard 39, "single script"), so that a Cyrillic
//! letter does not hide among Latin ones. Two names are the same when they look the same: what is
//! compared is the name in one case, with each letter replaced by the one that it can be taken for.

use parley_shared::content::check_user_name;
use parley_shared::protocol::Refusal;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{GeneralSecurityProfile as _, MixedScript as _, skeleton};

/// A user name that is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    /// As it is shown.
    pub shown: String,
    /// What is the same for every name that looks like it.
    pub key: String,
}

impl UserName {
    /// Reads a name that someone chose.
    ///
    /// # Errors
    /// Those of [`check_user_name`], and [`Refusal::UserNameMixesScripts`].
    pub fn choose(text: &str) -> Result<Self, Refusal> {
        check_user_name(text)?;
        let shown: String = text.nfkc().collect();
        // What is one character can become several letters, or a symbol.
        check_user_name(&shown)?;
        if let Some(bad) = shown.chars().find(|c| !c.identifier_allowed()) {
            let code_point = u32::from(bad);
            return Err(Refusal::UserNameHasSymbol { code_point });
        }
        if !shown.as_str().is_single_script() {
            return Err(Refusal::UserNameMixesScripts);
        }
        let key = key(&shown);
        Ok(Self { shown, key })
    }
}

/// The key of whatever someone types to say who they are; of a name that cannot be, nobody's.
pub fn key(text: &str) -> String {
    // Long enough for every name there is; what is beyond would be work for nothing.
    let text: String = text.chars().take(64).collect();
    let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let looks: String = skeleton(&folded).collect();
    looks.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(text: &str) -> String {
        UserName::choose(text)
            .unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
            .key
    }

    #[test]
    fn names_of_every_script_are_accepted() {
        for name in [
            "alice",
            "Ming.Li_2",
            "小明",
            "мария",
            "ひろ子",
            "عمر",
            "अमित",
            "josé",
        ] {
            UserName::choose(name).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        }
    }

    #[test]
    fn a_name_of_two_scripts_is_refused() {
        for name in ["аlice", "pаypal", "alicе", "明a", "αlpha"] {
            let refused = UserName::choose(name);
            assert_eq!(refused, Err(Refusal::UserNameMixesScripts), "{name}");
        }
    }

    #[test]
    fn names_that_look_the_same_are_the_same_and_others_are_not() {
        for (one, other) in [
            ("alice", "ALICE"),
            ("paypal", "paypa1"),
            ("bill", "bi1l"),
            ("cafe\u{301}", "café"),
            ("ａｌｉｃｅ", "alice"),
            ("сосо", "coco"),
        ] {
            assert_eq!(key_of(one), key_of(other), "{one} {other}");
        }
        for (one, other) in [("alice", "alicia"), ("bob", "rob"), ("小明", "小朋")] {
            assert_ne!(key_of(one), key_of(other), "{one} {other}");
        }
    }

    #[test]
    fn what_turns_the_direction_of_writing_or_shows_nothing_is_refused() {
        for name in [
            "al\u{202E}ice",
            "al\u{200B}ice",
            "al\u{2066}ice",
            "a\u{0}b",
            "a b",
        ] {
            assert!(UserName::choose(name).is_err(), "{name:?}");
        }
    }
}
