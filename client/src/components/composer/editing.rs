//! Changing what stands there, in the field where one writes. It does not know what becomes of a change.

use leptos::prelude::*;
use parley_shared::ids::MessageId;
use parley_shared::protocol::ChatMessage;

use super::{Draft, key};
use crate::components::icon::{Drawing, Icon};
use crate::components::when::When;
use crate::dom::{self, pressed};
use crate::state::Chat;
use crate::storage;
use crate::text::{Texts, texts};

impl Draft {
    /// What the button does.
    pub(super) fn send_label(self, texts: &Texts) -> &'static str {
        match self.editing.get() {
            Some(_) => texts.save_edit,
            None => texts.send,
        }
    }

    /// Begins to change the reader's newest message, where nothing is written yet; whether there is one.
    pub(super) fn edit_newest(self, chat: Chat) -> bool {
        let is_empty = self
            .field
            .get_untracked()
            .is_some_and(|field| field.value().is_empty());
        if !is_empty || self.editing.get_untracked().is_some() {
            return false;
        }
        let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id));
        let newest = me.and_then(|me| {
            chat.timeline
                .with_untracked(|timeline| timeline.newest_words_of(me))
        });
        self.editing.set(newest);
        newest.is_some()
    }

    /// Leaves the message as it was; whether one was being changed.
    pub(super) fn leave_editing(self) -> bool {
        let was_editing = self.editing.get_untracked().is_some();
        if was_editing {
            self.editing.set(None);
        }
        was_editing
    }

    /// Puts the words of a message into the field when they are to be changed, and the draft when that is over.
    pub(super) fn follow_editing(self, chat: Chat) {
        Effect::new(move |former: Option<Option<MessageId>>| {
            let editing = self.editing.get();
            let former = former.flatten();
            let (true, Some(field)) = (editing != former, self.field.get_untracked()) else {
                return editing;
            };
            let text = match editing {
                Some(id) => chat
                    .timeline
                    .with_untracked(|timeline| match timeline.body_of(id) {
                        Some(ChatMessage::Text { text }) => Some(text.clone()),
                        _ => None,
                    }),
                None => {
                    let conversation = self.conversation.get_untracked();
                    conversation.and_then(|conversation| storage::read(&key(conversation)))
                }
            };
            field.set_value(&text.unwrap_or_default());
            drop(self.measure());
            if editing.is_some() {
                // Chosen from a menu, which gives the focus back to where it was first.
                request_animation_frame(move || dom::focus(&field));
            }
            editing
        });
        // The field of another conversation changes nothing of this one.
        on_cleanup(move || {
            self.editing.try_set(None);
        });
    }
}

/// Says that a message is being changed, and leads out of it.
pub(super) fn editing_bar(draft: Draft) -> AnyView {
    let texts = texts();
    view! {
        <When holds=move || draft.editing.get().is_some()>
            <div class="composer__bar" data-testid="editing">
                <Icon of=Drawing::Edit />
                <span class="composer__doing" role="status">
                    {move || texts.get().editing}
                </span>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="cancel-editing"
                    aria-label=move || texts.get().cancel_editing
                    title=move || texts.get().cancel_editing
                    on:click=pressed(move || {
                        draft.leave_editing();
                        if let Some(field) = draft.field.get_untracked() {
                            dom::focus(&field);
                        }
                    })
                >
                    <Icon of=Drawing::Close />
                </button>
            </div>
        </When>
    }
    .into_any()
}
