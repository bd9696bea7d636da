//! How everyone comes to rest in the end, and what is looked at then. It does not know what must hold.

use leptos::prelude::ReadUntracked as _;
use parley_client::sync::Sync;
use parley_shared::ids::ConversationId;

use super::Play;
use crate::page::Page;

/// Rounds within which everyone must have come to rest.
const ROUNDS_MAX: u32 = 5_000;

impl Play<'_> {
    /// Everyone comes back, and everything that is on its way arrives, until nothing more is.
    pub(crate) async fn come_to_rest(&mut self) -> Result<(), String> {
        for page in &self.pages {
            if let Some(connection) = &page.connection {
                connection.line().set_room(None);
            }
        }
        self.note(|_| "everyone comes to rest".to_owned());
        for _ in 0..ROUNDS_MAX {
            self.settle().await;
            if !self.go_on().await? {
                return Ok(());
            }
        }
        Err(format!("nobody comes to rest within {ROUNDS_MAX} rounds"))
    }

    /// Moves everything one step on. Whether anything moved.
    async fn go_on(&mut self) -> Result<bool, String> {
        let now_ms = self.now_ms;
        let mut has_moved = false;
        for at in 0..self.pages.len() {
            if !self.pages[at].is_up {
                self.connect(at).await?;
                has_moved = true;
            }
        }
        for at in 0..self.pages.len() {
            has_moved |= self.storage_gets_on(at, false);
            has_moved |= self.hear_all(at);
            while self.hand_over_and_settle(at).await {
                has_moved = true;
            }
        }
        if has_moved {
            return Ok(true);
        }
        let wakes = self.pages.iter().filter_map(Page::wakes_at_ms).min();
        let Some(wakes_at_ms) = wakes else {
            return Ok(false);
        };
        self.go_on_by(wakes_at_ms.saturating_sub(now_ms));
        self.wake();
        Ok(true)
    }

    /// Lets a page's browser do what it was asked, and tell what other tabs did. Whether there was anything.
    pub(super) fn storage_gets_on(&mut self, at: usize, steals: bool) -> bool {
        let news = self.pages[at].storage_gets_on(steals, self.now_ms);
        if !news.is_empty() {
            self.note(|play| format!("the browser tells {}: {news:?}", play.pages[at].name));
        }
        !news.is_empty()
    }

    /// Lets a page hear all that is on its way to it, and that it is cut off if it is. Whether there was anything.
    pub(super) fn hear_all(&mut self, at: usize) -> bool {
        let late = std::mem::take(&mut self.pages[at].late);
        self.pages[at].hears.extend(late);
        let has_heard = !self.pages[at].hears.is_empty() || self.pages[at].is_cut;
        while !self.pages[at].hears.is_empty() {
            self.arrive(at);
        }
        if self.pages[at].is_cut {
            self.pages[at].lost(self.now_ms);
        }
        has_heard
    }

    /// Lets every page whose time has come do what it waited for.
    pub(super) fn wake(&mut self) {
        let now_ms = self.now_ms;
        for page in &mut self.pages {
            if page.wakes_at_ms().is_some_and(|at_ms| at_ms <= now_ms) {
                page.act(|sync| sync.due(now_ms));
            }
        }
    }

    /// Has a page show a conversation, and waits until nothing more happens.
    pub(crate) async fn visit(
        &mut self,
        at: usize,
        conversation: ConversationId,
    ) -> Result<(), String> {
        let now_ms = self.now_ms;
        self.pages[at].go_to(Some(conversation), now_ms);
        self.pages[at].act(|sync| sync.set_at_bottom(true, now_ms));
        self.come_to_rest().await
    }

    /// Has a page load all that was said before, as far as it keeps it.
    pub(crate) async fn read_back(&mut self, at: usize) -> Result<(), String> {
        let now_ms = self.now_ms;
        self.pages[at].act(|sync| sync.set_at_bottom(false, now_ms));
        for _ in 0..6 {
            if !self.pages[at].chat.timeline.read_untracked().has_more() {
                break;
            }
            self.pages[at].act(Sync::load_older);
            self.come_to_rest().await?;
        }
        Ok(())
    }
}
