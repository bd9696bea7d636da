//! What may happen next. It does not know what came of it.

use parley_client::sync::Sync;
use parley_shared::ids::ConversationId;

use super::Play;
use crate::bug::Bug;
use crate::page::Ending;

impl Play<'_> {
    /// Does one thing that the seed chooses, as far as it can be done.
    pub(super) async fn step(&mut self) -> anyhow::Result<()> {
        self.figures.steps += 1;
        // Nobody does two things in the same moment: a page that is loaded anew goes on by the clock.
        let ms = self.chance.u64(10..50);
        self.go_on_by(ms);
        let at = self.chance.usize(0..self.pages.len());
        match self.chance.u8(0..124) {
            0..28 => self.some_arrive(at),
            28..50 => self.some_are_handed_over(at).await,
            50..62 => self.write(at),
            62..68 => self.open_another(at),
            68..72 => self.look(at),
            72..74 => self.pages[at].act(Sync::load_older),
            74..78 => self.time_passes(),
            78..80 => self.cut(at).await,
            80..87 => self.someone_comes_in().await,
            87..90 => self.slow_down(at),
            90..92 => self.reload(at).await,
            92..94 => self.seat_or_unseat().await,
            94..96 => self.program_changes(at).await,
            96..99 => self.rush().await,
            99..100 => self.restart().await?,
            100..101 => self.flood().await,
            101..106 => self.change(at),
            106..109 => self.pages[at].ping(),
            109..112 => self.mark(at),
            112..116 => self.pages[at].save(),
            116..118 => self.calm_down().await,
            _ => {
                let steals = self.chance.u8(0..4) == 0;
                self.storage_gets_on(at, steals);
            }
        }
        self.settle().await;
        Ok(())
    }

    fn some_arrive(&mut self, at: usize) {
        if self.chance.bool() {
            let late = std::mem::take(&mut self.pages[at].late);
            self.pages[at].hears.extend(late);
        }
        for _ in 0..self.chance.u8(1..=4) {
            self.arrive(at);
        }
        if self.pages[at].hears.is_empty() && self.pages[at].is_cut {
            self.note(|play| format!("{} learns that it is cut off", play.pages[at].name));
            self.pages[at].lost(self.now_ms);
        }
    }

    /// The next commands of a page come to the server, one after the other or so close that their changes share a
    /// transaction.
    async fn some_are_handed_over(&mut self, at: usize) {
        let count = self.chance.u8(1..=4);
        if self.chance.bool() {
            let _hold = self.server.hold().await;
            for _ in 0..count {
                self.hand_over(at).await;
            }
        } else {
            for _ in 0..count {
                self.hand_over_and_settle(at).await;
            }
        }
    }

    /// One of the conversations of a page's list.
    pub(super) fn choose_listed(&mut self, at: usize) -> Option<ConversationId> {
        let listed = self.listed(at);
        self.chance.choice(listed)
    }

    fn open_another(&mut self, at: usize) {
        let Some(conversation) = self.choose_listed(at) else {
            return;
        };
        let is_lobby = conversation == self.template.lobby;
        let address = (!is_lobby || self.chance.bool()).then_some(conversation);
        self.note(|play| format!("{} opens {conversation}", play.pages[at].name));
        self.pages[at].go_to(address, self.now_ms);
    }

    fn look(&mut self, at: usize) {
        let (now_ms, does) = (self.now_ms, self.chance.bool());
        let is_about_page = self.chance.bool();
        self.note(|play| {
            let name = &play.pages[at].name;
            match is_about_page {
                true => format!("{name} is in view: {does}"),
                false => format!("{name} is at its bottom: {does}"),
            }
        });
        self.pages[at].act(|sync| match is_about_page {
            true => sync.set_page_visible(does, now_ms),
            false => sync.set_at_bottom(does, now_ms),
        });
    }

    fn time_passes(&mut self) {
        let ms = self.chance.u64(1..5_000);
        self.go_on_by(ms);
        self.wake();
    }

    /// Breaks a connection: some of what is on its way arrives, and the rest never.
    async fn cut(&mut self, at: usize) {
        if self.pages[at].connection.is_none() {
            return;
        }
        self.figures.cuts += 1;
        for _ in 0..self.chance.usize(0..=self.pages[at].says.len()) {
            self.hand_over_and_settle(at).await;
        }
        self.break_off(at);
        self.note(|play| format!("{} is cut off", play.pages[at].name));
    }

    fn break_off(&mut self, at: usize) {
        let page = &mut self.pages[at];
        if let Some(connection) = page.connection.take() {
            connection.line().break_off();
        }
        page.late.clear();
        if page.is_up {
            page.is_cut = true;
            page.says.clear();
            page.hears.truncate(self.chance.usize(0..=page.hears.len()));
        }
    }

    /// One of those who are not there, if anybody is not.
    async fn someone_comes_in(&mut self) {
        let away = (0..self.pages.len()).filter(|at| !self.pages[*at].is_up);
        let away: Vec<usize> = away.collect();
        if let Some(at) = self.chance.choice(away) {
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
        self.figures.reloads += 1;
        let is_told = self.chance.bool();
        let torn = match is_told {
            true => 0,
            false => self.chance.usize(0..=self.pages[at].saved_lately()),
        };
        let ending = Ending {
            is_told,
            torn,
            forgets: self.bug == Some(Bug::ForgottenOutbox),
        };
        self.note(|play| format!("{} loads its page anew: {ending:?}", play.pages[at].name));
        self.break_off(at);
        self.pages[at].reload(self.now_ms, ending);
    }

    /// All that is on its way to the server comes at once.
    async fn rush(&mut self) {
        self.note(|_| "all come at once".to_owned());
        let _hold = self.server.hold().await;
        let mut has_more = true;
        while has_more {
            has_more = false;
            for at in 0..self.pages.len() {
                has_more |= self.hand_over(at).await;
            }
        }
    }

    /// For a while nothing is in the way of those who are there.
    async fn calm_down(&mut self) {
        self.note(|_| "all is calm".to_owned());
        for _ in 0..self.chance.u8(1..8) {
            for at in 0..self.pages.len() {
                self.hear_all(at);
                while self.hand_over_and_settle(at).await {}
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
                page.late.clear();
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
}
