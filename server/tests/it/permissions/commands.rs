//! Every command of the WebSocket in every kind of conversation, against everyone who may stand in some way to them.
//!
//! A command that has no line in [`need`] does not compile; one that is never said fails the test.

use std::collections::BTreeSet;

use parley_shared::codec::encode_command;
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::model::{Role, Scope};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};

use super::needed;
use super::world::{WHO, World};
use crate::raw::Raw;

/// What a command needs of the conversation that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// It names none.
    Nothing,
    /// That one may read there.
    Reading,
    /// That one may write there.
    Writing,
}

fn need(command: &ClientCommand) -> Need {
    match command {
        ClientCommand::Send { .. }
        | ClientCommand::Edit { .. }
        | ClientCommand::Delete { .. }
        | ClientCommand::Typing { .. } => Need::Writing,
        ClientCommand::History { .. }
        | ClientCommand::Changes { .. }
        | ClientCommand::Entries { .. }
        | ClientCommand::MarkUnread { .. }
        | ClientCommand::Conversation { .. }
        | ClientCommand::Open { .. }
        | ClientCommand::Read { .. } => Need::Reading,
        ClientCommand::Hello { .. }
        | ClientCommand::People { .. }
        | ClientCommand::Conversations { .. }
        | ClientCommand::Delivered { .. }
        | ClientCommand::Watch { .. }
        | ClientCommand::Rename { .. }
        | ClientCommand::Ping => Need::Nothing,
    }
}

/// What someone may in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Access {
    /// Nothing: it is not there.
    Nothing,
    /// Reading; and why not writing.
    Reading(Refusal),
    /// Reading and writing.
    Writing,
}

fn access(who: &str, conversation: &str) -> Access {
    let is_owner = who == "owner" || who.ends_with(" token");
    let is_in = is_owner || matches!(who, "member" | "administrator");
    match conversation {
        "lobby" => Access::Writing,
        "group" if is_in => Access::Writing,
        "archived" if is_in => Access::Reading(Refusal::Archived),
        "direct" if is_owner || who == "friend" => Access::Writing,
        "apart" if is_owner || who == "blocked" => {
            Access::Reading(Refusal::NotFriends { person: None })
        }
        "notes" if is_owner => Access::Writing,
        _ => Access::Nothing,
    }
}

/// One of each command that names a conversation.
fn in_conversation(conversation: ConversationId) -> Vec<ClientCommand> {
    vec![
        ClientCommand::Send {
            id: crate::client::mint(),
            conversation,
            body: text("hello"),
        },
        ClientCommand::Edit {
            id: crate::client::mint(),
            conversation,
            message: crate::client::mint(),
            body: text("hello"),
        },
        ClientCommand::Delete {
            id: crate::client::mint(),
            conversation,
            message: crate::client::mint(),
        },
        ClientCommand::Typing { conversation },
        ClientCommand::History {
            conversation,
            before: None,
        },
        ClientCommand::Changes {
            conversation,
            since: Seq::ZERO,
        },
        ClientCommand::Entries {
            conversation,
            after: Seq::ZERO,
        },
        ClientCommand::Conversation { conversation },
        ClientCommand::Open { conversation },
        ClientCommand::Read {
            conversation,
            through: Seq(1),
        },
        ClientCommand::MarkUnread {
            conversation,
            from: Seq(1),
        },
    ]
}

/// The commands that change a message.
fn upon(conversation: ConversationId, message: MessageId) -> [ClientCommand; 2] {
    [
        ClientCommand::Edit {
            id: crate::client::mint(),
            conversation,
            message,
            body: text("hello again"),
        },
        ClientCommand::Delete {
            id: crate::client::mint(),
            conversation,
            message,
        },
    ]
}

/// Why someone who may write in a conversation may not change a message there. Nobody of these has a role
/// on the server.
fn unchanged(
    who: &str,
    conversation: &str,
    command: &ClientCommand,
    author: &str,
) -> Option<Refusal> {
    let who = if who.ends_with(" token") {
        "owner"
    } else {
        who
    };
    if who == author {
        return None;
    }
    let needed = |needed| Some(Refusal::RoleTooSmall { needed });
    match (command, conversation, who, author) {
        (ClientCommand::Edit { .. }, ..) | (_, "direct", ..) => Some(Refusal::NotYours),
        (_, "group", "owner", _) | (_, "group", "administrator", "member") => None,
        (_, "group", "administrator", _) => needed(Role::Owner),
        _ => needed(Role::Administrator),
    }
}

