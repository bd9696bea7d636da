//! One run: what happens is decided by a seed, and in the end everyone comes to rest. It does not know what must hold then.

use std::fmt::Write as _;

use fastrand::Rng;
use leptos::prelude::ReadUntracked as _;
use parley_server::credentials::Shown;
use parley_shared::codec::{decode_command, encode_command, encode_event};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};

use crate::bug::Bug;
use crate::page::Page;
use crate::server::{Connection, Server};
use crate::template::Template;
use crate::verdict;

mod steps;

/// The page's clock when a run begins, in milliseconds since 1970.
const BEGIN_MS: u64 = 1_800_000_000_000;
/// Rounds within which everyone must have come to rest.
const ROUNDS_MAX: u32 = 5_000;
/// Of so many runs one has a time in which more is written than waits for a reader.
const FLOODED_ONE_IN: u32 = 50;

/// How much happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Steps that the seed chose.
    pub steps: u64,
    /// Messages that the store has in the end.
    pub messages: u64,
    /// Changes and deletions that were taken.
    pub changes: u64,
    /// Connections that broke.
    pub cuts: u64,
    /// Times that the server began anew.
    pub restarts: u64,
    /// Connections that ended because their reader fell behind, or was somebody else.
    pub ended: u64,
    /// Frames that pages heard.
    pub heard: u64,
}

/// What became of a run.
#[derive(Debug)]
pub struct Outcome {
    /// How much happened.
    pub figures: Figures,
    /// What happened, line by line, where that was wanted.
    pub trace: String,
    /// What must hold and does not.
    pub faults: Vec<String>,
}

/// Plays what a seed decides, and looks whether what must hold does.
///
/// # Errors
/// When the machine fails, and never because of what is looked for.
pub async fn run(
    template: &Template,
    seed: u64,
    bug: Option<Bug>,
    traces: bool,
) -> anyhow::Result<Outcome> {
    let mut play = Play::begin(template, seed, bug, traces).await?;
    let steps = play.chance.u32(40..220);
    for _ in 0..steps {
        play.step().await?;
    }
    let mut faults = Vec::new();
    match play.come_to_rest().await {
        Ok(()) => faults = verdict::faults(&mut play).await?,
        Err(unrest) => faults.push(unrest),
    }
    play.end().await;
    Ok(Outcome {
        figures: play.figures,
        trace: play.trace,
        faults,
    })
}

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
    bug: Option<Bug>,
    chance: Rng,
    now_ms: u64,
    is_flooded: bool,
    traces: bool,
    trace: String,
}

impl<'a> Play<'a> {
    async fn begin(
        template: &'a Template,
        seed: u64,
        bug: Option<Bug>,
        traces: bool,
    ) -> anyhow::Result<Self> {
        let mut chance = Rng::with_seed(seed);
        let mut pages = Vec::new();
        for known in &template.people {
            for device in 0..chance.u8(1..=2) {
                let name = format!("{} {}", known.name, device + 1);
                pages.push(Page::new(name, Some(known.id), Shown::Token(known.token)));
            }
        }
        if chance.bool() {
            pages.push(Page::new("a guest".to_owned(), None, Shown::Nothing));
        }
        Ok(Self {
            template,
            server: Server::start(template).await?,
            pages,
            figures: Figures::default(),
            removed: Vec::new(),
            flood: Vec::new(),
            bug,
            now_ms: BEGIN_MS,
            is_flooded: chance.u32(0..FLOODED_ONE_IN) == 0,
            chance,
            traces,
            trace: String::new(),
        })
    }

    /// Adds a page of someone that was not there before, and says at which place.
    pub(crate) fn add(&mut self, account: Option<UserId>, shown: Shown) -> usize {
        let name = format!("a fresh page of {account:?}");
        self.pages.push(Page::new(name, account, shown));
        self.pages.len() - 1
    }

    fn note(&mut self, what: impl FnOnce(&Self) -> String) {
        if self.traces {
            let line = what(self);
            writeln!(self.trace, "{line}").expect("a text takes what is written to it");
        }
    }

    fn mint(&mut self) -> MessageId {
        mint(self.now_ms, self.chance.u128(..))
    }

    // ---- One thing at a time ----

    /// Lets a page come back.
    pub(crate) async fn connect(&mut self, at: usize) -> Result<(), String> {
        let loses = self.bug == Some(Bug::LostFrames);
        let opened = Connection::open(&self.server, self.pages[at].shown, loses).await;
        let (connection, person) =
            opened.map_err(|refusal| format!("nobody comes in: {refusal}"))?;
        let page = &mut self.pages[at];
        if page.shown == Shown::Nothing {
            page.shown = Shown::Guest(person);
        }
        page.opened(connection);
        if self.bug == Some(Bug::SentAnew) {
            let (now_ms, mut ids) = (self.now_ms, self.chance.fork());
            page.write_anew(now_ms, |ms| mint(ms, ids.u128(..)));
        }
        self.note(|play| format!("{} comes in", play.pages[at].name));
        self.settle().await;
        Ok(())
    }

