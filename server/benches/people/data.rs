//! A server's data with people who are in many conversations and have many friends. It does not know what is measured.

use parley_server::account::user_name;
use parley_server::actions::{accounts, server, tokens};
use parley_server::app::App;
use parley_server::config::Config;
use parley_server::store::accounts::{NewAccount, insert};
use parley_server::store::conversations::{add_member, insert_conversation, set_progress};
use parley_server::store::relations::{Side, set_side};
use parley_server::store::sqlite::Connection;
use parley_server::store::{conversations, messages, pairs, people, stamps};
use parley_shared::api::account::Register;
use parley_shared::api::program::MakeToken;
use parley_shared::api::server::{ContactPolicy, Policy, Registration};
use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::model::{ConversationKind, Message, Relation, Role, Scope};
use parley_shared::protocol::{ChatMessage, Refusal};

/// The password of everyone here.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Messages in each conversation.
const MESSAGES: u64 = 20;
/// Conversations that changed since someone was away, if there are so many.
pub(crate) const CHANGED: u64 = 3;
/// The stamp since which they were away.
pub(crate) const AWAY_SINCE: Stamp = Stamp(1_000);
/// The newest one.
const NOW: Stamp = Stamp(1_001);

/// More conversations than anyone here is in.
const CONVERSATIONS_MAX: u64 = 100_000;

/// Someone with an account.
#[derive(Clone, Copy)]
pub(crate) struct Somebody {
    pub(crate) user_name: &'static str,
    /// In how many conversations they are: half of them direct, half groups.
    pub(crate) conversations: u64,
    /// How many friends they have, at most as many as conversations.
    pub(crate) friends: u64,
}

/// Makes the data, and gives each one's token. The first of them owns the server.
pub(crate) async fn prepare(config: &Config, all: &[Somebody]) -> anyhow::Result<Vec<String>> {
    let (app, running) = App::open(config.clone()).await?;
    let mut known = Vec::new();
    for somebody in all {
        known.push(enter(&app, somebody.user_name).await.map_err(why)?);
        if let [(owner, _)] = known[..] {
            // Whoever comes after the owner comes without an invitation.
            let policy = Policy {
                registration: Registration::Open,
                guests: true,
                contact: ContactPolicy::Friends,
            };
            let set = server::set_policy(&app, owner, policy);
            set.await.map_err(why)?;
        }
    }
    drop(app);
    running.end().await;
    let mut connection = Connection::open_writer(&config.data_dir.join("parley.sqlite"))?;
    connection.begin()?;
    for ((somebody, (person, _)), nth) in all.iter().zip(&known).zip(0..) {
        for number in 0..somebody.conversations {
            let others = nth * CONVERSATIONS_MAX + number;
            let is_changed = number + CHANGED >= somebody.conversations;
            let stamp = if is_changed { NOW } else { AWAY_SINCE };
            let other = add(&mut connection, *person, others, stamp)?;
            if number < somebody.friends {
                befriend(&mut connection, *person, other, others)?;
            }
        }
    }
    stamps::set_newest(&mut connection, NOW)?;
    connection.commit()?;
    Ok(known.into_iter().map(|(_, token)| token).collect())
}

fn why(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{refusal}")
}

/// Registers someone, and makes them a token.
async fn enter(app: &App, user_name: &str) -> Result<(UserId, String), Refusal> {
    let ask = Register {
        user_name: user_name.to_owned(),
        password: PASSWORD.into(),
        email: None,
        name: None,
        invitation: None,
    };
    let person = accounts::register(app, None, String::new(), ask)
        .await?
        .person;
    let ask = MakeToken {
        name: "bench".to_owned(),
        scope: Scope::Write,
        expires_ms: None,
    };
    Ok((person, tokens::make(app, person, ask).await?.secret.0))
}

/// Gives someone an account that nobody can sign in to, and makes the two friends.
fn befriend(
    connection: &mut Connection,
    person: UserId,
    other: UserId,
    number: u64,
) -> anyhow::Result<()> {
    let user_name = format!("person{number}");
    let account = NewAccount {
        person: other,
        user_name_key: user_name::key(&user_name),
        user_name,
        password_hash: String::new(),
        email: None,
    };
    insert(connection, &account, Role::Member, 1)?;
    let friend = Side {
        relation: Relation::Friend,
        since_ms: 1,
        ..Side::NOTHING
    };
    set_side(connection, person, other, &friend)?;
    set_side(connection, other, person, &friend)?;
    Ok(())
}

/// Puts someone into a conversation with somebody new, who comes back.
fn add(
    connection: &mut Connection,
    person: UserId,
    number: u64,
    stamp: Stamp,
) -> anyhow::Result<UserId> {
    let id = ConversationId::from_bytes(u128::from(number + 1).to_be_bytes());
    let other = UserId::from_bytes((u128::from(number + 1) << 64).to_be_bytes());
    let is_group = number.is_multiple_of(2);
    people::insert_person(connection, other, 1)?;
    people::set_name(connection, other, &format!("Person {number}"))?;
    if is_group {
        insert_conversation(connection, id, ConversationKind::Group, number)?;
        connection.execute(
            "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
             VALUES ($1, $2, $3, $4, 0, 2)",
            &[
                id.as_bytes().into(),
                "A group with a name".into(),
                "a group with a name".into(),
                "What it is about".into(),
            ],
        )?;
    } else {
        insert_conversation(connection, id, ConversationKind::Direct, number)?;
        pairs::insert(connection, person, other, id)?;
    }
    for member in [person, other] {
        add_member(connection, id, member, Role::Member, 1)?;
    }
    for seq in 1..=MESSAGES {
        let message = Message {
            id: MessageId::from_bytes(u128::from(number * MESSAGES + seq).to_be_bytes()),
            conversation: id,
            author: other,
            seq: Seq(seq),
            changed: Seq(seq),
            sent_ms: number + seq,
            edited_ms: None,
            salt: None,
            body: ChatMessage::Text {
                text: "A message of a length that is usual where people talk to each other."
                    .to_owned(),
            },
        };
        let body = serde_json::to_string(&message.body)?;
        messages::insert_message(connection, &message, &body)?;
    }
    if let Some(mut progress) = conversations::progress_of(connection, id)? {
        progress.last = Seq(MESSAGES);
        progress.active_ms = number + MESSAGES;
        set_progress(connection, id, &progress, stamp)?;
    }
    Ok(other)
}
