//! Where one writes. It does not know what becomes of a message.
//!
//! The field belongs to the browser: nothing is written into it while an input method composes.

use leptos::html;
use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::limits::TEXT_BYTES_MAX;
use parley_shared::protocol::Refusal;

use super::icon::{Drawing, Icon};
use super::said::shown_name;
use super::shell::{Handles, handles};
use super::talk::{has_sign, talk};
use crate::actions::{Actions, actions};
use crate::dom::{self, pressed};
use crate::state::Chat;
use crate::storage;
use crate::text::texts;

mod editing;
mod keys;

use editing::editing_bar;
use keys::on_key;

/// Bytes from which on the reader is told how much room is left.
const COUNTED_FROM: usize = TEXT_BYTES_MAX / 10 * 9;
/// What the field knows of itself.
#[derive(Debug, Clone, Copy)]
struct Draft {
    field: NodeRef<html::Textarea>,
    conversation: ReadSignal<Option<ConversationId>>,
    /// The message whose words stand in the field. They are no draft: that is kept until they are gone.
    editing: RwSignal<Option<MessageId>>,
    is_blank: RwSignal<bool>,
    bytes: RwSignal<usize>,
    problem: RwSignal<Option<Refusal>>,
}

impl Draft {
    /// Takes note of what stands in the field, and keeps it for the next visit; whether someone may be mentioned in it.
    fn note(self) -> bool {
        let Some(text) = self.measure() else {
            return false;
        };
        let has_sign = has_sign(&text);
        if self.editing.get_untracked().is_some() {
            return has_sign;
        }
        if let Some(conversation) = self.conversation.get_untracked() {
            let key = key(conversation);
            if text.is_empty() {
                storage::erase(&key);
            } else {
                storage::write(&key, &text);
            }
        }
        has_sign
    }

    /// Takes note of what stands in the field, and says it.
    fn measure(self) -> Option<String> {
        let field = self.field.get_untracked()?;
        let text = field.value();
        dom::autosize(&field);
        self.is_blank.set(text.trim().is_empty());
        self.bytes.set(text.len());
        self.problem.set(None);
        Some(text)
    }

    /// The reader is someone else than before. What the former took with them goes from the field as well.
    fn follow_reader(self) {
        self.editing.set(None);
        let conversation = self.conversation.get_untracked();
        let kept = conversation.and_then(|conversation| storage::read(&key(conversation)));
        if let Some(field) = self.field.get_untracked().filter(|_| kept.is_none()) {
            field.set_value("");
            self.note();
        }
    }

    /// Sends what stands in the field. It stays there when something is wrong with it.
    fn send(self, actions: Actions, handles: Handles) {
        let Some(field) = self.field.get_untracked() else {
            return;
        };
        if let Some(message) = self.editing.get_untracked() {
            match actions.edit(message, &field.value()) {
                Ok(()) => self.editing.set(None),
                Err(refusal) => self.problem.set(Some(refusal)),
            }
            dom::focus(&field);
            return;
        }
        match actions.send(&field.value()) {
            Ok(()) => {
                field.set_value("");
                self.note();
                if let Some(to_end) = handles.to_end.get_value() {
                    to_end.run(false);
                }
            }
            // Nothing was written: there is nothing to say about it.
            Err(Refusal::TextBlank) => {}
            Err(refusal) => self.problem.set(Some(refusal)),
        }
        dom::focus(&field);
    }

    /// Brings back what was written and not sent there before. `former` is what was shown until now.
    fn bring_back(self, former: Option<ConversationId>) -> Option<ConversationId> {
        let (Some(field), Some(conversation)) = (self.field.get(), self.conversation.get()) else {
            return former;
        };
        if !field.is_connected() {
            // The field of a conversation that is no longer shown; this one's own is about to come.
            return former;
        }
        let kept = storage::read(&key(conversation));
        if former.is_some_and(|former| former != conversation) {
            self.editing.set(None);
            // What stands in the field is kept for the other conversation.
            field.set_value(&kept.unwrap_or_default());
            if !dom::is_touch_first() {
                dom::focus(&field);
            }
        } else if let Some(kept) = kept.filter(|_| field.value().is_empty()) {
            // What the reader typed while the page connected is newer.
            field.set_value(&kept);
        }
        match former {
            None => {
                self.note();
            }
            // Only what is typed is kept: the reader may be about to be someone else.
            Some(_) => drop(self.measure()),
        }
        Some(conversation)
    }
}

