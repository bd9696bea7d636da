//! Fields with their label, their hint and what is wrong with them. They do not know what they are for.

use leptos::prelude::*;
use parley_shared::refusal::Refusal;

use super::form::{Blame, Form, Label, say};
use crate::components::icon::{Drawing, Icon};
use crate::dom;
use crate::text::texts;

/// What kind of text a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words as people write them.
    Words,
    /// Letters that no keyboard should change: user names and codes.
    Exact,
    /// Digits of a code.
    Digits,
    /// A number.
    Number,
    /// An address of e-mail.
    Email,
    /// A password, which can be shown.
    Password,
    /// Several lines.
    Lines,
}

impl Kind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Email => "email",
            Self::Password => "password",
            _ => "text",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Digits | Self::Number => Some("numeric"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}

/// A field of a form.
#[derive(Debug)]
pub struct Field {
    /// Its id on the page, and its `data-testid`.
    pub id: &'static str,
    /// What it is called.
    pub label: Label,
    /// What helps to fill it in.
    pub hint: Option<Label>,
    /// What it takes.
    pub kind: Kind,
    /// What the browser may fill in (HTML, "autofill").
    pub autocomplete: &'static str,
    /// What stands in it.
    pub value: RwSignal<String>,
    /// For which refusals it is to blame.
    pub blame: Blame,
}

impl Field {
    /// The field for the name to sign in with.
    pub fn user_name(value: RwSignal<String>, hint: Option<Label>) -> Self {
        Self {
            id: "user-name",
            label: |t| t.user_name,
            hint,
            kind: Kind::Exact,
            autocomplete: "username",
            value,
            blame: |r| {
                matches!(
                    r,
                    Refusal::UserNameTaken
                        | Refusal::UserNameTooShort { .. }
                        | Refusal::UserNameTooLong { .. }
                        | Refusal::UserNameHasSymbol { .. }
                        | Refusal::UserNameMixesScripts
                )
            },
        }
    }

    /// The field for a password that is chosen now.
    pub fn new_password(value: RwSignal<String>, label: Label) -> Self {
        Self {
            id: "new-password",
            label,
            hint: Some(|t| t.password_hint),
            kind: Kind::Password,
            autocomplete: "new-password",
            value,
            blame: |r| {
                matches!(
                    r,
                    Refusal::PasswordTooShort { .. } | Refusal::PasswordTooLong { .. }
                )
            },
        }
    }

    /// The field for the password that one has.
    pub fn password(id: &'static str, value: RwSignal<String>, label: Label) -> Self {
        Self {
            id,
            label,
            hint: None,
            kind: Kind::Password,
            autocomplete: "current-password",
            value,
            blame: |r| matches!(r, Refusal::WrongPassword | Refusal::WrongCredentials),
        }
    }

    /// The field for the display name.
    pub fn name(value: RwSignal<String>, label: Label, hint: Label) -> Self {
        Self {
            id: "display-name",
            label,
            hint: Some(hint),
            kind: Kind::Words,
            autocomplete: "nickname",
            value,
            blame: |r| {
                matches!(
                    r,
                    Refusal::NameBlank
                        | Refusal::NameTooLong { .. }
                        | Refusal::NameHasControl { .. }
                )
            },
        }
    }

    /// The field for an address of e-mail.
    pub fn email(value: RwSignal<String>) -> Self {
        Self {
            id: "email",
            label: |t| t.email,
            hint: Some(|t| t.email_hint),
            kind: Kind::Email,
            autocomplete: "email",
            value,
            blame: |r| matches!(r, Refusal::EmailMalformed),
        }
    }

