//! Who may do what in a group: one table, and the few rules that need more than a role. It knows no store.
//!
//! `docs/groups.md` says the same in words. Everything here is decided from what the ledger found
//! within its transaction, so that two who act on each other at once stand one behind the other.

use parley_shared::limits::MEMBERS_MAX;
use parley_shared::model::{Group, Role};
use parley_shared::protocol::Refusal;

/// What someone may want of a group that they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// See who the members are.
    SeeMembers,
    /// Go.
    Leave,
    /// Bring people in.
    Add,
    /// See who is banned.
    SeeBans,
    /// Remove someone.
    Remove,
    /// Remove someone for good.
    Ban,
    /// Let someone in again who was banned.
    LiftBan,
    /// See which invitations hold.
    SeeInvitations,
    /// Make an invitation.
    Invite,
    /// Revoke an invitation.
    Revoke,
    /// Say what the group is called, what it is about, and what picture it has.
    Describe,
    /// Delete what others wrote.
    DeleteMessages,
    /// Give someone another role.
    GiveRole,
    /// List the group, or take it from the list.
    SetVisibility,
    /// Archive the group.
    Archive,
    /// Open it again.
    Restore,
}

/// The table: the smallest role that may, and whether it can be done in an archived group.
const fn rule(act: Act) -> (Role, bool) {
    match act {
        Act::SeeMembers | Act::Leave => (Role::Member, true),
        Act::Add => (Role::Member, false),
        // Seeing changes nothing, and a door can be closed at any time.
        Act::SeeBans | Act::SeeInvitations | Act::Revoke => (Role::Administrator, true),
        Act::Remove
        | Act::Ban
        | Act::LiftBan
        | Act::Invite
        | Act::Describe
        | Act::DeleteMessages => (Role::Administrator, false),
        Act::GiveRole | Act::SetVisibility => (Role::Owner, false),
        // Who archives what is archived already has what they want.
        Act::Archive | Act::Restore => (Role::Owner, true),
    }
}

/// Whether someone who has this role in a group, or none, may do this there.
///
/// # Errors
/// [`Refusal::NotFound`] when the group is none of theirs and not public, so that it looks as if it
/// were not there; [`Refusal::RoleTooSmall`]; [`Refusal::Archived`].
pub fn may(group: &Group, role: Option<Role>, act: Act) -> Result<(), Refusal> {
    let (needed, when_archived) = rule(act);
    if role.is_none() && !group.public {
        return Err(Refusal::NotFound);
    }
    if role.is_none_or(|role| role < needed) {
        return Err(Refusal::RoleTooSmall { needed });
    }
    if group.archived && !when_archived {
        return Err(Refusal::Archived);
    }
    Ok(())
}

/// Whether someone with the first role may act upon someone with the second.
///
/// # Errors
/// [`Refusal::RoleTooSmall`] towards someone of the same or a higher role.
pub fn may_towards(role: Role, other: Role) -> Result<(), Refusal> {
    if role > other {
        return Ok(());
    }
    let needed = match other {
        Role::Member => Role::Administrator,
        Role::Administrator | Role::Owner => Role::Owner,
    };
    Err(Refusal::RoleTooSmall { needed })
}

/// Whether someone who has the first role may delete what someone with the second wrote, who may have
/// none any more. In the Lobby it is asked of their roles on the server.
///
/// # Errors
/// [`Refusal::RoleTooSmall`].
pub fn may_delete(role: Option<Role>, author: Option<Role>) -> Result<(), Refusal> {
    let (needed, _) = rule(Act::DeleteMessages);
    match role {
        Some(role) if role >= needed => author.map_or(Ok(()), |author| may_towards(role, author)),
        _ => Err(Refusal::RoleTooSmall { needed }),
    }
}

/// By which door someone comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// From the list of public groups.
    List,
    /// With an invitation that holds.
    Invitation,
}

/// Whether someone comes into a group by themselves: `false` when they are in it already, which changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] when the group is not public and they have no invitation; otherwise those of [`has_room`].
pub fn comes_in(
    group: &Group,
    role: Option<Role>,
    door: Door,
    banned: bool,
) -> Result<bool, Refusal> {
    if role.is_some() {
        return Ok(false);
    }
    if door == Door::List && !group.public {
        return Err(Refusal::NotFound);
    }
    if banned {
        return Err(Refusal::Banned { person: None });
    }
    has_room(group, 1)?;
    Ok(true)
}

