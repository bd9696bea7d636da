//! People who write and read in several conversations at once and come back whenever they are cut off, and what is
//! wrong with what they saw in the end. It does not know what is done to them.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use parley_shared::ids::{ConversationId, Seq};
use parley_shared::protocol::{ClientCommand, Refusal};
use parley_shared::timeline::PendingState;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::audit;
use crate::browser::Browser;
use crate::client::{Door, Seen, TestClient};
use crate::journal::Journal;
use crate::verdict::{self, Anomaly, Kind};

/// Groups besides the Lobby.
const GROUPS: usize = 3;
/// People of each conversation; the last of them only reads.
const PEOPLE: usize = 3;
/// Every so many messages of a writer are followed by a change of an earlier one, and every so many changes delete it.
const MESSAGES_A_CHANGE: u64 = 6;
const CHANGES_A_DELETION: u64 = 4;
/// How often someone looks after what waits and whether the server is there.
const LOOK: Duration = Duration::from_millis(250);
/// How long a connection may be made, and be silent, before it is given up.
const SILENCE: Duration = Duration::from_secs(4);

/// How busy they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Messages of one writer that are on their way before it waits with the next.
    pub(crate) on_their_way: usize,
    /// Between two messages of one writer.
    pub(crate) pause: Duration,
    /// Every so many messages one is long, of this many characters; zero for none.
    pub(crate) long_every: u64,
    pub(crate) long_chars: usize,
}

impl Pace {
    /// As fast as the server takes it.
    pub(crate) const BUSY: Self = Self {
        on_their_way: 64,
        pause: Duration::ZERO,
        long_every: 0,
        long_chars: 0,
    };
}

/// The people of one server.
#[derive(Debug)]
pub(crate) struct Crowd {
    people: Vec<Person>,
    journal: Journal,
    pace: Pace,
}

#[derive(Debug)]
struct Person {
    client: TestClient,
    writes: bool,
    written: u64,
}

/// What they are to do at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    /// Until everything of one's own is confirmed, or the time is up.
    Settle(Instant),
}

/// People who are busy.
#[derive(Debug)]
pub(crate) struct Busy {
    mode: watch::Sender<Mode>,
    people: Vec<JoinHandle<Person>>,
    journal: Journal,
    pace: Pace,
}

impl Crowd {
    /// Has people come to a fresh server: guests in the Lobby, and members of groups with accounts. They are
    /// connected by `door`, which may be that of somebody in between.
    pub(crate) async fn gather(server: SocketAddr, door: SocketAddr, pace: Pace) -> Self {
        let journal = Journal::default();
        let mut owner = Browser::at_address(server);
        owner.register("owner").await.ok();
        let policy = json!({"registration": "open", "guests": true, "contact": "team"});
        owner.put("/server/policy", policy).await.ok();
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let name = format!("guest {number}");
            let mut client = TestClient::new(&name, door, journal.clone());
            client.reconnect().await;
            people.push(Person::new(client, number));
        }
        for group in 0..GROUPS {
            let (conversation, members) = make_group(server, group).await;
            for (number, member) in members.iter().enumerate() {
                let name = format!("member {number} of group {group}");
                let door = Door {
                    address: door,
                    origin: None,
                    ..member.door()
                };
                let client = TestClient::new(&name, server, journal.clone());
                people.push(Person::new(client.following(door, conversation), number));
            }
        }
        Self {
            people,
            journal,
            pace,
        }
    }

    /// Has them write from now on.
    pub(crate) fn set_off(self) -> Busy {
        let (mode, modes) = watch::channel(Mode::Write);
        let Self {
            people,
            journal,
            pace,
        } = self;
        let people = people.into_iter();
        Busy {
            people: people
                .map(|person| tokio::spawn(person.live(pace, modes.clone())))
                .collect(),
            mode,
            journal,
            pace,
        }
    }

    /// How many messages and changes of messages they know to be on the disk.
    pub(crate) fn acknowledged(&self) -> usize {
        let people = self.people.iter();
        people
            .map(|person| {
                let seen = person.client.seen();
                let changes = seen.changes.iter().filter(|change| change.seq.is_some());
                seen.accepted.len() + changes.count()
            })
            .sum()
    }

    /// The last lines of each.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Compares what they saw with what a fresh reader of each conversation reads, and that with what is stored.
    pub(crate) async fn judge(&mut self, data_dir: &Path, patience: Duration) -> Vec<Anomaly> {
        let mut anomalies = Vec::new();
        let deadline = Instant::now() + patience;
        for company in self.people.chunks_mut(PEOPLE) {
            let fresh = company[PEOPLE - 1].client.anew("a fresh reader");
            let Some(fresh) = everything(fresh, patience).await else {
                anomalies.push(Anomaly::new(Kind::Unseen, "nobody gets in to read"));
                continue;
            };
            let through = fresh.seen().timeline.through();
            for person in company.iter_mut() {
                person.catch_up(through, deadline).await;
            }
            let members: Vec<&TestClient> = company.iter().map(|person| &person.client).collect();
            anomalies.extend(verdict::anomalies(&fresh.seen(), &members));
            anomalies.extend(verdict::copies(&fresh.seen(), &members));
        }
        match audit::audit(data_dir) {
            Ok(audit) => anomalies.extend(audit.faults),
            Err(error) => anomalies.push(Anomaly::new(Kind::Broken, error)),
        }
        anomalies
    }
}

