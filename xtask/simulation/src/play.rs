//! A play: what happens is decided by a seed, and in the end everyone comes to rest. It does not know what must hold then.

use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;
use parley_server::clock::Clock;
use parley_server::credentials::Shown;
use parley_shared::ids::{ConversationId, MessageId, UserId};

use crate::bug::Bug;
use crate::figures::Figures;
use crate::keeping::Keeping;
use crate::page::Page;
use crate::server::Server;
use crate::template::{BEGIN_MS, Template};
use crate::trace::Trace;

mod carry;
mod rest;
mod steps;
mod words;

/// How much happens in a run.
const STEPS: Range<u32> = 60..500;
/// Of so many runs one has a time in which more is written than waits for a reader.
const FLOODED_ONE_IN: u32 = 50;

/// Everyone, and everything that is on its way.
pub(crate) struct Play<'a> {
    pub(crate) template: &'a Template,
    pub(crate) server: Server,
    pub(crate) pages: Vec<Page>,
    pub(crate) figures: Figures,
    /// Who was taken out of the group at some time.
    pub(crate) removed: Vec<UserId>,
    /// The messages of no page.
    pub(crate) flood: Vec<MessageId>,
    pub(crate) trace: Trace,
    bug: Option<Bug>,
    chance: Rng,
    now_ms: u64,
    clock: Clock,
    is_flooded: bool,
}

impl<'a> Play<'a> {
    /// Everyone is there, and nobody has come in.
    pub(crate) async fn begin(
        template: &'a Template,
        seed: u64,
        bug: Option<Bug>,
        traces: bool,
    ) -> anyhow::Result<Self> {
        let mut chance = Rng::with_seed(seed);
        let mut trace = Trace::new(traces);
        template.name_all(&mut trace);
        let mut pages = Vec::new();
        for known in &template.people {
            let (account, shown) = (Some(known.id), Shown::Token(known.token));
            let mut browser = Keeping::new(chance.u8(0..3) == 0);
            for nth in 1..=chance.u8(1..=2) {
                if nth > 1 && chance.bool() {
                    browser = browser.another_tab();
                } else if nth > 1 {
                    browser = Keeping::new(chance.u8(0..3) == 0);
                }
                let name = format!("{} {nth}", known.name);
                let browser = browser.clone();
                pages.push(Page::new(name, account, shown, browser, BEGIN_MS));
            }
        }
        if chance.bool() {
            let browser = Keeping::new(chance.u8(0..3) == 0);
            let name = "a guest".to_owned();
            pages.push(Page::new(name, None, Shown::Nothing, browser, BEGIN_MS));
        }
        let clock = Clock::standing(BEGIN_MS);
        Ok(Self {
            template,
            server: Server::start(template, clock.clone()).await?,
            pages,
            figures: Figures::default(),
            removed: Vec::new(),
            flood: Vec::new(),
            trace,
            bug,
            now_ms: BEGIN_MS,
            clock,
            is_flooded: chance.u32(0..FLOODED_ONE_IN) == 0,
            chance,
        })
    }

    /// Everything happens that the seed chooses.
    pub(crate) async fn act(&mut self) -> anyhow::Result<()> {
        for _ in 0..self.chance.u32(STEPS) {
            self.step().await?;
        }
        Ok(())
    }

    /// Adds a page of someone that was not there before, and says at which place.
    pub(crate) fn add(&mut self, account: Option<UserId>, shown: Shown) -> usize {
        let of = account.map_or("a guest", |id| self.trace.name_of(id).unwrap_or_default());
        let name = format!("a fresh page of {of}");
        let keeping = Keeping::new(false);
        let page = Page::new(name, account, shown, keeping, self.now_ms);
        self.pages.push(page);
        self.pages.len() - 1
    }

    /// The conversations of a page's list, in an order that does not hang on their ids.
    pub(crate) fn listed(&self, at: usize) -> Vec<ConversationId> {
        let mut listed = self.pages[at].listed();
        listed.sort_by_key(|id| self.trace.name_of(id).map(str::to_owned));
        listed
    }

    fn note(&mut self, what: impl FnOnce(&Self) -> String) {
        if self.trace.is_wanted() {
            let line = what(self);
            self.trace.note(&line);
        }
    }

    fn mint(&mut self) -> MessageId {
        mint(self.now_ms, self.chance.u128(..))
    }

    /// Time goes on, for everyone.
    fn go_on_by(&mut self, ms: u64) {
        self.now_ms += ms;
        self.clock.advance(Duration::from_millis(ms));
    }

    /// Everyone goes, and the server stops.
    pub(crate) async fn end(mut self) -> (Figures, String) {
        for page in &mut self.pages {
            page.connection = None;
        }
        self.server.settle().await;
        self.server.end().await;
        (self.figures, self.trace.into_text())
    }
}

/// An id of this time.
fn mint(ms: u64, chance: u128) -> MessageId {
    let [.., a, b, c, d, e, f, g, h, i, j] = chance.to_be_bytes();
    MessageId::from_time_and_randomness(ms, [a, b, c, d, e, f, g, h, i, j])
}
