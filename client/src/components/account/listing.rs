//! What is fetched and then shown: waiting, failing, trying again. It does not know what is fetched.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::{Label, button, in_words, say, words};
use crate::account::Failure;
use crate::text::texts;

type Loading<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Something that is fetched, and can be fetched again.
pub struct Listing<T: Send + Sync + 'static> {
    found: RwSignal<Option<Result<T, Failure>>>,
    load: StoredValue<Rc<dyn Fn() -> Loading<T>>, LocalStorage>,
    /// How often it was asked for, and which of the answers is shown.
    asked: StoredValue<(u32, u32)>,
}

impl<T: Send + Sync + 'static> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Listing<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Listing<T> {
    /// Fetches, now and whenever it is reloaded.
    pub fn new<F>(load: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        let listing = Self::idle(load);
        spawn_local(listing.reload());
        listing
    }

    /// Fetches whenever it is reloaded, and not before.
    pub fn idle<F>(load: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        Self {
            found: RwSignal::new(None),
            load: StoredValue::new_local(Rc::new(move || Box::pin(load()))),
            asked: StoredValue::new((0, 0)),
        }
    }

    /// Fetches once more. What is shown stays until the new is there; what was asked for before is old then.
    pub async fn reload(self) {
        let Some(load) = self.load.try_get_value() else {
            return;
        };
        let turn = self.asked.try_update_value(|(asked, _)| {
            *asked += 1;
            *asked
        });
        let found = load().await;
        let is_newest = self.asked.try_update_value(|(asked, answered)| {
            *answered = (*answered).max(turn.unwrap_or_default());
            Some(*asked) == turn
        });
        if is_newest == Some(true) {
            self.put(found);
        }
    }

    fn put(self, found: Result<T, Failure>) {
        let known = self
            .found
            .try_with_untracked(|known| known.as_ref() == Some(&found));
        // Nothing is drawn anew that is as it was.
        if known == Some(false) {
            self.found.try_set(Some(found));
        }
    }

    /// Whether an answer is on its way.
    pub fn is_loading(self) -> bool {
        let asked = self.asked.try_get_value();
        asked.is_some_and(|(asked, answered)| asked > answered)
    }

    /// Forgets what was found, and what is on its way.
    pub fn forget(self) {
        self.asked.try_update_value(|(asked, answered)| {
            *asked += 1;
            *answered = *asked;
        });
        self.found.try_set(None);
    }

    /// Looks at what was found, or why nothing was. Tracked.
    pub fn with<R>(self, look: impl FnOnce(Option<&Result<T, Failure>>) -> R) -> R {
        self.found.with(|found| look(found.as_ref()))
    }

    /// Changes what was found, without asking.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.found.try_update(|found| {
            if let Some(Ok(found)) = found {
                change(found);
            }
        });
    }

    /// What was found, if it was.
    pub fn get_untracked(self) -> Option<T> {
        self.found
            .try_with_untracked(|found| found.as_ref()?.as_ref().ok().cloned())
            .flatten()
    }

    /// What was found, or why nothing was.
    pub fn view(self, show: impl Fn(T) -> AnyView + Send + 'static) -> AnyView {
        let shown = move || match self.found.get() {
            None => waiting(),
            Some(Ok(found)) => show(found),
            Some(Err(failure)) => self.failed(failure),
        };
        view! { <div class="listing">{shown}</div> }.into_any()
    }

    /// Why nothing was found, and the way to try again.
    pub fn failed(self, failure: Failure) -> AnyView {
        failed(failure, move || spawn_local(self.reload()))
    }
}

fn failed(failure: Failure, try_again: impl Fn() + 'static) -> AnyView {
    let texts = texts();
    view! {
        <div class="listing__failed" role="alert">
            <p>{words(move || in_words(&failure, texts.get()))}</p>
            {button("button", "retry-listing", |t| t.retry, try_again)}
        </div>
    }
    .into_any()
}

/// Something is on its way.
pub fn waiting() -> AnyView {
    view! {
        <p class="listing__waiting" role="status">
            <span class="spinner" aria-hidden="true"></span>
            <span>{say(|t| t.loading)}</span>
        </p>
    }
    .into_any()
}

/// One entry of a list: what it is, what is known of it, what can be done with it.
pub fn entry(title: AnyView, facts: Vec<AnyView>, actions: Vec<AnyView>) -> AnyView {
    view! {
        <li class="record" data-testid="record">
            <div class="record__text">
                <p class="record__title">{title}</p>
                <p class="record__facts">{facts}</p>
            </div>
            <div class="record__actions">{actions}</div>
        </li>
    }
    .into_any()
}

/// A mark beside a title.
pub fn mark(text: impl Fn() -> &'static str + Send + 'static) -> AnyView {
    let text: Box<dyn Fn() -> &'static str + Send> = Box::new(text);
    view! { <span class="tag">{move || text()}</span> }.into_any()
}

/// A fact of an entry.
pub fn fact(text: impl Fn() -> String + Send + 'static) -> AnyView {
    let text: Box<dyn Fn() -> String + Send> = Box::new(text);
    view! { <span class="record__fact">{move || text()}</span> }.into_any()
}

/// A part of a section, with its heading.
pub fn panel(heading: Label, parts: Vec<AnyView>) -> AnyView {
    view! {
        <section class="panel">
            <h2 class="panel__title">{say(heading)}</h2>
            {parts}
        </section>
    }
    .into_any()
}

/// Entries, or a word that there are none.
pub fn entries(all: Vec<AnyView>, none: Label) -> AnyView {
    if all.is_empty() {
        return view! { <p class="listing__none">{say(none)}</p> }.into_any();
    }
    view! { <ul class="records">{all}</ul> }.into_any()
}
