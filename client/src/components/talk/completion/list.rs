//! The list of those who may be meant, above the field. It does not know where they come from.
//!
//! The field keeps the focus: whoever listens is told of the chosen one by `aria-activedescendant`.

use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, html};
use parley_shared::limits::FIND_AFTER_MS;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::query::{Query, query};
use super::sources::{Candidate, Sources};
use crate::components::account::form::part;
use crate::components::person::Portrait;
use crate::components::shell::handles;
use crate::dom::{self, field, listen};
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::texts;

/// The code of keys that an input method took for itself (UI Events, section 7.3.1).
const TAKEN_BY_INPUT_METHOD: u32 = 229;

#[derive(Clone, Copy)]
struct List {
    field: Field,
    query: RwSignal<Option<Query>>,
    /// The name for which the list was closed: it does not open for it again.
    shut: StoredValue<Option<u32>>,
    sources: RwSignal<Option<Sources>>,
    found: Memo<Vec<Candidate>>,
    chosen: RwSignal<usize>,
}

/// The field in which a name is completed.
type Field = NodeRef<html::Textarea>;

/// The list, which is there while a name is being written. Whoever has no account finds nobody.
pub(in crate::components::talk) fn completion() -> AnyView {
    let chat = expect_context::<Chat>();
    let is_able = Memo::new(move |_| chat.standing.with(Option::is_some));
    part(move || match is_able.get() {
        true => able(),
        false => ().into_any(),
    })
}

fn able() -> AnyView {
    let field = handles().composer;
    let chat = expect_context::<Chat>();
    let texts = texts();
    let query = RwSignal::new(None::<Query>);
    let sources = RwSignal::new(None::<Sources>);
    // Who may be meant is another question in each conversation.
    let owner = Owner::current();
    Effect::new(move |former: Option<()>| {
        let _each = chat.open.get();
        // At first, what stands there already is looked at.
        if former.is_some() {
            query.set(None);
        }
        let found = owner
            .as_ref()
            .map(|owner| owner.with(|| Sources::of_shown(chat)));
        sources.set(found.flatten());
    });
    let found = Memo::new(move |_| match (query.get(), sources.get()) {
        (Some(query), Some(sources)) => sources.matching(&query.beginning, texts.get()),
        _ => Vec::new(),
    });
    let list = List {
        field,
        query,
        shut: StoredValue::new(None),
        sources,
        found,
        chosen: RwSignal::new(0),
    };
    // The field is there already when this comes, or comes with it.
    field.on_load(move |element| list.listen(&element));
    list.find();
    list.say_which();
    list.view()
}

