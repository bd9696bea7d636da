//! Changes of people's pictures, within the ledger's transaction. It does not know how a picture was read.

use parley_shared::ids::{PictureId, UserId};
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use super::batch::{Batch, Made, done, refused};
use super::{Outcome, Told};
use crate::store::{Result, people, pictures};

/// Another picture for a person.
#[derive(Debug)]
pub struct Change {
    /// Whose.
    pub person: UserId,
    /// The picture as it is kept, with its image; absent to have none.
    pub picture: Option<(PictureId, Vec<u8>)>,
}

impl Batch<'_> {
    pub(super) fn picture(&mut self, change: &Change) -> Result<Made> {
        let id = change.person;
        if !self.has_role(id, Role::Member)? {
            return Ok(refused(Refusal::SignInNeeded));
        }
        let before = people::person(self.connection, id)?.picture;
        let after = change.picture.as_ref().map(|(picture, _)| *picture);
        if before == after {
            return Ok(done());
        }
        if let Some((picture, image)) = &change.picture {
            pictures::keep(self.connection, *picture, image, self.now_ms)?;
        }
        people::set_picture(self.connection, id, after)?;
        if let Some(before) = before {
            pictures::release(self.connection, before)?;
        }
        self.seen_otherwise(id)?;
        self.forget(id);
        let person = people::person(self.connection, id)?;
        Ok((Some(Told::PersonChanged(person)), Outcome::Done))
    }
}
