//! Changes of groups, within the ledger's transaction. It does not know over which door they are asked for.
//!
//! Everything that may refuse a change comes before the first thing that is written: other changes
//! share the transaction, so that half a change could not be taken back alone.

use parley_shared::api::people::Invitation;
use parley_shared::ids::{ConversationId, InvitationId, PictureId, UserId};
use parley_shared::limits::GROUP_INVITATIONS_MAX;
use parley_shared::model::{Group, Notice, Role};
use parley_shared::protocol::Refusal;

use super::batch::{Batch, Made, refused};
use super::{Outcome, Told};
use crate::account::secret::Hash;
use crate::store::{
    Result, StoreError, conversations, group_invitations, groups, members, pictures,
};

mod coming;
mod leaving;
pub mod rules;
mod seated;

use rules::Act;

/// A change of a group.
#[derive(Debug)]
pub struct Change {
    /// Who wants it.
    pub by: UserId,
    /// Which group.
    pub group: ConversationId,
    /// What is to change.
    pub what: What,
}

/// What is to change in a group.
#[derive(Debug)]
pub enum What {
    /// Make it.
    Make {
        /// What it is called.
        name: String,
        /// What it is about.
        about: String,
        /// Whether it is listed.
        public: bool,
        /// Who is brought in at once.
        people: Vec<UserId>,
    },
    /// Say something else of it. What is absent stays.
    Describe {
        /// What it is called.
        name: Option<String>,
        /// What it is about.
        about: Option<String>,
        /// Whether it is listed.
        public: Option<bool>,
        /// Whether it is archived.
        archived: Option<bool>,
    },
    /// Give it another picture, with its image; absent to have none.
    Picture(Option<(PictureId, Vec<u8>)>),
    /// Come in: from the list, or with the code of an invitation.
    Join(Option<Hash>),
    /// Bring people in.
    Add(Vec<UserId>),
    /// Remove someone, or leave.
    Remove(UserId),
    /// Remove someone for good.
    Ban(UserId),
    /// Let someone in again.
    LiftBan(UserId),
    /// Give someone another role.
    Role(UserId, Role),
    /// Keep a new invitation.
    Invite(Invitation, Hash),
    /// Revoke one.
    Revoke(InvitationId),
}