    /// Hands the next command of a page to the server.
    async fn hand_over(&mut self, at: usize) {
        let page = &mut self.pages[at];
        let Some(said) = page.says.pop_front() else {
            return;
        };
        if let Ok(ClientCommand::Send {
            id, conversation, ..
        }) = decode_command(&said)
        {
            let mut written = page.record.written.iter_mut();
            if let Some(written) = written.find(|w| w.id == id && page.connection.is_some()) {
                written.reached += 1;
            }
            if self.bug == Some(Bug::EarlyAnswer) && self.chance.u8(0..8) == 0 {
                page.hears.push_back(encode_event(&ServerEvent::Accepted {
                    id,
                    conversation,
                    seq: Seq(1),
                    sent_ms: BEGIN_MS,
                }));
                return;
            }
        }
        if let Some(connection) = page.connection.as_mut() {
            connection.hear(&said).await;
        }
        self.note(|play| format!("{} says {said}", play.pages[at].name));
    }

    /// Lets a page hear what came first.
    fn arrive(&mut self, at: usize) {
        if let Some(heard) = self.pages[at].hear(self.now_ms) {
            self.figures.heard += 1;
            self.note(|play| format!("{} hears {heard}", play.pages[at].name));
        }
    }

    /// Waits until the server has done what it was told, and takes what it has to say.
    pub(crate) async fn settle(&mut self) {
        self.server.settle().await;
        for page in &mut self.pages {
            let Some(connection) = page.connection.as_mut() else {
                continue;
            };
            let stands = connection.tend().await;
            take(page);
            if !stands {
                page.connection = None;
                page.is_cut = true;
                self.figures.ended += 1;
            }
        }
        // What they were told of each other since is answered as well.
        self.server.settle().await;
        self.pages.iter_mut().for_each(take);
    }

    // ---- The end ----

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
        let mut has_moved = false;
        for at in 0..self.pages.len() {
            if self.pages[at].is_up {
                continue;
            }
            self.connect(at).await?;
            has_moved = true;
        }
        for at in 0..self.pages.len() {
            while !self.pages[at].hears.is_empty() {
                self.arrive(at);
                has_moved = true;
            }
            if self.pages[at].is_cut {
                self.pages[at].lost(self.now_ms);
                has_moved = true;
            }
            while !self.pages[at].says.is_empty() {
                self.hand_over(at).await;
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
        self.now_ms = self.now_ms.max(wakes_at_ms);
        self.wake();
        Ok(true)
    }

    /// Lets every page whose time has come do what it waited for.
    fn wake(&mut self) {
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
        self.pages[at].act(|sync| sync.open(Some(conversation), now_ms));
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
            self.pages[at].act(parley_client::sync::Sync::load_older);
            self.come_to_rest().await?;
        }
        Ok(())
    }

    async fn end(&mut self) {
        for page in &mut self.pages {
            page.connection = None;
        }
        self.server.settle().await;
        self.server.end().await;
    }

    /// Says something as somebody's program, which has no page.
    async fn program_says(&mut self, person: usize, commands: &[ClientCommand]) {
        let shown = Shown::Token(self.template.people[person].token);
        if let Ok((mut connection, _)) = Connection::open(&self.server, shown, false).await {
            for command in commands {
                connection.hear(&encode_command(command)).await;
            }
            self.server.settle().await;
        }
    }
}

/// An id of this time.
fn mint(ms: u64, chance: u128) -> MessageId {
    let [.., a, b, c, d, e, f, g, h, i, j] = chance.to_be_bytes();
    MessageId::from_time_and_randomness(ms, [a, b, c, d, e, f, g, h, i, j])
}

fn take(page: &mut Page) {
    if let Some(connection) = &page.connection {
        let told = connection.line().frames();
        page.hears
            .extend(told.into_iter().filter(|frame| !is_by_the_clock(frame)));
    }
}

/// Whether a frame comes when the machine's clock says, and not when the seed does: who is there and who types.
fn is_by_the_clock(frame: &str) -> bool {
    ["presence_changed", "typing_changed", "online_changed"]
        .iter()
        .any(|name| frame.starts_with(&format!("{{\"type\":\"{name}\"")))
}

fn text(text: String) -> ChatMessage {
    ChatMessage::Text { text }
}

impl Figures {
    /// Adds those of another run.
    pub fn add(&mut self, other: Self) {
        self.steps += other.steps;
        self.messages += other.messages;
        self.changes += other.changes;
        self.cuts += other.cuts;
        self.restarts += other.restarts;
        self.ended += other.ended;
        self.heard += other.heard;
    }
}
