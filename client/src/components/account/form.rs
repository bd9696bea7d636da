//! A form: it runs one piece of work at a time, and says beside the right field what went wrong. It does not know what is asked.

use std::future::Future;
use std::pin::Pin;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::refusal::Refusal;

use crate::account::Failure;
use crate::dom;
use crate::text::account::AccountTexts;
use crate::text::{Texts, texts};

/// A text of these pages, in the language of the moment.
pub type Label = fn(&'static AccountTexts) -> &'static str;

/// Whether a field is to blame for a refusal.
pub type Blame = fn(&Refusal) -> bool;

/// Blames a field for nothing.
pub const NOTHING: Blame = |_| false;

/// What a form does: it ends with what to say of its success, or with its failure.
type Work = Pin<Box<dyn Future<Output = Result<Option<Label>, Failure>>>>;

/// The text, in the language of the moment.
pub fn say(label: Label) -> impl Fn() -> &'static str + Copy + Send + 'static {
    let texts = texts();
    move || label(&texts.get().account)
}

/// A part that changes. It is drawn through one type, whatever decides what is drawn.
pub fn part(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> AnyView + Send> = Box::new(draw);
    (move || draw()).into_any()
}

/// Words that change, drawn in the same way.
pub fn words(say: impl Fn() -> String + Send + 'static) -> AnyView {
    let say: Box<dyn Fn() -> String + Send> = Box::new(say);
    (move || say()).into_any()
}

/// What is decided anew only when it comes out differently, through one type for each result.
pub fn kept<T: PartialEq + Send + Sync + 'static>(
    decide: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    let decide: Box<dyn Fn() -> T + Send + Sync> = Box::new(decide);
    Memo::new(move |_| decide())
}

/// Says a failure in words.
type InWords = fn(&Failure, &Texts) -> String;

/// A failure in the words that every visitor has anyway, for what the first part of the program asks.
fn in_few_words(failure: &Failure, texts: &Texts) -> String {
    match failure {
        Failure::Refused(refusal) => (texts.refusal)(refusal),
        Failure::NotReached => texts.account.not_reached.to_owned(),
    }
}

/// A failure in words.
pub fn in_words(failure: &Failure, texts: &Texts) -> String {
    match failure {
        Failure::Refused(refusal) => texts.account.refusal(refusal),
        Failure::NotReached => texts.account.not_reached.to_owned(),
    }
}

/// Ends a form's work with a word of its success.
///
/// # Errors
/// Never.
pub fn done(label: Label) -> Result<Option<Label>, Failure> {
    Ok(Some(label))
}

/// How a form stands.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    is_busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    done: RwSignal<Option<Label>>,
    fields: StoredValue<Vec<(&'static str, Blame)>>,
}

