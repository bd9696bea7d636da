//! The ledger as a library, behind the load's door. It does not know what the load measures.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use parley_server::clock::now_ms;
use parley_server::hub::Hub;
use parley_server::ledger::{Change, Ledger, Options, Outcome, Running};
use parley_server::store::conversations::{Seat, lobby_seats};
use parley_server::store::sqlite::Connection;
use parley_server::store::{Store, Writer};
use parley_shared::ids::{ConversationId, UserId};

use crate::load::{Acknowledge, CONVERSATIONS, Door, Draft, random};

/// The ledger, and the seats that senders took.
#[derive(Clone)]
pub(crate) struct ParleyDoor {
    ledger: Ledger,
    seats: Arc<Seats>,
}

struct Seats {
    data_dir: std::path::PathBuf,
    taken: std::sync::Mutex<HashMap<UserId, HashMap<ConversationId, Seat>>>,
}

/// Makes a store with conversations in it, and closes it.
pub(crate) fn prepare(data_dir: &Path) -> anyhow::Result<Vec<ConversationId>> {
    let (_, mut writer): (Store, Writer) = Store::open(data_dir)?;
    (0..CONVERSATIONS)
        .map(|_| {
            let id = ConversationId::from_bytes(random()?);
            writer.create_lobby(id, now_ms())?;
            Ok(id)
        })
        .collect()
}

/// Starts the ledger on a prepared store.
pub(crate) fn open(data_dir: &Path, batch_max: usize) -> anyhow::Result<(ParleyDoor, Running)> {
    let (_, writer) = Store::open(data_dir)?;
    let (ledger, running) = Ledger::start(
        writer,
        Hub::default(),
        Options {
            batch_max,
            ..Options::default()
        },
    )?;
    let seats = Arc::new(Seats {
        data_dir: data_dir.to_owned(),
        taken: std::sync::Mutex::default(),
    });
    Ok((ParleyDoor { ledger, seats }, running))
}

impl Door for ParleyDoor {
    async fn hand_in(&self, draft: Draft, acknowledge: Acknowledge) {
        let Some(seat) = self.seats.of(draft.author, draft.conversation) else {
            return acknowledge(false);
        };
        let change = Change::Send {
            seat,
            id: draft.id,
            body: draft.body,
        };
        let receipt =
            Box::new(move |outcome| acknowledge(matches!(outcome, Outcome::Stored { .. })));
        self.ledger.submit(change, receipt).await;
    }
}

impl Seats {
    /// Only the store can mint a seat; it is asked once for each sender, as a connection does.
    fn of(&self, person: UserId, conversation: ConversationId) -> Option<Seat> {
        let mut taken = self.taken.lock().ok()?;
        if let Some(seats) = taken.get(&person) {
            return seats.get(&conversation).copied();
        }
        let mut reader = Connection::open_reader(&self.data_dir.join("parley.sqlite")).ok()?;
        let seats = lobby_seats(&mut reader, person).ok()?;
        let seats: HashMap<_, _> = seats
            .into_iter()
            .map(|seat| (seat.conversation(), seat))
            .collect();
        taken
            .entry(person)
            .or_insert(seats)
            .get(&conversation)
            .copied()
    }
}