/// One of each command that names none.
fn elsewhere() -> Vec<ClientCommand> {
    vec![
        ClientCommand::Hello { protocol: 1 },
        ClientCommand::People { ids: Vec::new() },
        ClientCommand::Conversations {
            before: None,
            since: None,
        },
        ClientCommand::Watch { people: Vec::new() },
        ClientCommand::Delivered { marks: Vec::new() },
        ClientCommand::Rename {
            name: "Name".to_owned(),
        },
        ClientCommand::Ping,
    ]
}

fn text(text: &str) -> ChatMessage {
    ChatMessage::Text {
        text: text.to_owned(),
    }
}

/// The name of a command on the wire.
fn name_of(command: &ClientCommand) -> String {
    let json: serde_json::Value = serde_json::from_str(&encode_command(command)).unwrap();
    json["type"].as_str().unwrap().to_owned()
}

/// Whether an event is the answer to a command that is answered when the store or the ledger has it.
fn answers(event: &ServerEvent, command: &ClientCommand) -> bool {
    match (command, event) {
        (
            ClientCommand::Send { id, .. }
            | ClientCommand::Edit { id, .. }
            | ClientCommand::Delete { id, .. },
            ServerEvent::Accepted { id: told, .. },
        ) => id == told,
        (ClientCommand::History { .. }, ServerEvent::History { .. })
        | (ClientCommand::Changes { .. }, ServerEvent::Changes { .. })
        | (ClientCommand::Entries { .. }, ServerEvent::Entries { .. })
        | (ClientCommand::Conversation { .. }, ServerEvent::ConversationChanged { .. })
        | (ClientCommand::Conversations { .. }, ServerEvent::Conversations { .. })
        | (ClientCommand::People { .. }, ServerEvent::PeopleChanged { .. })
        | (ClientCommand::Ping, ServerEvent::Pong { .. }) => true,
        _ => false,
    }
}

fn has_answer(command: &ClientCommand) -> bool {
    !matches!(
        command,
        ClientCommand::Hello { .. }
            | ClientCommand::Typing { .. }
            | ClientCommand::Open { .. }
            | ClientCommand::Read { .. }
            | ClientCommand::MarkUnread { .. }
            | ClientCommand::Watch { .. }
            | ClientCommand::Delivered { .. }
            | ClientCommand::Rename { .. }
    )
}

/// Says a command, and after one without an answer another that the ledger answers after it. Gives the
/// refusal of the first.
async fn refusal_of(wire: &mut Raw, command: &ClientCommand, scope: Scope) -> Option<Refusal> {
    let name = name_of(command);
    let last = if has_answer(command) {
        command.clone()
    } else if scope >= Scope::Write {
        ClientCommand::Send {
            id: crate::client::mint(),
            conversation: wire.lobby,
            body: text("and on"),
        }
    } else {
        ClientCommand::Ping
    };
    wire.say(&encode_command(command)).await;
    if last != *command {
        wire.say(&encode_command(&last)).await;
    }
    let refusal = std::cell::RefCell::new(None);
    wire.expect("an answer", |event| match event {
        ServerEvent::Refused {
            command: Some(refused),
            reason,
            ..
        } if *refused == name => {
            refusal.replace(Some(reason.clone()));
            (last == *command).then_some(())
        }
        event => answers(event, &last).then_some(()),
    })
    .await;
    refusal.into_inner()
}

fn expected(
    who: &str,
    conversation: &str,
    command: &ClientCommand,
    scope: Scope,
) -> Option<Refusal> {
    let needed = needed(command);
    if scope < needed {
        return Some(Refusal::ScopeTooSmall { needed });
    }
    // Nothing is kept of a guest, and who is there is for those who have an account.
    let is_guest = matches!(who, "stranger" | "guest");
    let is_kept = matches!(
        command,
        ClientCommand::Read { .. }
            | ClientCommand::MarkUnread { .. }
            | ClientCommand::Delivered { .. }
            | ClientCommand::Watch { .. }
    );
    match (need(command), access(who, conversation)) {
        (Need::Reading, Access::Writing) | (Need::Nothing, _) if is_guest && is_kept => {
            Some(Refusal::SignInNeeded)
        }
        (Need::Nothing, _) | (_, Access::Writing) | (Need::Reading, Access::Reading(_)) => None,
        (Need::Writing, Access::Reading(why)) => Some(why),
        (Need::Reading | Need::Writing, Access::Nothing) => Some(Refusal::UnknownConversation),
    }
}

