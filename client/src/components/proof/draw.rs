//! The proof of what is shown as a chunk of its own, and what is said when it fails: hashing is not needed to read and write.
//! With it comes what keeps the page's knowledge for the next visit.
//! It does not know how a history is proven.

use std::time::Duration;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::limits::{PROOF_AFTER_MS, PROOF_INTERVAL_MS, REQUEST_TIMEOUT_MS};
use parley_shared::timeline::Timeline;
use parley_shared::witness::{Doubt, Finding};

use super::Memory;
use super::witnesses::Witnesses;
use crate::actions::{Actions, actions};
use crate::clock::now_ms;
use crate::components::account::form::part;
use crate::components::chunk::chunk;
use crate::components::icon::{Drawing, Icon};
use crate::components::said::name_now;
use crate::dates;
use crate::dom::{found, pressed};
use crate::route::Route;
use crate::state::{Chat, Link};
use crate::text::proof::ProofTexts;
use crate::text::{Texts, texts};

chunk! {
    /// Fetches what proves.
    pub(super) fn proven() -> fn(Route) in proof { draw }
}

/// What was found, and where.
type Found = Option<(ConversationId, Vec<Finding>)>;

#[derive(Clone, Copy)]
struct Desk {
    chat: Chat,
    actions: Actions,
    witnesses: StoredValue<Witnesses, LocalStorage>,
    /// Whether a look is to be taken already.
    is_due: StoredValue<bool>,
    found: RwSignal<Found>,
}

fn draw(_: Route) -> AnyView {
    let chat = expect_context::<Chat>();
    let Memory(memory) = expect_context::<Memory>();
    let known = memory.try_update_value(Option::take).flatten();
    let known = known.and_then(|known| known.downcast::<Witnesses>().ok());
    let desk = Desk {
        chat,
        actions: actions(),
        witnesses: StoredValue::new_local(known.map(|known| *known).unwrap_or_default()),
        is_due: StoredValue::new(false),
        found: RwSignal::new(None),
    };
    on_cleanup(move || {
        let known = desk.witnesses.try_update_value(std::mem::take);
        memory.try_update_value(|memory| {
            *memory = known.map(|known| Box::new(known) as Box<dyn std::any::Any>);
        });
    });
    desk.actions.keep_for_next_visit();
    desk.watch();
    banner(desk)
}

impl Desk {
    /// Looks whenever there is something new to see, and not at once.
    fn watch(self) {
        let chat = self.chat;
        Effect::new(move |_| {
            if chat.link.get() == Link::Live {
                self.with(|witnesses| {
                    witnesses.serve(chat.me.with_untracked(|me| me.as_ref().map(|me| me.id)));
                    witnesses.reconnected();
                });
            }
        });
        Effect::new(move |_| {
            let _something = (chat.open.get(), chat.link.get());
            chat.timeline.track();
            self.say_found();
            self.look_after(PROOF_AFTER_MS);
        });
        Effect::new(move |_| {
            if let Some(told) = chat.evidence.get() {
                // It may have been told before this was there, and is held against what an earlier visit kept.
                if let Some(open) = chat.open.get_untracked() {
                    self.go_on(open);
                }
                let reads_all = self.actions.reads_all();
                self.with(|witnesses| witnesses.take(told, reads_all, now_ms()));
                self.look_after(PROOF_INTERVAL_MS);
            }
        });
    }

    fn with(self, act: impl FnOnce(&mut Witnesses)) {
        self.witnesses.try_update_value(act);
    }

    fn look_after(self, delay_ms: u64) {
        if self
            .is_due
            .try_update_value(|is_due| std::mem::replace(is_due, true))
            != Some(false)
        {
            return;
        }
        let look = move || {
            if self
                .is_due
                .try_update_value(|is_due| *is_due = false)
                .is_some()
            {
                self.look();
            }
        };
        set_timeout(look, Duration::from_millis(delay_ms));
    }

    fn look(self) {
        let chat = self.chat;
        let Some(open) = chat.open.get_untracked() else {
            return;
        };
        if chat.link.get_untracked() != Link::Live {
            return;
        }
        self.go_on(open);
        let reads_all = self.actions.reads_all();
        let after = self.witnesses.try_update_value(|witnesses| {
            let look = |window: &_| witnesses.look(open, window, reads_all, now_ms());
            chat.timeline.with_untracked(look)
        });
        if let Some(after) = after.flatten() {
            self.actions.ask_entries(open, after);
            // An answer that does not come is asked for again.
            self.look_after(u64::from(REQUEST_TIMEOUT_MS));
            self.is_due.try_update_value(|is_due| *is_due = false);
        } else if self.is_proven(open) {
            let wants = self
                .witnesses
                .try_update_value(|all| all.wants_newest(open));
            if wants == Some(true) {
                self.actions.ask_newest(open);
            }
            self.keep(open);
        }
        self.say_found();
    }

    /// Whether the witness has come as far as the window.
    fn is_proven(self, open: ConversationId) -> bool {
        let through = self.chat.timeline.with_untracked(Timeline::through);
        let proven = self.witnesses.try_with_value(|all| all.through(open));
        through > Seq::ZERO && proven.is_some_and(|proven| proven >= through)
    }

