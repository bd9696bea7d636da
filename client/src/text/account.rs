//! What is said of accounts where every visitor may read it, in each language. They do not know where a word stands.

use crate::preferences::Language;

/// The texts of the pages of accounts in one language.
#[derive(Debug)]
pub struct AccountTexts {
    /// The language they are in.
    pub language: Language,
    // ---- Entering ----
    /// The server gave no answer.
    pub not_reached: &'static str,
    /// Shows a password.
    pub show: &'static str,
    /// Hides it again.
    pub hide: &'static str,
    /// Copies what stands beside it.
    pub copy: &'static str,
    /// It was copied.
    pub copied: &'static str,
    /// Asks once more.
    pub retry: &'static str,
    /// While something is fetched.
    pub loading: &'static str,
    /// Heads a page that could not be fetched.
    pub absent: &'static str,
    /// What may help.
    pub absent_hint: &'static str,
    /// Loads everything anew.
    pub reload: &'static str,
    /// Gives up what was begun.
    pub cancel: &'static str,
    /// Does what was asked to be confirmed.
    pub sure: &'static str,
    /// Leads to the conversation.
    pub to_lobby: &'static str,
    /// The name of the other language, in itself.
    pub other_language: &'static str,
    /// Labels the name to sign in with.
    pub user_name: &'static str,
    /// What makes a good one.
    pub password_hint: &'static str,
    /// Labels the address of e-mail.
    pub email: &'static str,
    /// What it is for.
    pub email_hint: &'static str,
    /// Heads the page for signing in, and does it.
    pub sign_in: &'static str,
    /// Heads the page for registering, and leads to it.
    pub register: &'static str,
    /// Labels the code of the second factor.
    pub code: &'static str,
    /// Heads the page for setting a new password.
    pub reset: &'static str,
    /// Signs out here.
    pub sign_out: &'static str,
    /// The reader was signed out from elsewhere.
    pub signed_out: &'static str,
    /// Guests may not come in any more.
    pub guest_out: &'static str,
    /// What someone without an account is.
    pub guest: &'static str,

    // ---- First start ----
    /// The server has no owner.
    pub unclaimed: &'static str,
    /// Leads to setting it up.
    pub claim: &'static str,

    // ---- Settings ----
    /// Heads the settings of the account.
    pub settings: &'static str,
    /// Leads to the settings of the account.
    pub open_settings: &'static str,
    /// Names the section of the profile.
    pub profile: &'static str,
    /// Names the section of the policy.
    pub server: &'static str,
    /// Names the section of invitations.
    pub invitations: &'static str,
    /// Keeps what was entered.
    pub save: &'static str,
    /// It was kept.
    pub saved: &'static str,
    /// Labels the status.
    pub status: &'static str,
    /// Labels the text about oneself.
    pub about: &'static str,
    /// What it is for.
    pub about_hint: &'static str,
    /// Labels the secret.
    pub factor_key: &'static str,
    /// Labels how long something holds.
    pub expiry: &'static str,
    /// A day.
    pub one_day: &'static str,
    /// A week.
    pub one_week: &'static str,
    /// A month.
    pub one_month: &'static str,
    /// Ends a token or an invitation.
    pub revoke: &'static str,

    // ---- One's picture ----
    /// Takes the picture away.
    pub remove_picture: &'static str,

    // ---- The server ----
    /// Anyone.
    pub open: &'static str,
    /// Nobody.
    pub closed: &'static str,
    /// The switch for guests.
    pub guests: &'static str,
    /// Legend of the choice of who may write to whom.
    pub contact: &'static str,
    /// Labels how many people may use one.
    pub uses: &'static str,
    /// Shows the next page.
    pub more: &'static str,
    /// Labels a role.
    pub role: &'static str,
    /// The role of a member.
    pub member: &'static str,
    /// The role of an administrator.
    pub administrator: &'static str,
    /// The role of an owner.
    pub owner: &'static str,

    // ---- Sentences with a number or a name ----
    /// The title of the window on a page of accounts.
    pub title: fn(page: &str) -> String,
    /// Who is signed in.
    pub signed_in_as: fn(user_name: &str) -> String,
    /// Since when something is.
    pub since: fn(when: &str) -> String,
    /// Until when something holds.
    pub until: fn(when: &str) -> String,
    /// How many people may still use an invitation.
    pub uses_left: fn(uses: u32) -> String,
}
