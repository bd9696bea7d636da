//! The data that every run begins with: three people who may write to each other, a group, two talks of two. It does not know
//! what becomes of it.

use std::path::Path;

use anyhow::anyhow;
use parley_server::account::secret::{self, Hash};
use parley_server::actions::{accounts, callers, direct, groups, server, tokens};
use parley_server::app::App;
use parley_server::clock::Clock;
use parley_server::config::{Config, LogFormat};
use parley_server::credentials::Shown;
use parley_server::store::FILE;
use parley_server::store::conversations::lobby_seats;
use parley_shared::api::account::Register;
use parley_shared::api::groups::MakeGroup;
use parley_shared::api::program::MakeToken;
use parley_shared::api::server::{ContactPolicy, Policy, Registration};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Scope;
use parley_shared::protocol::Refusal;
use tempfile::TempDir;

use crate::trace::Trace;

/// The clock of pages and server when a run begins, in milliseconds since 1970.
pub(crate) const BEGIN_MS: u64 = 1_800_000_000_000;
/// Their user names. The first owns the server and the group.
const NAMES: [&str; 3] = ["ana", "bo", "cy"];
/// The conversations that there are, as a trace calls them.
const TALKS: [&str; 4] = ["the Lobby", "the group", "ana with bo", "bo with cy"];

/// Someone with an account, and what they show to come in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) id: UserId,
    pub(crate) token: Hash,
}

/// A data directory to begin with.
#[derive(Debug)]
pub struct Template {
    dir: TempDir,
    pub(crate) people: Vec<Known>,
    pub(crate) lobby: ConversationId,
    pub(crate) group: ConversationId,
    /// What people call people and conversations here.
    names: Vec<(String, String)>,
}

impl Template {
    /// Makes it, as a server would.
    ///
    /// # Errors
    /// When there is no room for it.
    pub async fn make() -> anyhow::Result<Self> {
        let dir = scratch()?;
        let (app, running) = App::open(config(dir.path(), Clock::standing(BEGIN_MS))).await?;
        let made = fill(&app).await;
        drop(app);
        running.end().await;
        let (people, talks) = made.map_err(|refusal| anyhow!("{refusal}"))?;
        let [lobby, group, ..] = talks;
        let known = people
            .iter()
            .map(|known| (known.id.to_string(), known.name));
        let ids = talks.iter().map(ToString::to_string);
        let names = known.chain(ids.zip(TALKS));
        let names = names.map(|(id, name)| (id, name.to_owned())).collect();
        Ok(Self {
            dir,
            people,
            lobby,
            group,
            names,
        })
    }

    /// Tells a trace how everyone and everything is called.
    pub(crate) fn name_all(&self, trace: &mut Trace) {
        for (id, name) in &self.names {
            trace.name(id, name);
        }
    }

    /// A copy of it, of which a run does what it wants.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(crate) fn copy(&self) -> anyhow::Result<TempDir> {
        let dir = scratch()?;
        std::fs::copy(self.dir.path().join(FILE), dir.path().join(FILE))?;
        Ok(dir)
    }
}

async fn fill(app: &App) -> Result<(Vec<Known>, [ConversationId; TALKS.len()]), Refusal> {
    let mut people = Vec::new();
    for name in NAMES {
        let known = enter(app, name).await?;
        people.push(known);
        if let [owner] = people[..] {
            let policy = Policy {
                registration: Registration::Open,
                guests: true,
                contact: ContactPolicy::Team,
            };
            server::set_policy(app, owner.id, policy).await?;
        }
    }
    let others = people.iter().skip(1).map(|known| known.id).collect();
    let ask = MakeGroup {
        name: "Rowers".to_owned(),
        about: String::new(),
        public: false,
        people: others,
    };
    let group = groups::make(app, people[0].id, ask).await?.id;
    let mut twos = [group; 2];
    for (nth, of_two) in twos.iter_mut().enumerate() {
        let caller = callers::enter(app, Shown::Token(people[nth].token)).await?;
        *of_two = direct::open(app, &caller, people[nth + 1].id).await?.id;
    }
    let lobby = app
        .store()
        .read(|connection| lobby_seats(connection, UserId::from_bytes([1; 16])));
    let lobby = lobby.await.map_err(|_| Refusal::Unavailable)?;
    let lobby = lobby.first().ok_or(Refusal::NotFound)?.conversation();
    let [first, second] = twos;
    Ok((people, [lobby, group, first, second]))
}

async fn enter(app: &App, name: &'static str) -> Result<Known, Refusal> {
    let ask = Register {
        user_name: name.to_owned(),
        password: "correct horse battery".into(),
        email: None,
        name: None,
        invitation: None,
    };
    let id = accounts::register(app, None, String::new(), ask)
        .await?
        .person;
    let ask = MakeToken {
        name: "play".to_owned(),
        scope: Scope::Write,
        expires_ms: None,
    };
    let made = tokens::make(app, id, ask).await?;
    Ok(Known {
        name,
        id,
        token: secret::hash(&made.secret.0),
    })
}

/// A folder in memory where there is one: a run tests no disk, and would wait for it with each commit.
fn scratch() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
}

/// The settings of a server that nobody is too fast for: how fast someone is hangs on the machine, and not on the seed.
pub(crate) fn config(data_dir: &Path, clock: Clock) -> Config {
    Config {
        listen: "127.0.0.1:0".to_owned(),
        data_dir: data_dir.to_owned(),
        allowed_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        max_connections: 100,
        max_connections_per_address: 0,
        messages_per_second: 0,
        smtp_url: None,
        mail_from: None,
        public_url: None,
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
        clock,
    }
}
