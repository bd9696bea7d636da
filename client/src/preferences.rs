//! How this reader wants the page: language and theme. It does not know the words or the colours.
//!
//! Kept in local storage under `parley.language` ("en" or "zh") and `parley.theme` ("light" or
//! "dark"); a missing key means that the browser decides. `<html lang>` ("en", "zh-CN") and
//! `<html data-theme>` ("system", "light", "dark") follow.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::dom;
use crate::storage;

const LANGUAGE_KEY: &str = "parley.language";
const THEME_KEY: &str = "parley.theme";

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The tag of RFC 5646, for `lang` attributes and `Intl`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// Which language the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LanguageChoice {
    /// The browser's.
    #[default]
    Auto,
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl LanguageChoice {
    /// Every choice, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Auto, Self::En, Self::Zh];

    /// The value of its option in a `<select>`: "auto", "en" or "zh".
    pub const fn value(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The choice of a value; `Auto` for every value that is none.
    pub fn from_value(value: &str) -> Self {
        choose(&Self::ALL, Self::value, value)
    }
}

/// Which theme the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of its option in a `<select>`, and of `<html data-theme>`: "system", "light" or "dark".
    pub const fn value(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of a value; `System` for every value that is none.
    pub fn from_value(value: &str) -> Self {
        choose(&Self::ALL, Self::value, value)
    }
}

/// The choice with this value, else the default.
fn choose<T: Copy + Default>(all: &[T], value_of: fn(T) -> &'static str, value: &str) -> T {
    all.iter()
        .copied()
        .find(|choice| value_of(*choice) == value)
        .unwrap_or_default()
}

/// The reader's preferences. In context; get them with [`preferences`].
#[derive(Debug, Clone, Copy)]
pub struct Preferences {
    language: RwSignal<LanguageChoice>,
    theme: RwSignal<Theme>,
}

impl Preferences {
    /// Reads what was kept, and keeps the document's attributes in step from now on.
    pub fn load() -> Self {
        let language = LanguageChoice::from_value(&storage::read(LANGUAGE_KEY).unwrap_or_default());
        let theme = Theme::from_value(&storage::read(THEME_KEY).unwrap_or_default());
        let preferences = Self {
            language: RwSignal::new(language),
            theme: RwSignal::new(theme),
        };
        Effect::new(move |_| dom::mark_document("lang", preferences.language().tag()));
        Effect::new(move |_| dom::mark_document("data-theme", preferences.theme().value()));
        preferences
    }

    /// The language to speak now. Tracked.
    pub fn language(self) -> Language {
        match self.language.get() {
            LanguageChoice::Auto => resolve(browser_languages()),
            LanguageChoice::En => Language::En,
            LanguageChoice::Zh => Language::Zh,
        }
    }

    /// The language that was chosen. Tracked.
    pub fn language_choice(self) -> LanguageChoice {
        self.language.get()
    }

    /// The theme that was chosen. Tracked.
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Chooses a language and keeps the choice.
    pub fn set_language(self, choice: LanguageChoice) {
        keep(LANGUAGE_KEY, choice.value(), choice == LanguageChoice::Auto);
        self.language.set(choice);
    }

    /// Chooses a theme and keeps the choice.
    pub fn set_theme(self, theme: Theme) {
        keep(THEME_KEY, theme.value(), theme == Theme::System);
        self.theme.set(theme);
    }
}

/// The reader's preferences, from context.
pub fn preferences() -> Preferences {
    expect_context::<Preferences>()
}

fn keep(key: &str, value: &str, is_default: bool) {
    if is_default {
        storage::erase(key);
    } else {
        storage::write(key, value);
    }
}

/// The first language of the browser's list that the page speaks; English when there is none.
fn resolve(languages: impl IntoIterator<Item = String>) -> Language {
    for tag in languages {
        let tag = tag.to_ascii_lowercase();
        match tag.split('-').next() {
            Some("zh") => return Language::Zh,
            Some("en") => return Language::En,
            _ => {}
        }
    }
    Language::En
}

fn browser_languages() -> Vec<String> {
    web_sys::window()
        .map(|window| window.navigator().languages())
        .unwrap_or_default()
        .iter()
        .filter_map(|tag: JsValue| tag.as_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(languages: &[&str]) -> Language {
        resolve(languages.iter().map(|tag| (*tag).to_owned()))
    }

    #[test]
    fn the_first_language_that_the_page_speaks_is_spoken() {
        assert_eq!(resolved(&["zh-CN", "en"]), Language::Zh);
        assert_eq!(resolved(&["zh-Hant-TW"]), Language::Zh);
        assert_eq!(resolved(&["fr", "ZH", "en"]), Language::Zh);
        assert_eq!(resolved(&["de-CH", "en-GB", "zh"]), Language::En);
        assert_eq!(resolved(&["zhx"]), Language::En);
        assert_eq!(resolved(&[]), Language::En);
    }

    #[test]
    fn a_kept_value_that_is_no_choice_means_the_default() {
        assert_eq!(LanguageChoice::from_value("zh"), LanguageChoice::Zh);
        assert_eq!(LanguageChoice::from_value("tlh"), LanguageChoice::Auto);
        assert_eq!(Theme::from_value("dark"), Theme::Dark);
        assert_eq!(Theme::from_value(""), Theme::System);
    }
}