    /// Goes on from what an earlier visit kept.
    fn go_on(self, open: ConversationId) {
        let is_new = self.witnesses.try_with_value(|all| all.is_new(open));
        if is_new == Some(true)
            && let Some(kept) = self.actions.proof(open)
        {
            self.with(|witnesses| witnesses.go_on(open, &kept));
        }
    }

    fn keep(self, open: ConversationId) {
        let text = self
            .witnesses
            .try_update_value(|all| all.what_to_keep(open));
        if let Some(text) = text.flatten() {
            self.actions.keep_proof(open, text);
        }
    }

    /// Shows what was found in the conversation that is shown.
    fn say_found(self) {
        let Some(open) = self.chat.open.get_untracked() else {
            return;
        };
        let findings = self.witnesses.try_with_value(|all| all.findings(open));
        let findings = findings.unwrap_or_default();
        let doubted: Vec<MessageId> = findings
            .iter()
            .filter(|finding| !matches!(finding.doubt, Doubt::Missing | Doubt::Cut))
            .filter_map(|finding| finding.message)
            .collect();
        self.actions.doubt(doubted);
        let found = Some((open, findings));
        if self.found.with_untracked(|before| *before != found) {
            self.found.set(found);
        }
    }

    fn dismiss(self) {
        if let Some(open) = self.chat.open.get_untracked() {
            self.with(|witnesses| witnesses.dismiss(open));
            self.keep(open);
            self.say_found();
        }
    }
}

/// What was found and the reader has not seen yet, above the log.
fn banner(desk: Desk) -> AnyView {
    let chat = desk.chat;
    let news = Memo::new(move |_| -> Vec<Finding> {
        let open = chat.open.get();
        desk.found.with(|found| match found {
            Some((conversation, findings)) if Some(*conversation) == open => {
                let news = findings.iter().filter(|finding| !finding.dismissed);
                news.cloned().collect()
            }
            _ => Vec::new(),
        })
    });
    view! {
        <div role="alert">
            {part(move || {
                let mut news = news.get().into_iter();
                match news.next() {
                    Some(first) => say(desk, first, news.len()),
                    None => ().into_any(),
                }
            })}
        </div>
    }
    .into_any()
}

fn say(desk: Desk, finding: Finding, more: usize) -> AnyView {
    let chat = desk.chat;
    let texts = texts();
    let target = Memo::new({
        let finding = finding.clone();
        move |_| shown_at(chat, &finding)
    });
    let text = move || {
        let texts = texts.get();
        let said = texts.proof();
        let mut text = what_is_wrong(chat, &finding, texts, said);
        let since = match finding.right_ms {
            Some(right_ms) => (said.right_at)(&dates::exact(right_ms, texts)),
            None => (said.found_at)(&dates::exact(finding.found_ms, texts)),
        };
        text.push(' ');
        text.push_str(&since);
        if more > 0 {
            text.push(' ');
            text.push_str(&(said.more)(more));
        }
        text
    };
    let show = move || {
        if let Some(id) = target.get_untracked() {
            found::show_in_log(&id.to_string());
        }
    };
    view! {
        <div class="link-banner doubt" data-testid="doubt">
            <Icon of=Drawing::Alert />
            <span class="link-banner__text">{move || text()}</span>
            {part(move || match target.get() {
                Some(_) => {
                    view! {
                        <button
                            type="button"
                            class="link-banner__action"
                            data-testid="doubt-show"
                            on:click=pressed(show)
                        >
                            {move || texts.get().proof().show}
                        </button>
                    }
                        .into_any()
                }
                None => ().into_any(),
            })}
            <button
                type="button"
                class="icon-button"
                data-testid="doubt-dismiss"
                aria-label=move || texts.get().close
                title=move || texts.get().close
                on:click=pressed(move || desk.dismiss())
            >
                <Icon of=Drawing::Close />
            </button>
        </div>
    }
    .into_any()
}

/// The message of the window that it is about, or that stands next to where it is.
fn shown_at(chat: Chat, finding: &Finding) -> Option<MessageId> {
    chat.timeline.with(|timeline| {
        let named = finding.message.and_then(|id| timeline.message(id));
        let at = named.or_else(|| timeline.at(finding.place));
        let near = || timeline.messages().find(|it| it.seq > finding.place);
        let last = || timeline.messages().next_back();
        let is_within = finding.place >= timeline.start();
        at.or_else(|| is_within.then(near).flatten())
            .or_else(|| is_within.then(last).flatten())
            .map(|message| message.id)
    })
}

fn what_is_wrong(chat: Chat, finding: &Finding, texts: &Texts, said: &ProofTexts) -> String {
    let who = finding.author.map(|author| name_now(chat, author, texts));
    let when = finding.at_ms.map(|at_ms| dates::exact(at_ms, texts));
    let (Some(who), Some(when)) = (who, when) else {
        return match finding.doubt {
            Doubt::Cut => (said.cut)(finding.also + 1),
            Doubt::Rewritten => said.rewritten_somewhere.to_owned(),
            Doubt::Altered | Doubt::Missing | Doubt::Foreign => said.missing_something.to_owned(),
        };
    };
    match finding.doubt {
        Doubt::Altered => (said.altered)(&who, &when),
        Doubt::Missing => (said.missing)(&who, &when),
        Doubt::Foreign => (said.foreign)(&who, &when),
        Doubt::Rewritten => (said.rewritten)(&who, &when),
        Doubt::Cut => (said.cut)(finding.also + 1),
    }
}
