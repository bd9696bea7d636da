//! People with accounts and tokens, and the groups they are in, put into a store before its server starts.
//! It does not know what is measured.

use std::path::Path;

use parley_server::account::{secret, user_name};
use parley_server::clock::now_ms;
use parley_server::store::accounts::NewAccount;
use parley_server::store::conversations::{add_member, insert_conversation};
use parley_server::store::sqlite::Connection;
use parley_server::store::{self, Store, accounts, groups, people, stamps, tokens};
use parley_shared::api::program::Token;
use parley_shared::ids::{ConversationId, Stamp, TokenId, UserId};
use parley_shared::model::{ConversationKind, Role, Scope};

/// How many there are, and who is with whom.
pub(crate) struct Town {
    pub(crate) people: usize,
    /// Of each group its members, by number. Everyone is in the Lobby besides.
    pub(crate) groups: Vec<Vec<usize>>,
}

impl Town {
    /// Everyone in the Lobby and nowhere else.
    pub(crate) fn of_one_lobby(people: usize) -> Self {
        Self {
            people,
            groups: Vec::new(),
        }
    }

    /// Everyone in one group with their neighbours.
    pub(crate) fn in_circles(circles: usize, members: usize) -> Self {
        Self {
            people: circles * members,
            groups: (0..circles)
                .map(|circle| (circle * members..(circle + 1) * members).collect())
                .collect(),
        }
    }

    /// Everyone in so many groups, each of as many members: a group of one's own and those of the neighbours.
    pub(crate) fn woven(people: usize, groups_each: usize) -> Self {
        let members = groups_each.min(people);
        let groups = if members == 0 { 0 } else { people };
        Self {
            people,
            groups: (0..groups)
                .map(|group| (group..group + members).map(|at| at % people).collect())
                .collect(),
        }
    }

    /// Puts all of them into a new store.
    pub(crate) fn settle(&self, data_dir: &Path) -> anyhow::Result<()> {
        let (store, mut writer) = Store::open(data_dir)?;
        let now_ms = now_ms();
        writer.create_lobby(LOBBY, now_ms)?;
        writer.transaction(|connection| {
            for person in 0..self.people {
                enter(connection, person, now_ms)?;
            }
            for (group, members) in self.groups.iter().enumerate() {
                found(connection, group, members, now_ms)?;
            }
            // Before the first stamp nobody can have been away.
            stamps::set_newest(connection, Stamp(1))
        })?;
        drop((store, writer));
        Ok(())
    }
}

/// The conversation that everyone is in.
pub(crate) const LOBBY: ConversationId = ConversationId::from_bytes([0x10; 16]);

pub(crate) fn person_id(person: usize) -> UserId {
    UserId::from_bytes(((person as u128 + 1) << 64).to_be_bytes())
}

pub(crate) fn group_id(group: usize) -> ConversationId {
    ConversationId::from_bytes((group as u128 + 1).to_be_bytes())
}

/// The word that opens the server to a person.
pub(crate) fn token(person: usize) -> String {
    format!("bench_{person:032x}")
}

/// Gives someone an account and a token that was used just now: the first use would else be a change.
pub(crate) fn enter(connection: &mut Connection, person: usize, now_ms: u64) -> store::Result<()> {
    let id = person_id(person);
    people::insert_person(connection, id, now_ms)?;
    let user_name = format!("person{person}");
    let account = NewAccount {
        person: id,
        user_name_key: user_name::key(&user_name),
        user_name,
        password_hash: String::new(),
        email: None,
    };
    let role = if person == 0 {
        Role::Owner
    } else {
        Role::Member
    };
    accounts::insert(connection, &account, role, now_ms)?;
    let kept = Token {
        id: TokenId::from_bytes((person as u128 + 1).to_be_bytes()),
        name: "bench".to_owned(),
        scope: Scope::Write,
        created_ms: now_ms,
        last_used_ms: None,
        expires_ms: None,
    };
    tokens::insert(connection, id, &kept, &secret::hash(&token(person)))?;
    tokens::touch(connection, kept.id, now_ms)
}

/// Makes a group.
pub(crate) fn found(
    connection: &mut Connection,
    group: usize,
    members: &[usize],
    now_ms: u64,
) -> store::Result<()> {
    let id = group_id(group);
    insert_conversation(connection, id, ConversationKind::Group, now_ms)?;
    groups::insert(connection, id, &format!("Group {group}"), "", false)?;
    for (place, member) in members.iter().enumerate() {
        let role = if place == 0 {
            Role::Owner
        } else {
            Role::Member
        };
        add_member(connection, id, person_id(*member), role, now_ms)?;
    }
    groups::count_members(connection, id, members.len().cast_signed() as i64)
}
