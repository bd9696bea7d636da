//! The server of a play, and its end of each connection, moved on one step at a time. It does not know who is at the other end.

use std::sync::Arc;

use futures_util::FutureExt as _;
use parley_server::actions::{callers, groups};
use parley_server::app::App;
use parley_server::clock::Clock;
use parley_server::credentials::Shown;
use parley_server::hub::mailbox::Flushed;
use parley_server::ledger::{Hold, Running};
use parley_server::session::Session;
use parley_shared::api::groups::AddMembers;
use parley_shared::ids::{Stamp, UserId};
use parley_shared::protocol::Refusal;
use tempfile::TempDir;

use crate::line::SlowLine;
use crate::template::{Template, config};

/// A server with its data.
pub(crate) struct Server {
    dir: TempDir,
    clock: Clock,
    up: Option<Up>,
}

struct Up {
    app: App,
    running: Running,
}

impl Server {
    pub(crate) async fn start(template: &Template, clock: Clock) -> anyhow::Result<Self> {
        let mut server = Self {
            dir: template.copy()?,
            clock,
            up: None,
        };
        server.resume().await?;
        Ok(server)
    }

    /// Starts again, over the same data.
    pub(crate) async fn resume(&mut self) -> anyhow::Result<()> {
        let (app, running) = App::open(config(self.dir.path(), self.clock.clone())).await?;
        self.up = Some(Up { app, running });
        Ok(())
    }

    /// Ends. Nobody may hold a connection to it any more.
    pub(crate) async fn end(&mut self) {
        if let Some(Up { app, running }) = self.up.take() {
            drop(app);
            running.end().await;
        }
    }

    /// Takes no further command, and ends every connection after what waits for it.
    pub(crate) async fn say_goodbye(&self) {
        self.app().hub().stop_reading();
        self.settle().await;
        self.app().hub().close_all();
    }

    pub(crate) fn app(&self) -> &App {
        &self.up.as_ref().expect("it was started").app
    }

    fn running(&self) -> &Running {
        &self.up.as_ref().expect("it was started").running
    }

    /// Waits until everything that it was asked is answered.
    pub(crate) async fn look_up(&self) {
        let questions = self.app().connections();
        questions.close();
        questions.wait().await;
        questions.reopen();
    }

    /// Waits until everything that it was told is done, on disk, and laid out for whoever is to hear it.
    pub(crate) async fn settle(&self) {
        self.look_up().await;
        self.running().drain().await;
    }

    /// Has the changes wait that it is told of from now on, until this is dropped. Then they share a transaction.
    pub(crate) async fn hold(&self) -> Hold {
        self.running().hold().await
    }

    /// Has someone take a person into a group, or out of it.
    pub(crate) async fn seat(
        &self,
        template: &Template,
        person: UserId,
        is_in: bool,
    ) -> Result<(), Refusal> {
        let (app, owner) = (self.app(), template.people[0].id);
        let people = vec![person];
        if is_in {
            let ask = AddMembers { people };
            groups::members::add(app, owner, template.group, ask)
                .await
                .map(drop)
        } else {
            groups::members::remove(app, owner, template.group, person)
                .await
                .map(drop)
        }
    }
}

/// The server's end of a connection.
pub(crate) struct Connection {
    session: Session,
    line: Arc<SlowLine>,
}

impl Connection {
    /// Lets someone in, and says who they are: what they show the next time.
    pub(crate) async fn open(
        server: &Server,
        shown: Shown,
        since: Option<Stamp>,
        loses: bool,
    ) -> Result<(Self, UserId), Refusal> {
        let caller = callers::enter(server.app(), shown).await?;
        let person = caller.person();
        let (session, welcome) = Session::open(server.app().clone(), caller, since).await?;
        let line = Arc::new(SlowLine::new(loses));
        session
            .mailbox()
            .open(Arc::<SlowLine>::clone(&line), &[welcome]);
        Ok((Self { session, line }, person))
    }

    /// Whether it takes a further command now.
    pub(crate) fn may_hear(&self) -> bool {
        self.session.may_hear()
    }

    /// Hears a command.
    pub(crate) async fn hear(&mut self, command: &str) {
        self.session.hear(command).await;
    }

    /// Writes what waits, as its task would. Whether the connection goes on.
    pub(crate) async fn tend(&mut self) -> bool {
        let mailbox = Arc::clone(self.session.mailbox());
        match mailbox.flush() {
            Flushed::End(_) | Flushed::Broken => return false,
            // What is cut off ends although something waits for it.
            Flushed::Part if mailbox.cut_off().now_or_never().is_some() => return false,
            Flushed::All | Flushed::Part => {}
        }
        self.session.tend().await;
        true
    }

    pub(crate) fn line(&self) -> &SlowLine {
        &self.line
    }
}