/// Whether so many more people can come into a group.
///
/// # Errors
/// [`Refusal::Archived`], [`Refusal::TooMany`].
pub fn has_room(group: &Group, people: usize) -> Result<(), Refusal> {
    if group.archived {
        return Err(Refusal::Archived);
    }
    let limit = MEMBERS_MAX as u64;
    if u64::from(group.members) + people as u64 > limit {
        return Err(Refusal::TooMany { limit });
    }
    Ok(())
}

/// Whether the group is archived when someone leaves it: it is when its owner was alone.
///
/// # Errors
/// [`Refusal::LastOwner`] when the owner would leave others behind.
pub fn leaves_nobody(group: &Group, role: Role) -> Result<bool, Refusal> {
    match (role, group.members) {
        (Role::Owner, ..=1) => Ok(true),
        (Role::Owner, _) => Err(Refusal::LastOwner),
        (Role::Member | Role::Administrator, _) => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: Result<(), &str> = Ok(());
    const NOT_FOUND: Result<(), &str> = Err("not_found");
    const MEMBER: Result<(), &str> = Err("role_too_small member");
    const ADMINISTRATOR: Result<(), &str> = Err("role_too_small administrator");
    const OWNER: Result<(), &str> = Err("role_too_small owner");
    const ARCHIVED: Result<(), &str> = Err("archived");

    fn group(public: bool, archived: bool, members: u32) -> Group {
        Group {
            name: "Group".to_owned(),
            about: String::new(),
            picture: None,
            public,
            members,
            archived,
        }
    }

    fn word(refusal: &Refusal) -> String {
        match refusal {
            Refusal::NotFound => "not_found".to_owned(),
            Refusal::RoleTooSmall { needed } => format!("role_too_small {needed}"),
            Refusal::Archived => "archived".to_owned(),
            Refusal::Banned { .. } => "banned".to_owned(),
            Refusal::LastOwner => "last_owner".to_owned(),
            Refusal::TooMany { limit } => format!("too_many {limit}"),
            other => panic!("{other:?} is no answer of these rules"),
        }
    }

    /// What each may: someone outside of a private group and of a public one, a member, an
    /// administrator, the owner; then these three in an archived group.
    #[rustfmt::skip]
    const TABLE: [(Act, [Result<(), &str>; 8]); 16] = [
        //                     private    public         member         administrator  owner | archived: member, administrator, owner
        (Act::SeeMembers,     [NOT_FOUND, MEMBER,        OK,            OK,            OK,    OK,            OK,            OK]),
        (Act::Leave,          [NOT_FOUND, MEMBER,        OK,            OK,            OK,    OK,            OK,            OK]),
        (Act::Add,            [NOT_FOUND, MEMBER,        OK,            OK,            OK,    ARCHIVED,      ARCHIVED,      ARCHIVED]),
        (Act::SeeBans,        [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, OK,            OK]),
        (Act::Remove,         [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::Ban,            [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::LiftBan,        [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::SeeInvitations, [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, OK,            OK]),
        (Act::Invite,         [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::Revoke,         [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, OK,            OK]),
        (Act::Describe,       [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::DeleteMessages, [NOT_FOUND, ADMINISTRATOR, ADMINISTRATOR, OK,            OK,    ADMINISTRATOR, ARCHIVED,      ARCHIVED]),
        (Act::GiveRole,       [NOT_FOUND, OWNER,         OWNER,         OWNER,         OK,    OWNER,         OWNER,         ARCHIVED]),
        (Act::SetVisibility,  [NOT_FOUND, OWNER,         OWNER,         OWNER,         OK,    OWNER,         OWNER,         ARCHIVED]),
        (Act::Archive,        [NOT_FOUND, OWNER,         OWNER,         OWNER,         OK,    OWNER,         OWNER,         OK]),
        (Act::Restore,        [NOT_FOUND, OWNER,         OWNER,         OWNER,         OK,    OWNER,         OWNER,         OK]),
    ];

    #[test]
    fn each_role_may_what_the_table_says_and_nothing_else() {
        let roles = [
            (None, false, false),
            (None, true, false),
            (Some(Role::Member), false, false),
            (Some(Role::Administrator), false, false),
            (Some(Role::Owner), false, false),
            (Some(Role::Member), false, true),
            (Some(Role::Administrator), false, true),
            (Some(Role::Owner), false, true),
        ];
        for (act, expected) in TABLE {
            for ((role, public, archived), expected) in roles.into_iter().zip(expected) {
                let found = may(&group(public, archived, 3), role, act);
                let found = found.map_err(|refusal| word(&refusal));
                let expected = expected.map_err(str::to_owned);
                assert_eq!(found, expected, "{act:?} by {role:?}, archived: {archived}");
            }
        }
    }

    #[test]
    fn a_public_group_gives_its_members_no_more_than_a_private_one() {
        for (act, _) in TABLE {
            for role in [Role::Member, Role::Administrator, Role::Owner] {
                for archived in [false, true] {
                    assert_eq!(
                        may(&group(true, archived, 3), Some(role), act),
                        may(&group(false, archived, 3), Some(role), act),
                    );
                }
            }
        }
    }

    #[test]
    fn nobody_acts_upon_someone_of_the_same_or_a_higher_role() {
        use Role::{Administrator, Member, Owner};
        #[rustfmt::skip]
        let table = [
            (Member,        Member,        ADMINISTRATOR),
            (Member,        Administrator, OWNER),
            (Member,        Owner,         OWNER),
            (Administrator, Member,        OK),
            (Administrator, Administrator, OWNER),
            (Administrator, Owner,         OWNER),
            (Owner,         Member,        OK),
            (Owner,         Administrator, OK),
            (Owner,         Owner,         OWNER),
        ];
        for (role, other, expected) in table {
            let found = may_towards(role, other).map_err(|refusal| word(&refusal));
            let expected = expected.map_err(str::to_owned);
            assert_eq!(found, expected, "{role:?} towards {other:?}");
        }
    }

    #[test]
    fn who_keeps_order_deletes_what_those_of_a_smaller_role_wrote_and_those_who_are_gone() {
        use Role::{Administrator, Member, Owner};
        #[rustfmt::skip]
        let table = [
            //                    of no role     member         administrator  owner
            (None,                [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR]),
            (Some(Member),        [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR]),
            (Some(Administrator), [OK,            OK,            OWNER,         OWNER]),
            (Some(Owner),         [OK,            OK,            OK,            OWNER]),
        ];
        let authors = [None, Some(Member), Some(Administrator), Some(Owner)];
        for (role, expected) in table {
            for (author, expected) in authors.into_iter().zip(expected) {
                let found = may_delete(role, author).map_err(|refusal| word(&refusal));
                let expected = expected.map_err(str::to_owned);
                assert_eq!(found, expected, "{role:?} what {author:?} wrote");
            }
        }
    }

    #[test]
    fn people_come_in_by_a_door_that_is_open_to_them() {
        let full = u32::try_from(MEMBERS_MAX).unwrap();
        let too_many = format!("too_many {MEMBERS_MAX}");
        let too_many = too_many.as_str();
        let (list, link) = (Door::List, Door::Invitation);
        // Public, archived, how many members, the role, by which door, whether they are banned.
        #[rustfmt::skip]
        let table = [
            (true,  false, 3,        None,               list, false, Ok(true)),
            (true,  false, 3,        None,               link, false, Ok(true)),
            (false, false, 3,        None,               link, false, Ok(true)),
            (false, false, 3,        None,               list, false, Err("not_found")),
            (true,  false, 3,        None,               list, true,  Err("banned")),
            (true,  false, 3,        None,               link, true,  Err("banned")),
            (false, false, 3,        None,               link, true,  Err("banned")),
            // Who is banned from a private group hears nothing of it without an invitation.
            (false, false, 3,        None,               list, true,  Err("not_found")),
            (true,  true,  3,        None,               list, false, Err("archived")),
            (false, true,  3,        None,               link, false, Err("archived")),
            (false, true,  3,        None,               list, false, Err("not_found")),
            (true,  false, full,     None,               list, false, Err(too_many)),
            (true,  false, full - 1, None,               list, false, Ok(true)),
            // Who is in it already stays, whatever the group has become.
            (false, false, 3,        Some(Role::Member), list, false, Ok(false)),
            (true,  true,  full,     Some(Role::Owner),  link, false, Ok(false)),
        ];
        for (public, archived, members, role, door, banned, expected) in table {
            let group = group(public, archived, members);
            let found = comes_in(&group, role, door, banned).map_err(|refusal| word(&refusal));
            let expected: Result<bool, String> = expected.map_err(str::to_owned);
            assert_eq!(found, expected, "{group:?} {role:?} {door:?} {banned}");
        }
    }

    #[test]
    fn an_owner_leaves_only_when_nobody_stays_behind() {
        #[rustfmt::skip]
        let table = [
            (Role::Member,        2, Ok(false)),
            (Role::Administrator, 2, Ok(false)),
            (Role::Owner,         2, Err("last_owner")),
            (Role::Owner,         1, Ok(true)),
        ];
        for (role, members, expected) in table {
            let found = leaves_nobody(&group(false, false, members), role);
            let found = found.map_err(|refusal| word(&refusal));
            assert_eq!(
                found,
                expected.map_err(str::to_owned),
                "{role:?} of {members}"
            );
        }
    }
}
