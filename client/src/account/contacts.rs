//! Questions about others: how one stands to them, who is found, what they say of themselves. They know no conversation.
//!
//! Each fails when the server refuses or is not reached. What changes how one stands to someone is told to
//! the actions, so that every part of the page knows it, also while there is no connection.

use parley_shared::api::contacts::{ContactList, Contacts, Profile, SetRemark};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Contact, Conversation};

use super::server::escape;
use super::{Accounts, Asked, Failure, reading};
use crate::api::{self, Method};

const fn name_of(list: ContactList) -> &'static str {
    match list {
        ContactList::Friends => "friends",
        ContactList::Incoming => "incoming",
        ContactList::Outgoing => "outgoing",
        ContactList::Blocked => "blocked",
    }
}

impl Accounts {
    /// A page of one's contacts, after this one.
    pub fn contacts(self, list: ContactList, after: Option<String>) -> Asked<Contacts> {
        self.page(format!("/contacts?list={}", name_of(list)), after)
    }

    /// A page of those who are found by a name, after this one.
    pub fn found(self, name: &str, after: Option<String>) -> Asked<Contacts> {
        self.page(format!("/people/found?name={}", escape(name)), after)
    }

    fn page(self, mut address: String, after: Option<String>) -> Asked<Contacts> {
        if let Some(after) = after {
            address.push_str("&after=");
            address.push_str(&escape(&after));
        }
        self.get(&address)
    }

    /// What someone shows of themselves.
    pub fn profile_of(self, id: UserId) -> Asked<Profile> {
        self.get(&format!("/people/{id}/profile"))
    }

    /// Asks someone to be friends, or says yes to what they asked.
    pub fn befriend(self, id: UserId) -> Asked<()> {
        self.stand(Method::Put, "friends", id, None)
    }

    /// Ends a friendship, takes a request back, or says no to one.
    pub fn part(self, id: UserId) -> Asked<()> {
        self.stand(Method::Delete, "friends", id, None)
    }

    /// Blocks someone.
    pub fn block(self, id: UserId) -> Asked<()> {
        self.stand(Method::Put, "blocks", id, None)
    }

    /// Takes a block back.
    pub fn unblock(self, id: UserId) -> Asked<()> {
        self.stand(Method::Delete, "blocks", id, None)
    }

    /// Sets the name by which one knows someone; an empty one for none.
    pub fn set_remark(self, id: UserId, asked: &SetRemark) -> Asked<()> {
        self.stand(Method::Put, "remarks", id, Some(api::write(asked)))
    }

    fn stand(self, method: Method, what: &str, id: UserId, asked: Option<String>) -> Asked<()> {
        let asked = self.ask(method, &format!("/{what}/{id}"), asked);
        Box::pin(async move {
            let contact: Contact = reading(asked).await?;
            self.actions.know_contact(contact);
            Ok(())
        })
    }

    /// The conversation with someone, which is made if there is none; with oneself, one's notes.
    ///
    /// # Errors
    /// When the two may not write to each other, or the server is not reached.
    pub async fn talk_with(self, id: UserId) -> Result<ConversationId, Failure> {
        let asked = self.ask(Method::Put, &format!("/direct/{id}"), None);
        let conversation: Conversation = reading(asked).await?;
        Ok(conversation.id)
    }
}