impl Form {
    /// A form that nobody sent yet. Made anew wherever one is drawn, and never by default.
    #[expect(
        clippy::new_without_default,
        reason = "a form belongs to whoever draws it"
    )]
    pub fn new() -> Self {
        Self {
            is_busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            done: RwSignal::new(None),
            fields: StoredValue::new(Vec::new()),
        }
    }

    /// Does something, unless something is being done.
    pub fn run(self, work: impl Future<Output = Result<Option<Label>, Failure>> + 'static) {
        self.run_boxed(Box::pin(work));
    }

    fn run_boxed(self, work: Work) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.failure.set(None);
        self.done.set(None);
        spawn_local(async move {
            let ended = work.await;
            // The reader may have left the page meanwhile.
            self.is_busy.try_set(false);
            match ended {
                Ok(done) => {
                    self.done.try_set(done);
                }
                Err(failure) => self.fail(failure),
            }
        });
    }

    /// Says what went wrong, and leads to the field that is to blame.
    pub fn fail(self, failure: Failure) {
        if let Failure::Refused(refusal) = &failure {
            let blamed = self.fields.try_with_value(|fields| {
                let mut fields = fields.iter();
                fields.find(|(_, blame)| blame(refusal)).map(|(id, _)| *id)
            });
            if let Some(id) = blamed.flatten() {
                dom::focus_soon(id);
            }
        }
        self.failure.try_set(Some(failure));
    }

    /// Whether something is being done. Tracked.
    pub fn is_busy(self) -> bool {
        self.is_busy.get()
    }

    /// Takes note of a field and of what it is to blame for.
    pub fn add(self, id: &'static str, blame: Blame) {
        self.fields.update_value(|fields| {
            fields.retain(|(known, _)| *known != id);
            fields.push((id, blame));
        });
    }

    /// Other fields take the place of those that were there.
    pub(super) fn clear(self) {
        self.fields.update_value(Vec::clear);
    }

    /// What is wrong with a field, in words; empty when nothing is. Tracked.
    pub(super) fn wrong_with(self, blame: Blame, texts: &Texts) -> String {
        self.failure.with(|failure| match failure {
            Some(failure @ Failure::Refused(refusal)) if blame(refusal) => in_words(failure, texts),
            _ => String::new(),
        })
    }

    /// The reader changes a field: what was wrong with it is old.
    pub fn touched(self) {
        if self.failure.with_untracked(Option::is_some) {
            self.failure.set(None);
        }
        if self.done.with_untracked(Option::is_some) {
            self.done.set(None);
        }
    }

    /// What is wrong and is no field's fault.
    fn wrong(self, texts: &Texts, in_words: InWords) -> String {
        self.failure.with(|failure| match failure {
            None => String::new(),
            Some(failure @ Failure::Refused(refusal)) => {
                let blames = |fields: &Vec<(&str, Blame)>| fields.iter().any(|(_, b)| b(refusal));
                if self.fields.with_value(blames) {
                    String::new()
                } else {
                    in_words(failure, texts)
                }
            }
            Some(failure) => in_words(failure, texts),
        })
    }

    /// The line that says what went wrong, or that it is done. It is there when it has nothing to say.
    pub fn news(self) -> AnyView {
        self.news_in(in_words)
    }

    /// The same, where few words are enough: see [`in_few_words`].
    pub fn brief_news(self) -> AnyView {
        self.news_in(in_few_words)
    }

    fn news_in(self, in_words: InWords) -> AnyView {
        let texts = texts();
        let wrong = move || self.wrong(texts.get(), in_words);
        let done = move || {
            self.done
                .get()
                .map_or("", |done| done(&texts.get().account))
        };
        view! {
            <div class="form__news">
                <p class="form__wrong" role="alert" data-testid="form-wrong">
                    {wrong}
                </p>
                <p class="form__done" role="status" data-testid="form-done">
                    {done}
                </p>
            </div>
        }
        .into_any()
    }

    /// The form with its fields, its news and the button that sends it.
    pub fn view(
        self,
        test_id: &'static str,
        fields: Vec<AnyView>,
        submit: Label,
        is_danger: bool,
        send: impl Fn() + 'static,
    ) -> AnyView {
        let class = if is_danger {
            "button button--danger button--busy"
        } else {
            "button button--primary button--busy"
        };
        let send: Box<dyn Fn()> = Box::new(send);
        view! {
            <form
                class="form"
                novalidate=true
                data-testid=test_id
                aria-busy=move || self.is_busy().to_string()
                on:submit=move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    if !self.is_busy.get_untracked() {
                        send();
                    }
                }
            >
                {fields}
                {self.news()}
                <div class="form__actions">
                    <button type="submit" class=class aria-disabled=move || self.is_busy().to_string()>
                        <span class="button__words">{say(submit)}</span>
                        <span class="spinner" aria-hidden="true"></span>
                    </button>
                </div>
            </form>
        }
        .into_any()
    }
}

/// A button that does something at once.
pub fn button(
    class: &'static str,
    test_id: &'static str,
    label: Label,
    press: impl Fn() + 'static,
) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    view! {
        <button type="button" class=class data-testid=test_id on:click=move |_| press()>
            {say(label)}
        </button>
    }
    .into_any()
}

/// A button that does something about someone or something; whoever listens hears about whom.
pub fn button_about(
    class: &'static str,
    test_id: &'static str,
    label: Label,
    about: String,
    press: impl Fn() + 'static,
) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    let words = say(label);
    view! {
        <button
            type="button"
            class=class
            data-testid=test_id
            aria-label=move || format!("{}: {about}", words())
            on:click=move |_| press()
        >
            {words}
        </button>
    }
    .into_any()
}

/// A button for what cannot be undone: it asks to be pressed once more.
pub fn sure_button(
    test_id: &'static str,
    label: Label,
    about: String,
    press: impl Fn() + 'static,
) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    let texts = texts();
    let is_asking = RwSignal::new(false);
    let words = move || {
        let texts = &texts.get().account;
        if is_asking.get() {
            texts.sure
        } else {
            label(texts)
        }
    };
    view! {
        <button
            type="button"
            class="button button--danger"
            data-testid=test_id
            aria-label=move || if about.is_empty() { words().to_owned() } else { format!("{}: {about}", words()) }
            on:blur=move |_| is_asking.set(false)
            on:click=move |_| {
                if is_asking.get_untracked() {
                    is_asking.set(false);
                    press();
                } else {
                    is_asking.set(true);
                }
            }
        >
            {words}
        </button>
    }
    .into_any()
}
