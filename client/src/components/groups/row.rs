//! One entry of a list with a picture: who or what it is, what is known of it, what can be done with it. It does not know
//! what it is.

use leptos::prelude::*;
use parley_shared::model::Person;

use super::confirm::Sentence;
use crate::components::icon::{Drawing, Icon};
use crate::components::person::Portrait;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::Texts;

/// An entry that is drawn part by part.
pub fn row(test_id: &'static str, picture: AnyView, text: AnyView, actions: AnyView) -> AnyView {
    view! {
        <li class="record record--pictured" data-testid=test_id>
            {picture}
            <div class="record__text">{text}</div>
            {actions}
        </li>
    }
    .into_any()
}

/// A title with its marks, and facts below.
pub fn text(title: AnyView, facts: Vec<AnyView>) -> AnyView {
    view! {
        // No paragraphs: it may stand in a label.
        <span class="record__title">{title}</span>
        <span class="record__facts">{facts}</span>
    }
    .into_any()
}

/// Someone's portrait in a list.
pub fn portrait(of: &Person) -> AnyView {
    let of = of.clone();
    view! { <Portrait of=of /> }.into_any()
}

/// What someone is called: as the reader knows them, else as they call themselves. Tracked.
pub fn name_now(chat: Chat, person: &Person, texts: &Texts) -> String {
    let remark = chat
        .remarks
        .with(|remarks| remarks.get(&person.id).cloned());
    remark.unwrap_or_else(|| display_name(person, texts))
}

/// The button that opens what else can be done; `label` names whom it is about.
pub fn more_button(is_open: RwSignal<bool>, label: Sentence) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid="row-more"
            aria-expanded=move || is_open.get().to_string()
            aria-label=label
            on:click=move |_| is_open.update(|open| *open = !*open)
        >
            <Icon of=Drawing::More />
        </button>
    }
    .into_any()
}
