//! What is asked once more before it is done, with words that say what it means. It does not know what it is.

use leptos::html;
use leptos::prelude::*;

use crate::components::account::form::{Label, part, say, words};
use crate::dom;

/// Something to be confirmed: a button, and what is said when it is pressed.
pub struct Confirm {
    /// The `data-testid` of the button; that of the one which confirms ends with `-sure`.
    pub test_id: &'static str,
    /// What it does.
    pub label: Label,
    /// How the button looks.
    pub class: &'static str,
    /// What it means.
    pub warning: Box<dyn Fn() -> String + Send + Sync>,
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
        let is_asking = RwSignal::new(false);
        let opener: NodeRef<html::Button> = NodeRef::new();
        let warning = StoredValue::new(warning);
        let act: StoredValue<Box<dyn Fn()>, LocalStorage> = StoredValue::new_local(Box::new(act));
        let close = move || {
            is_asking.set(false);
            if let Some(opener) = opener.get_untracked() {
                dom::focus(&opener);
            }
        };
        let question = move || {
            let sure: NodeRef<html::Button> = NodeRef::new();
            Effect::new(move |_| {
                if let Some(sure) = sure.get() {
                    dom::focus(&sure);
                }
            });
            view! {
                <div
                    class="confirm"
                    role="group"
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            event.prevent_default();
                            close();
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
                                close();
                                act.with_value(|act| act());
                            }
                        >
                            {say(label)}
                        </button>
                        <button
                            type="button"
                            class="button"
                            data-testid=format!("{test_id}-cancel")
                            on:click=move |_| close()
                        >
                            {say(|t| t.groups.cancel)}
                        </button>
                    </div>
                </div>
            }
            .into_any()
        };
        view! {
            <button
                node_ref=opener
                type="button"
                class=class
                data-testid=test_id
                aria-expanded=move || is_asking.get().to_string()
                on:click=move |_| is_asking.update(|asking| *asking = !*asking)
            >
                {say(label)}
            </button>
            {part(move || if is_asking.get() { question() } else { ().into_any() })}
        }
        .into_any()
    }
}