impl List {
    fn listen(self, element: &HtmlTextAreaElement) {
        for kind in ["input", "compositionend", "click", "keyup"] {
            listen::until_gone(element, kind, move |_| self.look());
        }
        listen::until_gone(element, "compositionstart", move |_| self.query.set(None));
        listen::until_gone(element, "blur", move |_| self.query.set(None));
        // Its keys are the list's before they are the field's.
        if let Some(parent) = element.parent_element() {
            listen::before_inside(&parent, "keydown", move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    self.keyed(event);
                }
            });
        }
        // What was written before the list was there.
        self.look();
    }

    /// Asks for those whose names begin so, when that has stood for a moment.
    fn find(self) {
        let find = leptos::prelude::debounce(
            Duration::from_millis(FIND_AFTER_MS),
            move |beginning: String| {
                if let Some(sources) = self.sources.try_get_untracked().flatten() {
                    sources.look_for(&beginning);
                }
            },
        );
        let find = StoredValue::new_local(find);
        Effect::new(move |_| {
            if let Some(query) = self.query.get() {
                find.update_value(|find| find(query.beginning));
            }
        });
    }

    /// Looks which name is being written, if one is.
    fn look(self) {
        let Some(element) = self.field.get_untracked() else {
            return;
        };
        let written = field::before_caret(&element).and_then(|before| query(&before));
        let at = written.as_ref().map(|query| query.at);
        if self.shut.get_value() != at {
            self.shut.set_value(None);
        }
        let written = written.filter(|_| self.shut.get_value().is_none());
        if self.query.with_untracked(|known| *known != written) {
            self.chosen.set(0);
            self.query.set(written);
        }
    }

    /// A key was pressed in the field: whether it is the list's.
    fn keyed(self, event: &KeyboardEvent) {
        let composes = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
        let bare = !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.shift_key();
        let count = self.found.with_untracked(Vec::len);
        if composes || !bare || count == 0 {
            return;
        }
        let chosen = self.chosen.get_untracked().min(count - 1);
        match event.key().as_str() {
            "ArrowDown" => self.chosen.set((chosen + 1) % count),
            "ArrowUp" => self.chosen.set((chosen + count - 1) % count),
            "Enter" | "Tab" => self.take(chosen),
            "Escape" => {
                let at = self
                    .query
                    .with_untracked(|query| query.as_ref().map(|query| query.at));
                self.shut.set_value(at);
                self.query.set(None);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Writes the name of someone in place of its beginning.
    fn take(self, index: usize) {
        let user_name = self
            .found
            .with_untracked(|found| found.get(index).map(|found| found.user_name.clone()));
        let at = self
            .query
            .with_untracked(|query| query.as_ref().map(|query| query.at));
        if let (Some(element), Some(user_name), Some(at)) =
            (self.field.get_untracked(), user_name, at)
        {
            self.query.set(None);
            field::replace_to_caret(&element, at, &format!("@{user_name} "));
        }
    }

    /// Tells whoever listens which one is chosen.
    fn say_which(self) {
        let active = Memo::new(move |_| {
            let count = self.found.with(Vec::len);
            (count > 0).then(|| id_of(self.chosen.get().min(count - 1)))
        });
        let tell = move |element: &HtmlTextAreaElement, active: Option<String>| {
            let controls = active.as_ref().map(|_| LIST);
            field::set_attribute(element, "aria-autocomplete", Some("list"));
            field::set_attribute(element, "aria-haspopup", Some("listbox"));
            field::set_attribute(element, "aria-controls", controls);
            field::set_attribute(element, "aria-activedescendant", active.as_deref());
        };
        Effect::new(move |_| {
            let active = active.get();
            if let Some(element) = self.field.get_untracked() {
                tell(&element, active);
            }
        });
    }

    fn view(self) -> AnyView {
        let texts = texts();
        let rows = move || {
            let found = self.found.get().into_iter().enumerate();
            found
                .map(|(index, one)| self.row(index, one))
                .collect_view()
        };
        let is_open = Memo::new(move |_| self.found.with(|found| !found.is_empty()));
        let shown = move || {
            is_open.get().then(|| {
                view! {
                    <ul
                        class="completion"
                        id=LIST
                        role="listbox"
                        data-testid="completion"
                        aria-label=move || texts.get().talk().people_meant
                        // The field keeps the focus.
                        on:pointerdown=|event: ev::PointerEvent| event.prevent_default()
                        on:mousedown=|event: ev::MouseEvent| event.prevent_default()
                    >
                        {move || rows()}
                    </ul>
                }
                .into_any()
            })
        };
        (move || shown()).into_any()
    }

    fn row(self, index: usize, one: Candidate) -> AnyView {
        let texts = texts();
        let name = display_name(&one.person, texts.get_untracked());
        let person = one.person;
        let is_chosen = move || {
            let count = self.found.with(Vec::len);
            self.chosen.get().min(count.saturating_sub(1)) == index
        };
        view! {
            <li
                class="completion__one"
                id=id_of(index)
                role="option"
                data-testid="completion-one"
                aria-selected=move || is_chosen().to_string()
                on:click=dom::pressed(move || self.take(index))
            >
                <Portrait of=Signal::derive(move || person.clone()) small=true />
                <span class="completion__name truncate">
                    {name}
                </span>
                <span class="completion__user truncate">{format!("@{}", one.user_name)}</span>
            </li>
        }
        .into_any()
    }
}

const LIST: &str = "completion";

fn id_of(index: usize) -> String {
    format!("{LIST}-{index}")
}