impl Busy {
    /// Has them write no more, and waits until each has what they wrote confirmed, or `patience` is over.
    pub(crate) async fn settle(self, patience: Duration) -> Crowd {
        self.mode
            .send_replace(Mode::Settle(Instant::now() + patience));
        let mut people = Vec::new();
        for person in self.people {
            people.push(person.await.expect("nobody panics while they write"));
        }
        Crowd {
            people,
            journal: self.journal,
            pace: self.pace,
        }
    }
}

/// Makes a group with its members.
async fn make_group(server: SocketAddr, group: usize) -> (ConversationId, Vec<Browser>) {
    let mut members = Vec::new();
    let mut ids = Vec::new();
    for number in 0..PEOPLE {
        let mut member = Browser::at_address(server);
        member.register(&format!("g{group}m{number}")).await.ok();
        ids.push(member.get("/me").await.ok()["person"]["id"].clone());
        members.push(member);
    }
    let ask = json!({"name": "Group", "public": false, "people": ids[1..]});
    let made = members[0].post("/groups", ask).await.ok();
    let id = made["id"].as_str().and_then(|id| id.parse().ok());
    (id.expect("a group has an id"), members)
}

/// Has someone read everything there is.
async fn everything(mut fresh: TestClient, patience: Duration) -> Option<TestClient> {
    let deadline = Instant::now() + patience;
    while !fresh.come_back(SILENCE).await {
        if Instant::now() > deadline {
            return None;
        }
        tokio::time::sleep(LOOK).await;
    }
    let loaded = fresh.wait_at_most(patience, |seen| {
        (seen.timeline.is_loaded() && seen.timeline.missing().is_none()).then_some(())
    });
    loaded.await?;
    fresh.load_everything().await;
    Some(fresh)
}

impl Person {
    fn new(client: TestClient, number: usize) -> Self {
        Self {
            client,
            writes: number + 1 < PEOPLE,
            written: 0,
        }
    }

    /// Writes, and comes back whenever the connection is gone.
    async fn live(mut self, pace: Pace, modes: watch::Receiver<Mode>) -> Self {
        loop {
            if !self.client.is_connected() && !self.client.come_back(SILENCE).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if self.client.is_connected() && self.stay(pace, &modes).await {
                return self;
            }
            if is_over(&modes) {
                return self;
            }
        }
    }

    /// Uses one connection as long as it seems to live; `true` when there is nothing left to do.
    async fn stay(&mut self, pace: Pace, modes: &watch::Receiver<Mode>) -> bool {
        let (mut looked, mut heard, mut heard_at) = (Instant::now(), 0, Instant::now());
        loop {
            if !self.client.is_connected() {
                return false;
            }
            let mode = *modes.borrow();
            if mode != Mode::Write && self.is_settled() {
                return true;
            }
            if is_over(modes) {
                return true;
            }
            if looked.elapsed() > LOOK {
                looked = Instant::now();
                let now = self.client.seen().heard;
                if now != heard {
                    (heard, heard_at) = (now, looked);
                }
                if heard_at.elapsed() > SILENCE || !self.tend().await {
                    self.client.drop_connection();
                    return false;
                }
            }
            let may_write = mode == Mode::Write && self.writes;
            let room = |seen: &mut Seen| {
                let room = may_write && seen.on_their_way() < pace.on_their_way;
                (room || seen.closed.is_some()).then_some(room)
            };
            if self.client.wait_at_most(LOOK / 2, room).await == Some(true) {
                self.write(pace).await;
            }
        }
    }

