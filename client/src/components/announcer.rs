//! Says new messages of others to those who listen to the page. It does not know what is seen of them.
//!
//! The log itself is silent: a screen reader would read a page of history aloud when it is loaded.

use leptos::prelude::*;
use parley_shared::ids::{MessageId, Seq};
use parley_shared::protocol::ChatMessage;

use super::said::said_by;
use crate::state::Chat;
use crate::text::texts;

/// Messages that are read out one by one; more are only counted.
const READ_OUT_MAX: usize = 3;

/// What was said last, and up to which place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Announcement {
    through: Seq,
    said: String,
    /// The messages that were read out.
    of: Vec<MessageId>,
}

/// The live region.
#[component]
pub fn Announcer() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let announcement = Memo::new(move |last: Option<&Option<Announcement>>| {
        let texts = texts.get();
        let me = chat.me.with(|me| me.as_ref().map(|me| me.id));
        chat.timeline.with(|timeline| {
            if !timeline.is_loaded() {
                return None;
            }
            let newest = timeline.messages().next_back();
            let newest = newest.map_or(Seq::ZERO, |message| message.seq);
            let Some(Some(last)) = last else {
                // The first page is history.
                return Some(Announcement {
                    through: newest,
                    said: String::new(),
                    of: Vec::new(),
                });
            };
            if newest <= last.through {
                let is_erased = |id: &MessageId| {
                    matches!(timeline.body_of(*id), Some(ChatMessage::Deleted { .. }))
                };
                let mut last = last.clone();
                if last.of.iter().any(is_erased) {
                    // What is erased is not left standing here, where nobody sees it.
                    last.said.clear();
                    last.of.clear();
                }
                return Some(last);
            }
            let new = timeline
                .messages()
                .rev()
                .take_while(|message| message.seq > last.through)
                .filter(|message| Some(message.author) != me);
            let count = new.clone().count();
            let of = new.clone().map(|message| message.id).collect();
            let said = if count > READ_OUT_MAX {
                (texts.many_said)(count)
            } else {
                let mut said: Vec<String> = new
                    .map(|message| untrack(|| said_by(chat, &message.body, message.author, texts)))
                    .collect();
                said.reverse();
                said.join("\n")
            };
            Some(Announcement {
                through: newest,
                said,
                of,
            })
        })
    });
    view! {
        <div class="heard-only" role="status" aria-live="polite" data-testid="announcer">
            {move || announcement.get().map(|announcement| announcement.said)}
        </div>
    }
}
