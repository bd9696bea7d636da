//! Choices among a few, switches, and what is shown this one time. They do not know what they are for.

use leptos::prelude::*;

use super::form::{Label, say};
use crate::components::icon::{Drawing, Icon};
use crate::dom;
use crate::text::texts;

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