    /// The field as a part of a form.
    pub fn of(self, form: Form) -> AnyView {
        let Self {
            id,
            label,
            hint,
            kind,
            autocomplete,
            value,
            blame,
        } = self;
        form.add(id, blame);
        let texts = texts();
        let wrong = Memo::new(move |_| form.wrong_with(blame, texts.get()));
        let is_wrong = Signal::derive(move || wrong.with(|wrong| !wrong.is_empty()));
        let said = move || {
            let hint = hint.map_or("", |hint| hint(&texts.get().account));
            wrong.with(|wrong| {
                if wrong.is_empty() {
                    hint.to_owned()
                } else {
                    wrong.clone()
                }
            })
        };
        let hint_id = format!("{id}-hint");
        let note = move |text: String| {
            value.set(text);
            form.touched();
        };
        let is_shown = RwSignal::new(false);
        let input = if kind == Kind::Lines {
            view! {
                <textarea
                    id=id
                    class="input input--lines"
                    data-testid=id
                    rows="4"
                    dir="auto"
                    prop:value=move || value.get()
                    aria-invalid=move || is_wrong.get().to_string()
                    aria-describedby=hint_id.clone()
                    on:input=move |event| note(event_target_value(&event))
                ></textarea>
            }
            .into_any()
        } else {
            view! {
                <input
                    id=id
                    class="input"
                    data-testid=id
                    type=move || if is_shown.get() { "text" } else { kind.input_type() }
                    inputmode=kind.input_mode()
                    autocomplete=autocomplete
                    autocapitalize=if kind == Kind::Words { "words" } else { "none" }
                    spellcheck="false"
                    dir="auto"
                    min=(kind == Kind::Number).then_some("1")
                    prop:value=move || value.get()
                    aria-invalid=move || is_wrong.get().to_string()
                    aria-describedby=hint_id.clone()
                    on:input=move |event| note(event_target_value(&event))
                />
            }
            .into_any()
        };
        let reveal = (kind == Kind::Password).then(|| {
            view! {
                <button
                    type="button"
                    class="field__reveal"
                    aria-pressed=move || is_shown.get().to_string()
                    aria-controls=id
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {move || {
                        let texts = &texts.get().account;
                        if is_shown.get() { texts.hide } else { texts.show }
                    }}
                </button>
            }
            .into_any()
        });
        view! {
            <div class="field">
                <label class="field__label" for=id>
                    {say(label)}
                </label>
                <div class="field__input">{input} {reveal}</div>
                <p
                    id=hint_id.clone()
                    class="field__hint"
                    data-tone=move || is_wrong.get().then_some("danger")
                >
                    {said}
                </p>
            </div>
        }
        .into_any()
    }
}

/// A choice among a few, of values with their names.
pub fn choice(
    id: &'static str,
    label: Label,
    options: &'static [(&'static str, Label)],
    value: RwSignal<String>,
) -> AnyView {
    let option = |(name, label): &'static (&'static str, Label)| {
        let name: &'static str = name;
        view! {
            <option value=name selected=move || value.with(|value| value == name)>
                {say(*label)}
            </option>
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {say(label)}
            </label>
            <div class="select">
                <select
                    id=id
                    class="input"
                    data-testid=id
                    on:change=move |event| value.set(event_target_value(&event))
                >
                    {options.iter().map(option).collect_view()}
                </select>
                <Icon of=Drawing::Chevron />
            </div>
            <p class="field__hint"></p>
        </div>
    }
    .into_any()
}

/// A choice among a few that need explaining.
pub fn radios(
    name: &'static str,
    legend: Label,
    options: &'static [(&'static str, Label, Label)],
    value: RwSignal<String>,
) -> AnyView {
    let option = |(chosen, label, hint): &'static (&'static str, Label, Label)| {
        let chosen: &'static str = chosen;
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    value=chosen
                    data-testid=format!("{name}-{chosen}")
                    prop:checked=move || value.with(|value| value == chosen)
                    on:change=move |_| value.set(chosen.to_owned())
                />
                <span class="option__text">
                    <span class="option__title">{say(*label)}</span>
                    <span class="option__hint">{say(*hint)}</span>
                </span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="options">
            <legend class="field__label">{say(legend)}</legend>
            {options.iter().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// A switch.
pub fn toggle(id: &'static str, label: Label, hint: Label, value: RwSignal<bool>) -> AnyView {
    view! {
        <label class="option">
            <input
                type="checkbox"
                role="switch"
                class="switch"
                data-testid=id
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span class="option__text">
                <span class="option__title">{say(label)}</span>
                <span class="option__hint">{say(hint)}</span>
            </span>
        </label>
    }
    .into_any()
}

/// Something that is shown this one time, with a button that copies it.
pub fn shown_once(test_id: &'static str, note: Label, text: String) -> AnyView {
    let is_copied = RwSignal::new(false);
    let texts = texts();
    let copied = text.clone();
    view! {
        <div class="once" role="status">
            <p class="once__note">{say(note)}</p>
            <div class="once__row">
                <code class="once__text" data-testid=test_id tabindex="0">
                    {text}
                </code>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        dom::copy(&copied);
                        is_copied.set(true);
                    }
                >
                    {move || {
                        let texts = &texts.get().account;
                        if is_copied.get() { texts.copied } else { texts.copy }
                    }}
                </button>
            </div>
        </div>
    }
    .into_any()
}
