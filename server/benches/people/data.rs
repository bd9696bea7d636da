//! A server's data with a person who is in many conversations. It does not know what is measured.

use parley_server::actions::{accounts, tokens};
use parley_server::app::App;
use parley_server::config::Config;
use parley_server::store::conversations::{add_member, insert_conversation, set_progress};
use parley_server::store::sqlite::Connection;
use parley_server::store::{conversations, messages, pairs, people};
use parley_shared::api::account::Register;
use parley_shared::api::program::MakeToken;
use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::model::{ConversationKind, Message, Role, Scope};
use parley_shared::protocol::{ChatMessage, Refusal};

/// Messages in each conversation.
const MESSAGES: u64 = 20;

/// Makes the data, and gives a token of the person.
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
    let mut connection = Connection::open_writer(&config.data_dir.join("parley.sqlite"))?;
    connection.begin()?;
    for number in 0..count as u64 {
        add(&mut connection, person, number)?;
    }
    connection.commit()?;
    Ok(token)
}

fn add(connection: &mut Connection, person: UserId, number: u64) -> anyhow::Result<()> {
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
        set_progress(connection, id, &progress, Stamp(1))?;
    }
    Ok(())
}
