//! Entries that come page by page as they are scrolled to, and can be looked for by name. It does not know what they are.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::limits::PAGE_CONTACTS_MAX;

use crate::account::{Asked, Failure};
use crate::components::account::form::{Label, button, in_words, part, say};
use crate::components::account::listing::waiting;
use crate::dom::sight::Sight;
use crate::text::texts;

/// How long someone pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(200);

/// How long after a change elsewhere a list is fetched again, so that many changes are one.
const QUIET: Duration = Duration::from_secs(1);

/// An entry: which it is, in which version, and how it is drawn.
#[derive(Clone)]
pub struct Entry {
    id: String,
    version: String,
    draw: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

impl Entry {
    /// An entry. It is drawn anew when it comes in another version.
    pub fn new(
        id: String,
        version: String,
        draw: impl Fn() -> AnyView + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            version,
            draw: Arc::new(draw),
        }
    }
}

/// A page of entries, and what to ask for to go on.
pub type Page = (Vec<Entry>, Option<String>);

/// Asks for a page of a list: by which name, and after which place.
type Ask = Rc<dyn Fn(Paged, String, Option<String>) -> Asked<Page>>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Waiting,
    Here,
    Failed(Failure),
}

/// A list that is fetched page by page.
#[derive(Clone, Copy)]
pub struct Paged {
    entries: RwSignal<Vec<Entry>>,
    next: RwSignal<Option<String>>,
    state: RwSignal<State>,
    name: RwSignal<String>,
    /// Which question is the newest: the answers to others come too late.
    round: StoredValue<u32>,
    /// Whether the first page will be fetched once more.
    is_due: StoredValue<bool>,
    ask: StoredValue<Ask, LocalStorage>,
}

impl Paged {
    /// Fetches the first page now, and the others when they are scrolled to.
    pub fn new(ask: impl Fn(Self, String, Option<String>) -> Asked<Page> + 'static) -> Self {
        let ask: Ask = Rc::new(ask);
        let paged = Self {
            entries: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            state: RwSignal::new(State::Waiting),
            name: RwSignal::new(String::new()),
            round: StoredValue::new(0),
            is_due: StoredValue::new(false),
            ask: StoredValue::new_local(ask),
        };
        paged.reload();
        paged
    }

    /// Fetches the first page once more. What is shown stays until the new is there.
    pub fn reload(self) {
        self.fetch(None);
    }

    /// Something changed elsewhere: the first page is fetched once more, in a while, unless the reader is
    /// further down already.
    pub fn refresh(self) {
        let shown = self.entries.with_untracked(Vec::len);
        if self.is_due.get_value() || shown > PAGE_CONTACTS_MAX {
            return;
        }
        self.is_due.set_value(true);
        let due = move || {
            if self.is_due.try_set_value(false).is_none() {
                self.reload();
            }
        };
        set_timeout(due, QUIET);
    }

    /// Takes an entry out, without asking.
    pub fn remove(self, id: &str) {
        self.entries
            .try_update(|entries| entries.retain(|entry| entry.id != id));
    }

    /// What is looked for. Tracked.
    pub fn name(self) -> String {
        self.name.get()
    }

    fn look_for(self, name: String) {
        self.name.set(name);
        let round = self.next_round();
        set_timeout(
            move || {
                if self.round.try_get_value() == Some(round) {
                    self.reload();
                }
            },
            PAUSE,
        );
    }

    fn more(self) {
        if self.state.get_untracked() == State::Waiting {
            return;
        }
        if let Some(next) = self.next.get_untracked() {
            self.fetch(Some(next));
        }
    }

    fn next_round(self) -> u32 {
        self.round.update_value(|round| *round += 1);
        self.round.get_value()
    }

    fn fetch(self, after: Option<String>) {
        let Some(ask) = self.ask.try_get_value() else {
            return;
        };
        let round = self.next_round();
        self.state.set(State::Waiting);
        let name = self.name.get_untracked().trim().to_owned();
        let is_first = after.is_none();
        let asked = ask(self, name, after);
        spawn_local(async move {
            let answer = asked.await;
            // The reader may have left the page, or looks for something else.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok((entries, next)) => self.show(is_first, entries, next),
                Err(failure) => self.state.set(State::Failed(failure)),
            }
        });
    }

    fn show(self, is_first: bool, entries: Vec<Entry>, next: Option<String>) {
        self.entries.update(|shown| {
            if is_first {
                shown.clear();
            }
            // Who moves while pages are turned stands on two of them.
            let known: HashSet<String> = shown.iter().map(|entry| entry.id.clone()).collect();
            let new = entries.into_iter();
            shown.extend(new.filter(|entry| !known.contains(&entry.id)));
        });
        self.next.set(next);
        self.state.set(State::Here);
    }

    /// The field that looks for entries by name.
    pub fn search(self, id: &'static str, label: Label) -> AnyView {
        view! {
            <input
                id=id
                class="input input--search"
                data-testid=id
                type="search"
                autocomplete="off"
                spellcheck="false"
                dir="auto"
                aria-label=say(label)
                placeholder=say(label)
                prop:value=move || self.name.get()
                on:input=move |event| self.look_for(event_target_value(&event))
                on:keydown=move |event| {
                    // It stands in forms that it must not send.
                    if event.key() == "Enter" {
                        event.prevent_default();
                    }
                }
            />
        }
        .into_any()
    }

    /// The entries. `none` is drawn when there are none.
    pub fn view(self, label: Label, none: impl Fn() -> AnyView + Send + 'static) -> AnyView {
        let is_empty = Memo::new(move |_| self.entries.with(Vec::is_empty));
        let is_busy = move || (self.state.get() == State::Waiting).to_string();
        let end = part(move || match self.state.get() {
            State::Waiting => waiting(),
            State::Failed(failure) => self.failed(failure),
            State::Here if is_empty.get() && self.next.with(Option::is_none) => none(),
            State::Here => self.edge(),
        });
        view! {
            <div class="listing listing--paged">
                <ul
                    class="records"
                    aria-label=say(label)
                    aria-busy=is_busy
                    hidden=move || is_empty.get()
                >
                    <For
                        each=move || self.entries.get()
                        key=|entry| (entry.id.clone(), entry.version.clone())
                        children=|entry| (entry.draw)()
                    />
                </ul>
                {end}
            </div>
        }
        .into_any()
    }

    /// What fetches the next page when it comes into sight, or is pressed.
    fn edge(self) -> AnyView {
        if self.next.with_untracked(Option::is_none) {
            return ().into_any();
        }
        let edge: NodeRef<html::Div> = NodeRef::new();
        let sight = StoredValue::new_local(None::<Sight>);
        Effect::new(move |_| {
            if let Some(edge) = edge.get() {
                sight.set_value(Sight::new(&edge, move || self.more()));
            }
        });
        view! {
            <div node_ref=edge class="listing__edge">
                {button("button", "more", |t| t.more, move || self.more())}
            </div>
        }
        .into_any()
    }

    fn failed(self, failure: Failure) -> AnyView {
        let texts = texts();
        let again = move || {
            if self.entries.with_untracked(Vec::is_empty) {
                self.reload();
            } else {
                self.state.set(State::Here);
                self.more();
            }
        };
        view! {
            <div class="listing__failed" role="alert">
                <p>{move || in_words(&failure, texts.get())}</p>
                {button("button", "retry-listing", |t| t.retry, again)}
            </div>
        }
        .into_any()
    }
}
