//! What the pages of groups say, in each language. They do not know where a word stands.

use super::account::AccountTexts;
use super::{en, zh};
use crate::preferences::Language;

/// The texts of the pages of groups in one language.
#[derive(Debug)]
pub struct GroupTexts {
    // ---- Finding groups ----
    /// Heads the list of groups.
    pub groups: &'static str,
    /// Leads to them from where one makes a group.
    pub public_groups: &'static str,
    /// What is listed.
    pub groups_intro: &'static str,
    /// Labels the field for the name of a group.
    pub find_groups: &'static str,
    /// No group is listed.
    pub none_listed: &'static str,
    /// What to do about that.
    pub none_listed_hint: &'static str,
    /// No group is called so.
    pub none_found: &'static str,
    /// Leads to a group that one is in.
    pub open: &'static str,
    /// Comes into a group.
    pub join: &'static str,
    /// Marks a group that is listed.
    pub public: &'static str,
    /// Marks one that is not.
    pub private: &'static str,
    /// Marks one that is kept to be read.
    pub archived: &'static str,

    // ---- Making one ----
    /// Heads the page for making a group, and leads to it.
    pub new_group: &'static str,
    /// Below that.
    pub new_group_intro: &'static str,
    /// Labels the name of a group.
    pub name: &'static str,
    /// Labels what it is about.
    pub about: &'static str,
    /// What that is for.
    pub about_hint: &'static str,
    /// Heads the choice of who finds it.
    pub visibility: &'static str,
    /// What private means.
    pub private_hint: &'static str,
    /// What public means.
    pub public_hint: &'static str,
    /// Heads the choice of those who come along.
    pub come_along: &'static str,
    /// Makes it.
    pub make: &'static str,

    // ---- Choosing people ----
    /// Labels the field for the name of someone to be chosen.
    pub find_friends: &'static str,
    /// The same where everyone can be chosen.
    pub find_people: &'static str,
    /// There is nobody to choose yet.
    pub no_friends: &'static str,
    /// The same where everyone can be found.
    pub no_people: &'static str,
    /// Nobody is called so.
    pub nobody_found: &'static str,

    // ---- A group ----
    /// Leads to what is said in it.
    pub open_conversation: &'static str,
    /// The section of members.
    pub members: &'static str,
    /// The section of invitations.
    pub links: &'static str,
    /// The section of those who are banned.
    pub bans: &'static str,
    /// The section of what it is called and more.
    pub settings: &'static str,
    /// Goes out of it.
    pub leave: &'static str,
    /// What that means.
    pub leave_warning: &'static str,
    /// What it means for the last one who is in it.
    pub leave_alone_warning: &'static str,
    /// Why an owner cannot.
    pub owner_stays: &'static str,
    /// There is no such group.
    pub not_there: &'static str,
    /// Why that may be.
    pub not_there_hint: &'static str,
    /// Says of a group that nobody comes in any more.
    pub archived_note: &'static str,

    // ---- Members ----
    /// The one who does everything.
    pub owner: &'static str,
    /// Those who help.
    pub administrator: &'static str,
    /// Labels the field for the name of a member.
    pub find_members: &'static str,
    /// Opens the choice of people to bring in.
    pub add_people: &'static str,
    /// Brings them in.
    pub add: &'static str,
    /// They are in.
    pub added: &'static str,
    /// Gives someone the role of an administrator.
    pub make_administrator: &'static str,
    /// Takes it away.
    pub make_member: &'static str,
    /// Makes someone else the owner.
    pub hand_on: &'static str,
    /// Puts someone out.
    pub remove: &'static str,
    /// Puts someone out for good.
    pub ban: &'static str,

    // ---- Invitations ----
    /// What a link does.
    pub links_intro: &'static str,
    /// Labels how many people may use one.
    pub link_uses: &'static str,
    /// Makes one.
    pub make_link: &'static str,
    /// It was made.
    pub link_made: &'static str,
    /// Heads those that hold.
    pub open_links: &'static str,
    /// There are none.
    pub no_links: &'static str,

    // ---- Those who are banned ----
    /// What a ban does.
    pub bans_intro: &'static str,
    /// Nobody is banned.
    pub no_bans: &'static str,
    /// Lets someone in again.
    pub lift: &'static str,

    // ---- What it is called and more ----
    /// Heads name and text.
    pub describe: &'static str,
    /// Closes the group.
    pub archive: &'static str,
    /// What that means.
    pub archive_intro: &'static str,
    /// Asks whether it is meant.
    pub archive_warning: &'static str,
    /// Opens it again.
    pub restore: &'static str,
    /// What that means.
    pub restore_intro: &'static str,

    // ---- Coming by a link ----
    /// Heads the page to which a link leads.
    pub invited: &'static str,
    /// Says that one is in the group already.
    pub in_it: &'static str,
    /// Comes in by the link.
    pub join_group: &'static str,
    /// Says that one needs an account.
    pub account_needed: &'static str,
    /// Heads a link that does not hold.
    pub unknown_link: &'static str,
    /// Why that may be.
    pub unknown_link_hint: &'static str,
    /// Says that one was banned.
    pub you_are_banned: &'static str,

    // ---- Sentences with a number or a name ----
    /// How many members a group has.
    pub members_number: fn(members: u32) -> String,
    /// How many people are chosen, of how many there may be.
    pub chosen: fn(people: usize, bound: usize) -> String,
    /// Chooses someone no more.
    pub choose_not: fn(name: &str) -> String,
    /// Opens what can be done with someone.
    pub more_of: fn(name: &str) -> String,
    /// What it means to hand the group on.
    pub hand_on_warning: fn(name: &str) -> String,
    /// What it means to put someone out.
    pub remove_warning: fn(name: &str) -> String,
    /// What it means to put someone out for good.
    pub ban_warning: fn(name: &str) -> String,
    /// Since when someone is in it.
    pub here_since: fn(when: &str) -> String,
    /// Since when someone is banned.
    pub banned_since: fn(when: &str) -> String,
}

impl GroupTexts {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::groups::TEXTS,
            Language::Zh => &zh::groups::TEXTS,
        }
    }
}

impl AccountTexts {
    /// The texts about groups in the same language.
    pub fn groups(&self) -> &'static GroupTexts {
        GroupTexts::of(self.language)
    }
}
