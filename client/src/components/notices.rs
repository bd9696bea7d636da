//! Short notices over the page that go by themselves. They do not know what caused them.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Drawing, Icon};
use crate::actions::actions;
use crate::dom::pressed;
use crate::state::{Chat, Notice};
use crate::text::texts;

/// Long enough to read two lines slowly.
const SHOWN_FOR: Duration = Duration::from_secs(7);

/// The notice of the moment, if there is one.
#[component]
pub fn Notices() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let texts = texts();
    let (is_held, set_held) = signal(false);
    Effect::new(move |_| {
        // A notice stays while the pointer or the focus is on it.
        if chat.notice.get().is_some() && !is_held.get() {
            let gone = set_timeout_with_handle(move || actions.dismiss_notice(), SHOWN_FOR);
            on_cleanup(move || {
                if let Ok(gone) = gone {
                    gone.clear();
                }
            });
        }
    });
    let shown = move |notice: Notice| {
        let (tone, drawing) = match notice {
            Notice::Renamed => ("good", Drawing::Check),
            Notice::Refused(_) | Notice::OutboxFull => ("danger", Drawing::Alert),
        };
        let said = move || match &notice {
            Notice::Refused(refusal) => (texts.get().refusal)(refusal),
            Notice::Renamed => texts.get().renamed.to_owned(),
            Notice::OutboxFull => texts.get().outbox_full.to_owned(),
        };
        view! {
            <div
                class="notice"
                data-testid="notice"
                data-tone=tone
                on:pointerenter=move |_| set_held.set(true)
                on:pointerleave=move |_| set_held.set(false)
                on:focusin=move |_| set_held.set(true)
                on:focusout=move |_| set_held.set(false)
            >
                <Icon of=drawing />
                <span class="notice__text">{move || said()}</span>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=move || texts.get().close
                    on:click=pressed(move || {
                        set_held.set(false);
                        actions.dismiss_notice();
                    })
                >
                    <Icon of=Drawing::Close />
                </button>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="notices" role="status">
            {move || chat.notice.get().map(shown)}
        </div>
    }
}