fn key(conversation: ConversationId) -> String {
    format!("parley.draft.{conversation}")
}

/// The field where one writes, and its button.
#[component]
pub fn Composer() -> impl IntoView {
    let handles = handles();
    let chat = expect_context::<Chat>();
    let actions = actions();
    let texts = texts();
    let talk = talk();
    let draft = draft(handles);
    let on_key = on_key(
        move || draft.send(actions, handles),
        move || draft.leave_editing(),
        move || draft.edit_newest(chat),
    );
    let composed = on_key.1;
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                draft.send(actions, handles);
            }
        >
            <div class="column">
                {editing_bar(draft)}
                {talk.completion()}
                <div class="composer__field" on:click=pressed(move || handles.focus_composer())>
                    <textarea
                        node_ref=handles.composer
                        id="composer"
                        class="composer__text"
                        data-testid="composer"
                        rows="1"
                        dir="auto"
                        autocomplete="off"
                        enterkeyhint=if dom::is_touch_first() { "enter" } else { "send" }
                        aria-label=move || texts.get().composer_label
                        aria-describedby="composer-count"
                        placeholder=move || {
                            let texts = texts.get();
                            (texts.composer_placeholder)(&shown_name(chat, texts))
                        }
                        on:input=move |_| {
                            if draft.note() {
                                talk.want();
                            }
                            actions.typing();
                        }
                        on:keydown=on_key.0
                        on:compositionend=composed
                    ></textarea>
                    <button
                        type="submit"
                        class="composer__send"
                        data-testid="send"
                        aria-label=move || draft.send_label(texts.get())
                        title=move || draft.send_label(texts.get())
                        aria-disabled=move || draft.is_blank.get().to_string()
                        // The keyboard of a phone stays open: the field keeps the focus.
                        on:pointerdown=|event| event.prevent_default()
                        on:mousedown=|event| event.prevent_default()
                    >
                        {move || match draft.editing.get() {
                            Some(_) => view! { <Icon of=Drawing::Check /> }.into_any(),
                            None => view! { <Icon of=Drawing::Send /> }.into_any(),
                        }}
                    </button>
                    <Count draft />
                </div>
                <p class="composer__hint">{move || texts.get().composer_hint}</p>
            </div>
        </form>
    }
}

/// The field's state, its draft, and what gives it the focus.
fn draft(handles: Handles) -> Draft {
    let chat = expect_context::<Chat>();
    let draft = Draft {
        field: handles.composer,
        conversation: chat.open,
        editing: talk().editing,
        is_blank: RwSignal::new(true),
        bytes: RwSignal::new(0),
        problem: RwSignal::new(None),
    };
    handles.composer.on_load(|field| {
        // On a phone it would open the keyboard over what one came to read.
        if !dom::is_touch_first() {
            dom::focus(&field);
        }
    });
    let me = Memo::new(move |_| chat.me.with(|me| me.as_ref().map(|me| me.id)));
    Effect::new(
        move |former: Option<(Option<UserId>, Option<ConversationId>)>| {
            let me = me.get();
            let (former, shown) = former.unwrap_or_default();
            if former.is_some() && me != former {
                draft.follow_reader();
            }
            (me, draft.bring_back(shown))
        },
    );
    draft.follow_editing(chat);
    dom::on_page_key(move |event| {
        if dom::is_free_to_type(&event) {
            handles.focus_composer();
        }
    });
    draft
}

/// What is wrong with the text, else how much of the room for it is used when that is nearly all.
#[component]
fn Count(draft: Draft) -> impl IntoView {
    let texts = texts();
    let is_counted = move || draft.bytes.get() > COUNTED_FROM;
    let is_wrong =
        move || draft.problem.with(Option::is_some) || draft.bytes.get() > TEXT_BYTES_MAX;
    let said = move || {
        let texts = texts.get();
        match draft.problem.get() {
            Some(refusal) => (texts.refusal)(&refusal),
            None if is_counted() => (texts.text_size)(draft.bytes.get(), TEXT_BYTES_MAX),
            None => String::new(),
        }
    };
    view! {
        <p
            id="composer-count"
            class="composer__count"
            data-testid="composer-count"
            data-tone=move || is_wrong().then_some("danger")
            role="status"
            hidden=move || !is_counted() && !is_wrong()
        >
            {move || said()}
        </p>
    }
}
