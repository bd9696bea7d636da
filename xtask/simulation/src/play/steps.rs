//! What may happen next. It does not know what came of it.

use parley_shared::limits::MAILBOX_EVENTS_MAX;
use parley_shared::protocol::ClientCommand;

use super::{Play, mint, text};
use crate::bug::Bug;

/// Messages of a flood that are on their way at one time: fewer than a connection may have in flight.
const FLOODED_AT_ONCE: usize = 50;

impl Play<'_> {
    /// Does one thing that the seed chooses, as far as it can be done.
    pub(super) async fn step(&mut self) -> anyhow::Result<()> {
        self.figures.steps += 1;
        // Nobody does two things in the same moment: a page that is loaded anew goes on by the clock.
        self.now_ms += self.chance.u64(10..50);
        let at = self.chance.usize(0..self.pages.len());
        match self.chance.u8(0..100) {
            0..25 => self.some_arrive(at),
            25..45 => self.some_are_handed_over(at).await,
            45..59 => self.write(at),
            59..65 => self.open_another(at),
            65..69 => self.look(at),
            69..72 => self.pages[at].act(parley_client::sync::Sync::load_older),
            72..76 => self.time_passes(),
            76..79 => self.cut(at).await,
            79..86 => self.come_in(at).await,
            86..90 => self.slow_down(at),
            90..91 => self.reload(at).await,
            91..93 => self.seat_or_unseat().await,
            93..96 => self.change(at).await,
            96..98 => self.rush().await,
            98..99 => self.restart().await?,
            _ => self.flood().await,
        }
        self.settle().await;
        Ok(())
    }

    fn some_arrive(&mut self, at: usize) {
        for _ in 0..self.chance.u8(1..=4) {
            self.arrive(at);
        }
        if self.pages[at].hears.is_empty() && self.pages[at].is_cut {
            self.note(|play| format!("{} learns that it is cut off", play.pages[at].name));
            self.pages[at].lost(self.now_ms);
        }
    }

    async fn some_are_handed_over(&mut self, at: usize) {
        for _ in 0..self.chance.u8(1..=4) {
            self.hand_over(at).await;
        }
    }

    fn write(&mut self, at: usize) {
        let number = self.pages[at].record.written.len();
        let text = format!("{}, message {number}", self.pages[at].name);
        let chance = self.chance.u128(..);
        let written = self.pages[at].write(text, self.now_ms, |ms| mint(ms, chance));
        if written.is_some() {
            self.note(|play| format!("{} writes message {number}", play.pages[at].name));
        }
    }

    fn open_another(&mut self, at: usize) {
        let listed = self.pages[at].listed();
        let Some(conversation) = self.chance.choice(listed) else {
            return;
        };
        let now_ms = self.now_ms;
        self.pages[at].act(|sync| sync.open(Some(conversation), now_ms));
        self.note(|play| format!("{} opens {conversation}", play.pages[at].name));
    }

    fn look(&mut self, at: usize) {
        let (now_ms, does) = (self.now_ms, self.chance.bool());
        if self.chance.bool() {
            self.pages[at].act(|sync| sync.set_at_bottom(does, now_ms));
        } else {
            self.pages[at].act(|sync| sync.set_page_visible(does, now_ms));
        }
    }

    fn time_passes(&mut self) {
        self.now_ms += self.chance.u64(1..5_000);
        self.wake();
    }

    /// Breaks a connection: some of what is on its way arrives, and the rest never.
    async fn cut(&mut self, at: usize) {
        if self.pages[at].connection.is_none() {
            return;
        }
        self.figures.cuts += 1;
        for _ in 0..self.chance.usize(0..=self.pages[at].says.len()) {
            self.hand_over(at).await;
        }
        self.settle().await;
        self.break_off(at);
        self.note(|play| format!("{} is cut off", play.pages[at].name));
    }

    fn break_off(&mut self, at: usize) {
        let page = &mut self.pages[at];
        if let Some(connection) = page.connection.take() {
            connection.line().break_off();
        }
        if page.is_up {
            page.is_cut = true;
            page.says.clear();
            page.hears.truncate(self.chance.usize(0..=page.hears.len()));
        }
    }

    async fn come_in(&mut self, at: usize) {
        if !self.pages[at].is_up {
            // The store answers in every run: who is not let in is looked at in the end.
            self.connect(at).await.ok();
        }
    }

    /// A reader takes nothing, or little, or whatever there is.
    fn slow_down(&mut self, at: usize) {
        let room = match self.chance.u8(0..4) {
            0 | 1 => Some(0),
            2 => Some(self.chance.usize(1..2_000)),
            _ => None,
        };
        if let Some(connection) = &self.pages[at].connection {
            connection.line().set_room(room);
            self.note(|play| format!("{} takes {room:?} bytes", play.pages[at].name));
        }
    }

    async fn reload(&mut self, at: usize) {
        self.settle().await;
        self.break_off(at);
        let forgets = self.bug == Some(Bug::ForgottenOutbox);
        self.pages[at].reload(self.now_ms, forgets);
        self.note(|play| format!("{} loads its page anew", play.pages[at].name));
    }

    /// Takes someone out of the group, or back into it.
    async fn seat_or_unseat(&mut self) {
        let nth = self.chance.usize(1..self.template.people.len());
        let person = self.template.people[nth].id;
        let is_in = self.chance.bool();
        let done = self.server.seat(self.template, person, is_in).await;
        if done.is_err() {
            return;
        }
        self.note(|play| {
            format!(
                "{} is in the group: {is_in}",
                play.template.people[nth].name
            )
        });
        if !is_in {
            self.removed.push(person);
        }
    }

    /// Somebody's program changes or deletes something that they wrote.
    async fn change(&mut self, at: usize) {
        let page = &self.pages[at];
        let person = self
            .template
            .people
            .iter()
            .position(|known| page.account == Some(known.id));
        let accepted: Vec<_> = page
            .record
            .accepted
            .iter()
            .map(|(id, at)| (*id, at.0))
            .collect();
        let (Some(person), Some((message, conversation))) = (person, self.chance.choice(accepted))
        else {
            return;
        };
        let id = self.mint();
        let command = if self.chance.u8(0..3) == 0 {
            ClientCommand::Delete {
                id,
                conversation,
                message,
            }
        } else {
            ClientCommand::Edit {
                id,
                conversation,
                message,
                body: text(format!("changed to {}", self.chance.u16(..))),
            }
        };
        self.figures.changes += 1;
        self.note(|_| format!("a program says {command:?}"));
        self.program_says(person, &[command]).await;
    }

    /// All that is on its way to the server comes at once.
    async fn rush(&mut self) {
        self.note(|_| "all come at once".to_owned());
        while self.pages.iter().any(|page| !page.says.is_empty()) {
            for at in 0..self.pages.len() {
                self.hand_over(at).await;
            }
        }
    }

    /// The server begins anew: in order, or as after a crash, when nobody hears what it had to say.
    async fn restart(&mut self) -> anyhow::Result<()> {
        let in_order = self.chance.bool();
        self.note(|_| format!("the server begins anew, in order: {in_order}"));
        if in_order {
            self.server.say_goodbye().await;
        }
        self.settle().await;
        for at in 0..self.pages.len() {
            if in_order {
                let page = &mut self.pages[at];
                page.connection = None;
                page.is_cut |= page.is_up;
                page.says.clear();
            } else {
                self.break_off(at);
            }
        }
        self.figures.restarts += 1;
        self.server.settle().await;
        self.server.end().await;
        self.server.resume().await
    }

    /// More is written to everyone than waits for a reader who takes nothing.
    async fn flood(&mut self) {
        if !std::mem::take(&mut self.is_flooded) {
            return;
        }
        let conversation = self.template.lobby;
        self.note(|_| "a flood begins".to_owned());
        if let Some(connection) = &self.pages[0].connection {
            connection.line().set_room(Some(0));
        }
        let mut left = MAILBOX_EVENTS_MAX + FLOODED_AT_ONCE;
        while left > 0 {
            let mut commands = Vec::new();
            for _ in 0..FLOODED_AT_ONCE.min(left) {
                let id = self.mint();
                self.flood.push(id);
                commands.push(ClientCommand::Send {
                    id,
                    conversation,
                    body: text("so much".to_owned()),
                });
            }
            left -= commands.len();
            self.program_says(0, &commands).await;
            self.settle().await;
        }
    }
}