    /// Sees everything up to a number, if that can be before a moment: who does not is an anomaly with a name.
    async fn catch_up(&mut self, through: Seq, deadline: Instant) {
        while self.client.seen().timeline.through() < through && Instant::now() < deadline {
            // The connection on which everything of one's own was confirmed may have ended since.
            if !self.client.is_connected() && !self.client.come_back(SILENCE).await {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let there = |seen: &mut Seen| {
                let there = seen.timeline.through() >= through;
                (there || seen.closed.is_some()).then_some(())
            };
            self.client.wait_at_most(LOOK, there).await;
        }
    }

    async fn write(&mut self, pace: Pace) {
        let number = self.written;
        self.written += 1;
        let mut text = format!("{}, message {number}", self.client.name);
        if pace.long_every > 0 && number.is_multiple_of(pace.long_every) {
            text.extend(std::iter::repeat_n('.', pace.long_chars));
        }
        // On a line that is stuck it stays written down, and is said again on the next one.
        let said = tokio::time::timeout(SILENCE, self.client.post(&text)).await;
        if said.is_err() {
            self.client.drop_connection();
        } else if number % MESSAGES_A_CHANGE == MESSAGES_A_CHANGE - 1 {
            self.change(number / MESSAGES_A_CHANGE).await;
        }
        if !pace.pause.is_zero() {
            tokio::time::sleep(pace.pause).await;
        }
    }

    /// Changes a message that one wrote a while ago, another each time: most get other words, some go.
    async fn change(&mut self, number: u64) {
        let old = {
            let seen = self.client.seen();
            let place = usize::try_from(number * MESSAGES_A_CHANGE / 2).expect("a count");
            let old = seen.written.get(place).map(|(id, _)| *id);
            old.filter(|id| seen.timeline.message(*id).is_some())
        };
        let Some(old) = old else {
            return;
        };
        let stays = !number.is_multiple_of(CHANGES_A_DELETION);
        let text = stays.then(|| format!("{}, change {number}", self.client.name));
        let said = tokio::time::timeout(SILENCE, self.client.change(old, text)).await;
        if said.is_err() {
            self.client.drop_connection();
        }
    }

    /// Asks whether the server is there, and says again what it could not take. `false` on a line that is stuck.
    async fn tend(&self) -> bool {
        let refused = self.client.put_back_refused();
        let told = async {
            self.client.say(&ClientCommand::Ping).await;
            if refused {
                self.client.resend_pending().await;
            }
        };
        tokio::time::timeout(SILENCE, told).await.is_ok()
    }

    fn is_settled(&self) -> bool {
        let seen = self.client.seen();
        seen.timeline.is_loaded()
            && seen.timeline.missing().is_none()
            && seen.timeline.pending().is_empty()
            && seen.changes.iter().all(|change| change.seq.is_some())
    }
}

fn is_over(modes: &watch::Receiver<Mode>) -> bool {
    matches!(*modes.borrow(), Mode::Settle(deadline) if Instant::now() > deadline)
}

impl TestClient {
    /// Connects within a time, if the server is there, and says again what was not confirmed.
    async fn come_back(&mut self, patience: Duration) -> bool {
        let connected = tokio::time::timeout(patience, self.try_reconnect()).await;
        if !matches!(connected, Ok(Ok(()))) {
            self.drop_connection();
            return false;
        }
        let welcomed = self.wait_at_most(patience, |seen| {
            (seen.welcomed || seen.closed.is_some()).then_some(seen.welcomed)
        });
        let back = welcomed.await == Some(true) && {
            let said = tokio::time::timeout(patience, self.resend_pending()).await;
            said.is_ok()
        };
        if !back {
            self.drop_connection();
        }
        back
    }

    /// Puts messages back on their way that the server could not take at the moment; says whether there were any.
    fn put_back_refused(&self) -> bool {
        let mut seen = self.seen();
        let refused: Vec<_> = seen
            .timeline
            .pending()
            .iter()
            .filter(|pending| pending.state == PendingState::Failed(Refusal::Unavailable))
            .map(|pending| pending.id)
            .collect();
        for id in &refused {
            seen.timeline.retry_pending(*id);
        }
        let changes = seen.changes.iter().filter(|change| change.seq.is_none());
        let changes: Vec<_> = changes.map(|change| change.id).collect();
        let mut any = !refused.is_empty();
        for id in changes {
            any |= seen.refused.remove(&id).is_some();
        }
        any
    }
}
