//! Conversations, and very many changes in them. It does not know who was away meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use parley_server::actions::{accounts, tokens};
use parley_server::app::App;
use parley_server::config::Config;
use parley_server::ledger::{Change, Outcome, messages};
use parley_server::store::conversations::{self, Seat, add_member, insert_conversation};
use parley_server::store::sqlite::Connection;
use parley_server::store::{Store, groups, people};
use parley_shared::api::account::Register;
use parley_shared::api::program::MakeToken;
use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::model::{ConversationKind, Role, Scope};
use parley_shared::protocol::{ChatMessage, Refusal};
use tokio::sync::Semaphore;

/// Who writes all of it.
const AUTHOR: UserId = UserId::from_bytes([0xA7; 16]);
/// Changes that wait for the ledger at one time.
const WAITING: usize = 4_096;
/// Of a hundred changes, so many are new messages; of the others, two in three are other words, and
/// the third is a deletion.
const SENT: usize = 70;
const EDITED: usize = 20;

/// Makes a person who is in so many conversations, and gives a token of theirs.
pub(crate) async fn prepare(config: &Config, count: usize) -> anyhow::Result<String> {
    let (app, running) = App::open(config.clone()).await?;
    let why = |refusal: Refusal| anyhow::anyhow!("{refusal}");
    let ask = Register {
        user_name: "somebody".to_owned(),
        password: "correct horse battery".into(),
        email: None,
        name: None,
        invitation: None,
    };
    let registered = accounts::register(&app, None, String::new(), ask);
    let person = registered.await.map_err(why)?.person;
    let ask = MakeToken {
        name: "bench".to_owned(),
        scope: Scope::Write,
        expires_ms: None,
    };
    let token = tokens::make(&app, person, ask).await.map_err(why)?.secret.0;
    drop(app);
    running.end().await;
    let (store, mut writer) = Store::open(&config.data_dir)?;
    writer.transaction(|connection| {
        people::insert_person(connection, AUTHOR, 1)?;
        (0..count).try_for_each(|number| add(connection, conversation(number), person))
    })?;
    drop((store, writer));
    Ok(token)
}

fn add(
    connection: &mut Connection,
    id: ConversationId,
    person: UserId,
) -> parley_server::store::Result<()> {
    insert_conversation(connection, id, ConversationKind::Group, 1)?;
    groups::insert(connection, id, "A group", "", false)?;
    for member in [person, AUTHOR] {
        add_member(connection, id, member, Role::Member, 1)?;
    }
    groups::count_members(connection, id, 2)
}

fn conversation(number: usize) -> ConversationId {
    ConversationId::from_bytes((number as u128 + 1).to_be_bytes())
}

/// What is said, and what stands of it to be changed.
pub(crate) struct Talk {
    chance: u64,
    minted: u128,
    standing: Vec<Vec<MessageId>>,
}

impl Talk {
    pub(crate) fn new(conversations: usize) -> Self {
        Self {
            chance: 7,
            minted: 0,
            standing: vec![Vec::new(); conversations],
        }
    }

    /// Makes so many changes through the ledger, each in the next conversation: new messages only, or
    /// other words and deletions as well.
    pub(crate) async fn go_on(
        &mut self,
        config: &Config,
        changes: usize,
        only_new: bool,
    ) -> anyhow::Result<()> {
        let (app, running) = App::open(config.clone()).await?;
        let seats = self.seats(&app).await?;
        let room = Arc::new(Semaphore::new(WAITING));
        let refused = Arc::new(AtomicU64::new(0));
        for number in 0..changes {
            let at = number % seats.len();
            let change = self.next(at, &seats[at], only_new);
            let place = Arc::clone(&room).acquire_owned().await?;
            let refused = Arc::clone(&refused);
            let receipt = Box::new(move |outcome| {
                if !matches!(outcome, Outcome::Stored { .. }) {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
                drop(place);
            });
            app.ledger().submit(change, receipt).await;
        }
        drop(room.acquire_many(u32::try_from(WAITING)?).await?);
        drop(app);
        running.end().await;
        let refused = refused.load(Ordering::Relaxed);
        anyhow::ensure!(refused == 0, "{refused} changes were refused");
        Ok(())
    }

    async fn seats(&self, app: &App) -> anyhow::Result<Vec<Seat>> {
        let count = self.standing.len();
        let seats = app.store().read(move |connection| {
            (0..count)
                .map(|number| conversations::seat(connection, AUTHOR, conversation(number)))
                .collect::<parley_server::store::Result<Option<Vec<Seat>>>>()
        });
        seats.await?.context("the author sits everywhere")
    }

    fn next(&mut self, at: usize, seat: &Seat, only_new: bool) -> Change {
        self.minted += 1;
        let id = MessageId::from_bytes((self.minted << 32).to_be_bytes());
        let number = self.minted;
        let text = |what: &str| ChatMessage::Text {
            text: format!(
                "{what} {number} of a length that is usual where people talk to each other."
            ),
        };
        let kind = self.below(100);
        let standing = &self.standing[at];
        if only_new || kind < SENT || standing.is_empty() {
            self.standing[at].push(id);
            return Change::Send {
                seat: *seat,
                id,
                body: text("Message"),
            };
        }
        let place = self.below(self.standing[at].len());
        let message = self.standing[at][place];
        let what = if kind < SENT + EDITED {
            messages::What::Edit(text("Other words"))
        } else {
            self.standing[at].swap_remove(place);
            messages::What::Delete
        };
        Change::Message(Box::new(messages::Change {
            seat: *seat,
            id,
            message,
            what,
        }))
    }

    /// The next of a sequence that is always the same (Steele, Lea and Flood, "Fast splittable
    /// pseudorandom number generators", 2014).
    fn below(&mut self, bound: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}
