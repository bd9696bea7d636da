//! What travels between pages and server, one thing at a time. It does not know what is said.

use parley_server::credentials::Shown;
use parley_shared::codec::{decode_command, encode_command, encode_event};
use parley_shared::ids::{MessageId, Seq};
use parley_shared::protocol::{ClientCommand, ServerEvent};

use super::{Play, mint};
use crate::bug::Bug;
use crate::page::Page;
use crate::server::Connection;
use crate::template::BEGIN_MS;

impl Play<'_> {
    /// Lets a page come back.
    pub(crate) async fn connect(&mut self, at: usize) -> Result<(), String> {
        let loses = self.bug == Some(Bug::LostFrames);
        let page = &self.pages[at];
        let opened = Connection::open(&self.server, page.shown, page.since(), loses).await;
        let (connection, person) =
            opened.map_err(|refusal| format!("nobody comes in: {refusal}"))?;
        let page = &mut self.pages[at];
        if page.shown == Shown::Nothing {
            page.shown = Shown::Guest(person);
            self.trace.name(person, "a guest");
        }
        self.note(|play| {
            let Page { name, .. } = &play.pages[at];
            format!("{name} comes in, and knows {:?}", play.pages[at].since())
        });
        let page = &mut self.pages[at];
        page.opened(connection);
        if self.bug == Some(Bug::SentAnew) {
            let (now_ms, mut ids) = (self.now_ms, self.chance.fork());
            page.write_anew(now_ms, |ms| mint(ms, ids.u128(..)));
        }
        self.settle().await;
        Ok(())
    }

    /// Hands the next command of a page to the server, which looks up at once what it is asked. Whether it took one.
    pub(super) async fn hand_over(&mut self, at: usize) -> bool {
        let page = &mut self.pages[at];
        let Some(said) = page.says.pop_front() else {
            return false;
        };
        let Some(connection) = page.connection.as_mut() else {
            return true;
        };
        if !connection.may_hear() {
            page.says.push_front(said);
            return false;
        }
        let mut is_kept_back = false;
        let mut is_new = None;
        if let Some((id, answer)) = answered_early(&said) {
            is_new = Some(id);
            if self.bug == Some(Bug::EarlyAnswer) && self.chance.u8(0..8) == 0 {
                page.hears.push_back(answer);
                is_kept_back = true;
            }
        }
        if !is_kept_back {
            connection.hear(&said).await;
            self.server.look_up().await;
            // Only the answer was told meanwhile: whatever changes is told when the ledger has done it.
            self.take(at, asks_for_one(&said));
        }
        // Another tab may have written it.
        let all = self.pages.iter_mut().flat_map(|p| &mut p.record.written);
        if let Some(written) = all.into_iter().find(|written| Some(written.id) == is_new) {
            written.reached += 1;
        }
        if self.trace.is_wanted() {
            self.trace.note_frame(&self.pages[at].name, "says", &said);
        }
        true
    }

    /// Hands over the next command of a page, and waits until all that follows from it is done.
    pub(super) async fn hand_over_and_settle(&mut self, at: usize) -> bool {
        let took = self.hand_over(at).await;
        self.settle().await;
        took
    }

    /// Lets a page hear what came first.
    pub(super) fn arrive(&mut self, at: usize) {
        if let Some(heard) = self.pages[at].hear(self.now_ms) {
            self.figures.heard += 1;
            if self.trace.is_wanted() {
                self.trace.note_frame(&self.pages[at].name, "hears", &heard);
            }
        }
    }

    /// Waits until the server has done what it was told, and takes what it has to say.
    pub(crate) async fn settle(&mut self) {
        self.server.settle().await;
        for at in 0..self.pages.len() {
            let page = &mut self.pages[at];
            let Some(connection) = page.connection.as_mut() else {
                continue;
            };
            let stands = connection.tend().await;
            self.take(at, false);
            if !stands {
                let page = &mut self.pages[at];
                page.connection = None;
                page.late.clear();
                page.is_cut = true;
                self.figures.ended += 1;
            }
        }
        // What they were told of each other since is answered as well.
        self.server.settle().await;
        for at in 0..self.pages.len() {
            self.take(at, false);
        }
    }

    /// Takes what is on its way to a page. An answer may come late: what happens after it was looked up is told before it.
    fn take(&mut self, at: usize, is_of_one: bool) {
        let page = &mut self.pages[at];
        let Some(connection) = &page.connection else {
            return;
        };
        for frame in connection.line().frames() {
            let is_late = is_answer(&frame) || is_of_one && is_one(&frame);
            if is_late && self.chance.u8(0..6) == 0 {
                page.late.push(frame);
            } else {
                page.hears.push_back(frame);
            }
        }
    }

    /// Says something as somebody's program, which has no page. It shares one transaction.
    pub(super) async fn program_says(&mut self, person: usize, commands: &[ClientCommand]) {
        let shown = Shown::Token(self.template.people[person].token);
        if let Ok((mut connection, _)) = Connection::open(&self.server, shown, None, false).await {
            let hold = self.server.hold().await;
            for command in commands {
                connection.hear(&encode_command(command)).await;
            }
            drop(hold);
            self.server.settle().await;
        }
    }
}

/// The message or the change that is sent, and what would be said of it if it were taken.
fn answered_early(said: &str) -> Option<(MessageId, String)> {
    let (id, conversation) = match decode_command(said).ok()? {
        ClientCommand::Send {
            id, conversation, ..
        }
        | ClientCommand::Edit {
            id, conversation, ..
        }
        | ClientCommand::Delete {
            id, conversation, ..
        } => (id, conversation),
        _ => return None,
    };
    let answer = encode_event(&ServerEvent::Accepted {
        id,
        conversation,
        seq: Seq(1),
        sent_ms: BEGIN_MS,
    });
    Some((id, answer))
}

/// Whether this asks how a conversation stands.
fn asks_for_one(said: &str) -> bool {
    said.starts_with("{\"type\":\"conversation\"")
}

/// Whether a frame says how a conversation stands: because somebody asked, or because it is another.
fn is_one(frame: &str) -> bool {
    frame.starts_with("{\"type\":\"conversation_changed\"")
}

/// Whether a frame answers a question, and so comes when the store has been asked and not in its turn.
fn is_answer(frame: &str) -> bool {
    ["history", "changes", "conversations", "people"]
        .iter()
        .any(|name| frame.starts_with(&format!("{{\"type\":\"{name}\"")))
}