/// Writes where one may, and gives the message; one that is not there where one may not.
async fn written(wire: &mut Raw, conversation: ConversationId) -> MessageId {
    let id = crate::client::mint();
    let send = ClientCommand::Send {
        id,
        conversation,
        body: text("hello"),
    };
    refusal_of(wire, &send, Scope::Write).await;
    id
}

/// Those of [`WHO`] of whose messages the others are tried.
const AUTHORS: [&str; 4] = ["friend", "member", "administrator", "owner"];

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_changed_in_every_conversation_by_those_who_may_and_by_nobody_else() {
    let world = World::new().await;
    let mut authors = Vec::new();
    for author in AUTHORS {
        let at = WHO.iter().position(|who| *who == author).unwrap();
        authors.push(world.people[at].connect().await.unwrap());
    }
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for (who, person) in WHO.iter().zip(&world.people) {
        // The deactivated do not come in.
        let Ok(mut wire) = person.connect().await else {
            continue;
        };
        let scope = if *who == "read token" {
            Scope::Read
        } else {
            Scope::Manage
        };
        for kind in ["lobby", "group", "archived", "direct", "apart", "notes"] {
            let id = match kind {
                "lobby" => wire.lobby,
                kind => world.named(kind).parse().unwrap(),
            };
            let writers = AUTHORS.iter().zip(&mut authors);
            for (author, line) in
                writers.filter(|(author, _)| access(author, kind) != Access::Nothing)
            {
                let message = written(line, id).await;
                for command in upon(id, message) {
                    let found = refusal_of(&mut wire, &command, scope).await;
                    let expected = expected(who, kind, &command, scope)
                        .or_else(|| unchanged(who, kind, &command, author));
                    if found != expected {
                        let name = name_of(&command);
                        wrong.push(format!(
                            "{name} what {author} wrote in {kind} by {who}: {found:?} and not {expected:?}"
                        ));
                    }
                    cells += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{cells} cells of changed messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_does_in_every_conversation_what_ones_seat_there_allows() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    let (mut cells, mut said) = (0, BTreeSet::new());
    for (who, person) in WHO.iter().zip(&world.people) {
        let connected = person.connect().await;
        if *who == "deactivated" {
            assert_eq!(connected.err().as_deref(), Some("HTTP 401"));
            cells += 1;
            continue;
        }
        let mut wire = connected.unwrap();
        let scope = match *who {
            "read token" => Scope::Read,
            "write token" => Scope::Write,
            _ => Scope::Manage,
        };
        let mut commands: Vec<(&str, ClientCommand)> = Vec::new();
        for kind in [
            "lobby", "group", "archived", "direct", "apart", "notes", "nowhere",
        ] {
            let id = match kind {
                "lobby" => wire.lobby,
                "nowhere" => ConversationId::from_bytes([9; 16]),
                kind => world.named(kind).parse().unwrap(),
            };
            commands.extend(in_conversation(id).into_iter().map(|said| (kind, said)));
        }
        commands.extend(elsewhere().into_iter().map(|said| ("nowhere", said)));
        for (kind, command) in commands {
            let found = refusal_of(&mut wire, &command, scope).await;
            // What these name is not there: so far they come who may.
            let names_nothing = matches!(
                command,
                ClientCommand::Edit { .. } | ClientCommand::Delete { .. }
            );
            let expected = expected(who, kind, &command, scope)
                .or(names_nothing.then_some(Refusal::UnknownMessage));
            let name = name_of(&command);
            if found != expected {
                wrong.push(format!(
                    "{name} in {kind} by {who}: {found:?} and not {expected:?}"
                ));
            }
            said.insert(name);
            cells += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known: BTreeSet<String> = super::commands(ConversationId::from_bytes([9; 16]))
        .iter()
        .map(name_of)
        .collect();
    assert_eq!(said, known, "each command is said");
    println!(
        "{cells} cells: {} commands, {} askers",
        said.len(),
        WHO.len()
    );
}
