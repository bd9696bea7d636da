//! What stands in the settings: one's account, one's name, the language, the appearance. It does not know where they
//! are kept.

use leptos::prelude::*;
use leptos::{ev, html};
use parley_shared::limits::NAME_CHARS_MAX;
use parley_shared::protocol::Refusal;

use super::account::account_field;
use crate::actions::actions;
use crate::components::chunk::chunk;
use crate::components::dialog;
use crate::components::icon::{Drawing, Icon};
use crate::components::shell::handles;
use crate::dom;
use crate::preferences::{Language, LanguageChoice, Theme, preferences};
use crate::route::Route;
use crate::state::Chat;
use crate::text::{Texts, texts};

chunk! {
    /// Fetches what stands in the settings.
    pub fn settings_fields() -> fn(Route) in settings { fields }
}

/// What stands in the settings.
fn fields(_: Route) -> AnyView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let id = move || chat.me.with(|me| me.as_ref().map(|me| me.id.to_string()));
    view! {
        {account_field()}
        <NameForm />
        <LanguageField />
        <ThemeField />
        <p class="dialog__foot">
            {move || texts.get().your_id} " " <code>{move || id()}</code>
        </p>
    }
    .into_any()
}

/// One's name, and the button that keeps it.
#[component]
fn NameForm() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let handles = handles();
    let texts = texts();
    let field: NodeRef<html::Input> = handles.name;
    let problem = RwSignal::new(None::<Refusal>);
    let name = Memo::new(move |_| {
        chat.me
            .with(|me| me.as_ref().and_then(|me| me.name.clone()))
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        match actions.rename(&field.value()) {
            Ok(()) => {
                problem.set(None);
                dialog::close(handles.settings);
            }
            Err(refusal) => {
                problem.set(Some(refusal));
                dom::focus(&field);
            }
        }
    };
    let hint = move || match problem.get() {
        Some(refusal) => (texts.get().refusal)(&refusal),
        None => texts.get().name_hint.to_owned(),
    };
    let has_problem = move || problem.with(Option::is_some);
    // Whoever came for their name is at the field as soon as it is there.
    field.on_load(move |field| {
        if handles.name_wanted.get_value() {
            dom::focus(&field);
            field.select();
        }
    });
    view! {
        <form class="field" on:submit=save>
            <label class="field__label" for="settings-name">
                {move || texts.get().name_label}
            </label>
            <div class="field__row">
                <input
                    node_ref=field
                    id="settings-name"
                    class="input"
                    data-testid="name-input"
                    type="text"
                    autocomplete="nickname"
                    spellcheck="false"
                    // One more than fits, so that a name is refused with its reason and never cut off.
                    maxlength=(NAME_CHARS_MAX * 2).to_string()
                    prop:value=move || name.get().unwrap_or_default()
                    aria-invalid=move || has_problem().to_string()
                    aria-describedby="settings-name-hint"
                    on:input=move |_| problem.set(None)
                />
                <button type="submit" class="button button--primary" data-testid="name-save">
                    {move || texts.get().save}
                </button>
            </div>
            <p
                id="settings-name-hint"
                class="field__hint"
                role="status"
                data-tone=move || has_problem().then_some("danger")
            >
                {move || hint()}
            </p>
        </form>
    }
}

#[component]
fn LanguageField() -> impl IntoView {
    let preferences = preferences();
    let texts = texts();
    // A language is named in itself, for those who cannot read the other.
    let name = move |choice: LanguageChoice| match choice {
        LanguageChoice::Auto => texts.get().language_auto,
        LanguageChoice::En => "English",
        LanguageChoice::Zh => "简体中文",
    };
    let lang = |choice: LanguageChoice| match choice {
        LanguageChoice::Auto => None,
        LanguageChoice::En => Some(Language::En.tag()),
        LanguageChoice::Zh => Some(Language::Zh.tag()),
    };
    let option = move |choice: LanguageChoice| {
        view! {
            <option
                value=choice.value()
                lang=lang(choice)
                selected=move || preferences.language_choice() == choice
            >
                {move || name(choice)}
            </option>
        }
    };
    view! {
        <Choice
            id="settings-language"
            test_id="language-select"
            label=|texts| texts.language_label
            chosen=move |value| preferences.set_language(LanguageChoice::from_value(&value))
        >
            {LanguageChoice::ALL.map(option).collect_view()}
        </Choice>
    }
}

#[component]
fn ThemeField() -> impl IntoView {
    let preferences = preferences();
    let texts = texts();
    let name = move |theme: Theme| match theme {
        Theme::System => texts.get().theme_system,
        Theme::Light => texts.get().theme_light,
        Theme::Dark => texts.get().theme_dark,
    };
    let option = move |theme: Theme| {
        view! {
            <option value=theme.value() selected=move || preferences.theme() == theme>
                {move || name(theme)}
            </option>
        }
    };
    view! {
        <Choice
            id="settings-theme"
            test_id="theme-select"
            label=|texts| texts.theme_label
            chosen=move |value| preferences.set_theme(Theme::from_value(&value))
        >
            {Theme::ALL.map(option).collect_view()}
        </Choice>
    }
}

/// A labelled choice among a few.
#[component]
fn Choice(
    id: &'static str,
    test_id: &'static str,
    label: fn(&'static Texts) -> &'static str,
    chosen: impl Fn(String) + 'static,
    children: Children,
) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {move || label(texts.get())}
            </label>
            <div class="select">
                <select
                    id=id
                    class="input"
                    data-testid=test_id
                    on:change=move |event| chosen(event_target_value(&event))
                >
                    {children()}
                </select>
                <Icon of=Drawing::Chevron />
            </div>
        </div>
    }
}
