//! Fields with their label, their hint and what is wrong with them. They do not know what they are for.

use leptos::prelude::*;
use parley_shared::refusal::Refusal;

use super::form::{Blame, Form, Label, kept, say};
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
    /// What is looked for.
    Search,
}

impl Kind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Email => "email",
            Self::Password => "password",
            Self::Search => "search",
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
            blame,
            ..
        } = self;
        form.add(id, blame);
        let texts = texts();
        let wrong = kept(move || form.wrong_with(blame, texts.get()));
        let is_wrong = kept(move || wrong.with(|wrong| !wrong.is_empty()));
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
        let is_shown = RwSignal::new(false);
        let input = match kind {
            Kind::Lines => self.lines(form, is_wrong),
            _ => self.line(form, is_wrong, is_shown),
        };
        let reveal = (kind == Kind::Password).then(|| reveal(id, is_shown));
        view! {
            <div class="field">
                <label class="field__label" for=id>
                    {say(label)}
                </label>
                <div class="field__input">{input} {reveal}</div>
                <p
                    id=hint_id(id)
                    class="field__hint"
                    data-tone=move || is_wrong.get().then_some("danger")
                >
                    {said}
                </p>
            </div>
        }
        .into_any()
    }

    fn line(self, form: Form, is_wrong: Memo<bool>, is_shown: RwSignal<bool>) -> AnyView {
        let Self {
            id,
            kind,
            autocomplete,
            value,
            ..
        } = self;
        let input_type = move || {
            if is_shown.get() {
                "text"
            } else {
                kind.input_type()
            }
        };
        let capitals = if kind == Kind::Words { "words" } else { "none" };
        view! {
            <input
                id=id
                class="input"
                data-testid=id
                type=input_type
                inputmode=kind.input_mode()
                autocomplete=autocomplete
                autocapitalize=capitals
                spellcheck="false"
                dir="auto"
                min=(kind == Kind::Number).then_some("1")
                prop:value=move || value.get()
                aria-invalid=move || is_wrong.get().to_string()
                aria-describedby=hint_id(id)
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    form.touched();
                }
            />
        }
        .into_any()
    }

    fn lines(self, form: Form, is_wrong: Memo<bool>) -> AnyView {
        let Self { id, value, .. } = self;
        view! {
            <textarea
                id=id
                class="input input--lines"
                data-testid=id
                rows="4"
                dir="auto"
                prop:value=move || value.get()
                aria-invalid=move || is_wrong.get().to_string()
                aria-describedby=hint_id(id)
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    form.touched();
                }
            ></textarea>
        }
        .into_any()
    }
}

/// The id of what is said below a field.
fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

/// The button that shows a password.
fn reveal(id: &'static str, is_shown: RwSignal<bool>) -> AnyView {
    let texts = texts();
    let words = move || {
        let texts = &texts.get().account;
        if is_shown.get() {
            texts.hide
        } else {
            texts.show
        }
    };
    view! {
        <button
            type="button"
            class="field__reveal"
            aria-controls=id
            on:click=move |_| is_shown.update(|shown| *shown = !*shown)
        >
            {words}
        </button>
    }
    .into_any()
}
