//! What is asked once more before it is done, with words that say what it means. It does not know what it is.

use leptos::html;
use leptos::prelude::*;

use crate::components::account::form::{Label, part, say, words};
use crate::dom;

/// A sentence that follows the reader's language.
pub type Sentence = Box<dyn Fn() -> String + Send + Sync>;

/// Something to be confirmed: a button, and what is said when it is pressed.
pub struct Confirm {
    /// The `data-testid` of the button; that of the one which confirms ends with `-sure`.
    pub test_id: &'static str,
    /// What it does.
    pub label: Label,
    /// How the button looks.
    pub class: &'static str,
    /// What it means.
    pub warning: Sentence,
}

impl std::fmt::Debug for Confirm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.test_id)
    }
}

impl Confirm {
    /// Draws it; `act` is done when it is confirmed.
    pub fn view(self, act: impl Fn() + 'static) -> AnyView {
        let Self {
            test_id,
            label,
            class,
            warning,
        } = self;
        let question = Question {
            test_id,
            label,
            is_asked: RwSignal::new(false),
            opener: NodeRef::new(),
            warning: StoredValue::new(warning),
            act: StoredValue::new_local(Box::new(act)),
        };
        let is_asked = question.is_asked;
        view! {
            <button
                node_ref=question.opener
                type="button"
                class=class
                data-testid=test_id
                aria-expanded=move || is_asked.get().to_string()
                on:click=move |_| is_asked.update(|asked| *asked = !*asked)
            >
                {say(label)}
            </button>
            {part(move || if is_asked.get() { question.view() } else { ().into_any() })}
        }
        .into_any()
    }
}

/// What is said when the button was pressed.
#[derive(Clone, Copy)]
struct Question {
    test_id: &'static str,
    label: Label,
    is_asked: RwSignal<bool>,
    opener: NodeRef<html::Button>,
    warning: StoredValue<Sentence>,
    act: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

impl Question {
    /// The focus goes back to where it came from.
    fn close(self) {
        self.is_asked.set(false);
        if let Some(opener) = self.opener.get_untracked() {
            dom::focus(&opener);
        }
    }

    fn view(self) -> AnyView {
        let Self {
            test_id, warning, ..
        } = self;
        let sure: NodeRef<html::Button> = NodeRef::new();
        Effect::new(move |_| {
            if let Some(sure) = sure.get() {
                dom::focus(&sure);
            }
        });
        view! {
            <div
                class="confirm"
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        event.prevent_default();
                        self.close();
                    }
                }
            >
                <p class="confirm__words" id=format!("{test_id}-warning")>
                    {words(move || warning.with_value(|warning| warning()))}
                </p>
                <div class="confirm__actions">
                    <button
                        node_ref=sure
                        type="button"
                        class="button button--danger"
                        data-testid=format!("{test_id}-sure")
                        aria-describedby=format!("{test_id}-warning")
                        on:click=move |_| {
                            self.close();
                            self.act.with_value(|act| act());
                        }
                    >
                        {say(self.label)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-testid=format!("{test_id}-cancel")
                        on:click=move |_| self.close()
                    >
                        {say(|t| t.cancel)}
                    </button>
                </div>
            </div>
        }
        .into_any()
    }
}