/// Why a change stops before anything is written.
enum Stop {
    Refused(Refusal),
    Failed(StoreError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// What everyone is to hear of a change, in order; nothing when it changed nothing.
type Facts = std::result::Result<Vec<Told>, Stop>;

/// A group as it is found within the transaction, and the role of who wants to change it.
struct Found {
    id: ConversationId,
    group: Group,
    by: UserId,
    role: Option<Role>,
}

impl Found {
    fn may(&self, act: Act) -> std::result::Result<(), Refusal> {
        rules::may(&self.group, self.role, act)
    }
}

impl Batch<'_> {
    pub(super) fn group(&mut self, change: &Change) -> Result<Made> {
        match self.change_group(change) {
            Ok(facts) if facts.is_empty() => Ok((None, Outcome::Done)),
            Ok(facts) => Ok((Some(Told::Several(facts)), Outcome::Done)),
            Err(Stop::Refused(refusal)) => Ok(refused(refusal)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn change_group(&mut self, change: &Change) -> Facts {
        let Change { by, group, what } = change;
        // Only those with an account are in groups; it may have been deactivated a moment ago.
        if !self.has_role(*by, Role::Member)? {
            return Err(Refusal::SignInNeeded.into());
        }
        if let What::Make { .. } = what {
            return self.make_group(*by, *group, what);
        }
        let found = Found {
            id: *group,
            group: groups::group(self.connection, *group)?.ok_or(Refusal::NotFound)?,
            by: *by,
            role: self.group_role(*group, *by)?,
        };
        match what {
            What::Make { .. } | What::Describe { .. } => self.describe_group(found, what),
            What::Picture(picture) => self.set_group_picture(&found, picture.as_ref()),
            What::Join(code) => self.join_group(&found, code.as_ref()),
            What::Add(people) => self.add_to_group(&found, people),
            What::Remove(person) if person == by => self.leave_group(&found),
            What::Remove(person) => self.remove_from_group(&found, *person),
            What::Ban(person) => self.ban_from_group(&found, *person),
            What::LiftBan(person) => {
                found.may(Act::LiftBan)?;
                members::delete_ban(self.connection, found.id, *person)?;
                Ok(Vec::new())
            }
            What::Role(person, role) => self.give_group_role(&found, *person, *role),
            What::Invite(invitation, code) => self.invite_to_group(&found, invitation, code),
            What::Revoke(id) => {
                found.may(Act::Revoke)?;
                if !group_invitations::delete(self.connection, found.id, *id)? {
                    return Err(Refusal::NotFound.into());
                }
                Ok(Vec::new())
            }
        }
    }

    fn describe_group(&mut self, mut found: Found, what: &What) -> Facts {
        let What::Describe {
            name,
            about,
            public,
            archived,
        } = what
        else {
            return Ok(Vec::new());
        };
        if let Some(archived) = archived {
            found.may(if *archived {
                Act::Archive
            } else {
                Act::Restore
            })?;
        }
        let archived = archived.filter(|archived| *archived != found.group.archived);
        // What is opened again can be changed in the same breath.
        found.group.archived &= archived != Some(false);
        if name.is_some() || about.is_some() {
            found.may(Act::Describe)?;
        }
        if public.is_some() {
            found.may(Act::SetVisibility)?;
        }
        let (id, by) = (found.id, found.by);
        let mut notices = Vec::new();
        if archived == Some(false) {
            groups::set_archived(self.connection, id, None)?;
            notices.push(Notice::Restored);
        }
        if let Some(name) = name.as_ref().filter(|name| **name != found.group.name) {
            groups::set_name(self.connection, id, name)?;
            let name = name.clone();
            notices.push(Notice::Renamed { name });
        }
        if let Some(about) = about.as_ref().filter(|about| **about != found.group.about) {
            groups::set_about(self.connection, id, about)?;
            notices.push(Notice::Described);
        }
        if let Some(public) = public.filter(|public| *public != found.group.public) {
            groups::set_public(self.connection, id, public)?;
            notices.push(Notice::VisibilityChanged { public });
        }
        if archived == Some(true) {
            groups::set_archived(self.connection, id, Some(self.now_ms))?;
            notices.push(Notice::Archived);
        }
        // Whether anyone may write there may be another.
        self.forget_seats();
        self.noticed(id, by, notices)
    }

    fn set_group_picture(&mut self, found: &Found, new: Option<&(PictureId, Vec<u8>)>) -> Facts {
        found.may(Act::Describe)?;
        let before = found.group.picture;
        let after = new.map(|(picture, _)| *picture);
        if before == after {
            return Ok(Vec::new());
        }
        if let Some((picture, image)) = new {
            pictures::keep(self.connection, *picture, image, self.now_ms)?;
        }
        groups::set_picture(self.connection, found.id, after)?;
        if let Some(before) = before {
            pictures::release(self.connection, before)?;
        }
        self.noticed(found.id, found.by, vec![Notice::PictureChanged])
    }

    /// Writes what was done to a group itself, and tells its members what it is now.
    fn noticed(&mut self, id: ConversationId, by: UserId, notices: Vec<Notice>) -> Facts {
        if notices.is_empty() {
            return Ok(Vec::new());
        }
        let mut facts = Vec::new();
        for notice in notices {
            facts.push(self.write_notice(id, by, notice)?);
        }
        facts.push(self.group_changed(id)?);
        Ok(facts)
    }

    fn give_group_role(&mut self, found: &Found, person: UserId, role: Role) -> Facts {
        found.may(Act::GiveRole)?;
        if person == found.by {
            return Err(Refusal::Yourself.into());
        }
        let present = self
            .group_role(found.id, person)?
            .ok_or(Refusal::NotFound)?;
        if present == role {
            return Ok(Vec::new());
        }
        let hands_on = role == Role::Owner;
        if hands_on {
            // Whoever cannot sign in could not look after it.
            if !self.has_role(person, Role::Member)? {
                return Err(Refusal::NotFound.into());
            }
            self.may_own_another(person)?;
            conversations::set_rank(self.connection, found.id, found.by, Role::Administrator)?;
        }
        conversations::set_rank(self.connection, found.id, person, role)?;
        let notice = Notice::RoleChanged { person, role };
        let mut facts = vec![self.write_notice(found.id, found.by, notice)?];
        facts.push(self.conversation_changed(found.id, person)?);
        if hands_on {
            facts.push(self.conversation_changed(found.id, found.by)?);
        }
        Ok(facts)
    }

    fn invite_to_group(&mut self, found: &Found, invitation: &Invitation, code: &Hash) -> Facts {
        found.may(Act::Invite)?;
        let hold = group_invitations::invitations(self.connection, found.id, self.now_ms)?;
        if hold.len() >= GROUP_INVITATIONS_MAX {
            let limit = GROUP_INVITATIONS_MAX as u64;
            return Err(Refusal::TooMany { limit }.into());
        }
        group_invitations::insert(self.connection, found.id, invitation, code)?;
        Ok(Vec::new())
    }
}
