//! What the pages of entering and of one's own account say, in each language. Only the part of the program that draws them
//! has these. They do not know where a word stands.

use super::account::AccountTexts;
use super::{en, zh};
use crate::preferences::Language;

/// The texts of the pages of one's own account in one language.
#[derive(Debug)]
pub struct OwnTexts {
    /// What it is for.
    pub user_name_hint: &'static str,
    /// Labels the password.
    pub password: &'static str,
    /// Labels the name that others see.
    pub display_name: &'static str,
    /// What happens without one.
    pub display_name_hint: &'static str,
    /// Below that.
    pub sign_in_intro: &'static str,
    /// Below that, where guests may not come in.
    pub sign_in_shut: &'static str,
    /// Before the link to registering.
    pub no_account: &'static str,
    /// Registers.
    pub register_action: &'static str,
    /// Below the heading.
    pub register_intro: &'static str,
    /// What becomes of a guest.
    pub register_guest: &'static str,
    /// That the invitation holds.
    pub register_invited: &'static str,
    /// That the invitation does not hold.
    pub register_not_invited: &'static str,
    /// That one needs an invitation.
    pub register_invitation: &'static str,
    /// That nobody can register.
    pub register_closed: &'static str,
    /// Labels the code of an invitation.
    pub invitation_code: &'static str,
    /// Before the link to signing in.
    pub have_account: &'static str,
    /// Where it is found.
    pub code_hint: &'static str,
    /// Heads the second step of signing in.
    pub code_intro: &'static str,
    /// Labels a recovery code.
    pub recovery_code: &'static str,
    /// What it is.
    pub recovery_code_hint: &'static str,
    /// Asks for a recovery code instead.
    pub use_recovery: &'static str,
    /// Asks for the code of the authenticator instead.
    pub use_authenticator: &'static str,
    /// Leads to setting a new password.
    pub forgot: &'static str,
    /// Where the code comes from.
    pub reset_intro: &'static str,
    /// Labels the code.
    pub reset_code: &'static str,
    /// It is set.
    pub reset_done: &'static str,
    /// Labels a new password.
    pub new_password: &'static str,
    /// Heads the page of the first start.
    pub setup: &'static str,
    /// What an owner is.
    pub setup_owner: &'static str,
    /// The first step.
    pub setup_step_one: &'static str,
    /// The second step.
    pub setup_step_two: &'static str,
    /// What the second step is about.
    pub setup_policy: &'static str,
    /// Goes on to the second step.
    pub setup_next: &'static str,
    /// Ends the first start.
    pub setup_done: &'static str,
    /// The server has an owner.
    pub setup_taken: &'static str,
    /// Heads one's own sections.
    pub your_account: &'static str,
    /// Heads the sections of the server.
    pub this_server: &'static str,
    /// Names the section of password and second factor.
    pub security: &'static str,
    /// Names the section of devices.
    pub devices: &'static str,
    /// Names the section of tokens.
    pub programs: &'static str,
    /// Names the section of export and deletion.
    pub data: &'static str,
    /// Names the section of people.
    pub registered: &'static str,
    /// Labels the display name.
    pub profile_name: &'static str,
    /// What a status is.
    pub status_hint: &'static str,
    /// The switch of telling others what one read.
    pub tells_read: &'static str,
    /// What it means.
    pub tells_read_hint: &'static str,
    /// Heads the password, and changes it.
    pub change_password: &'static str,
    /// What it does besides.
    pub change_password_hint: &'static str,
    /// Labels the password of now.
    pub current_password: &'static str,
    /// It was changed.
    pub password_changed: &'static str,
    /// What is listed.
    pub devices_intro: &'static str,
    /// Marks the device that one looks at.
    pub this_device: &'static str,
    /// Signs out everywhere else.
    pub end_others: &'static str,
    /// That was done.
    pub ended_others: &'static str,
    /// Heads the second factor.
    pub second_factor: &'static str,
    /// What it would do.
    pub factor_off: &'static str,
    /// Begins to set it up.
    pub factor_begin: &'static str,
    /// What to do with the picture.
    pub factor_scan: &'static str,
    /// Says what the picture is.
    pub factor_picture: &'static str,
    /// Turns it on.
    pub factor_enable: &'static str,
    /// It is on.
    pub factor_on: &'static str,
    /// What recovery codes are.
    pub factor_codes: &'static str,
    /// Saves them as a file.
    pub factor_download: &'static str,
    /// Ends their being shown.
    pub factor_kept: &'static str,
    /// Turns it off.
    pub factor_disable: &'static str,
    /// It is off.
    pub factor_disabled: &'static str,
    /// Labels the password that confirms.
    pub confirm_password: &'static str,
    /// What tokens are.
    pub tokens_intro: &'static str,
    /// Labels the name of a token.
    pub token_name: &'static str,
    /// Labels the scope.
    pub token_scope: &'static str,
    /// The scope of reading.
    pub scope_read: &'static str,
    /// The scope of writing.
    pub scope_write: &'static str,
    /// The scope of managing.
    pub scope_manage: &'static str,
    /// A quarter of a year.
    pub one_quarter: &'static str,
    /// A year.
    pub one_year: &'static str,
    /// No end.
    pub never: &'static str,
    /// Makes a token.
    pub make_token: &'static str,
    /// It was made.
    pub token_made: &'static str,
    /// There are none.
    pub no_tokens: &'static str,
    /// Heads the export.
    pub export: &'static str,
    /// What is in it.
    pub export_intro: &'static str,
    /// Downloads it.
    pub export_action: &'static str,
    /// Heads the deletion, and does it.
    pub delete: &'static str,
    /// What it means.
    pub delete_intro: &'static str,
    /// Which files can be one.
    pub picture_hint: &'static str,
    /// Chooses a file.
    pub choose_picture: &'static str,
    /// Chooses a file in place of the picture that there is.
    pub other_picture: &'static str,
    /// Takes what was chosen.
    pub use_picture: &'static str,
    /// It is there.
    pub picture_set: &'static str,
    /// It is gone.
    pub picture_removed: &'static str,
    /// What it is.
    pub letter_intro: &'static str,
    /// Labels the field.
    pub letter_name: &'static str,
    /// Sends it.
    pub letter_send: &'static str,
    /// It is on its way, if there is such an account.
    pub letter_sent: &'static str,
    /// Leads on without one.
    pub have_code: &'static str,
    /// Leads back to it.
    pub letter_again: &'static str,
    /// Heads the choice of who may register.
    pub registration: &'static str,
    /// What it means.
    pub open_hint: &'static str,
    /// Whoever is invited.
    pub by_invitation: &'static str,
    /// What it means.
    pub by_invitation_hint: &'static str,
    /// What it means.
    pub closed_hint: &'static str,
    /// What it means.
    pub guests_hint: &'static str,
    /// Friends.
    pub contact_friends: &'static str,
    /// What that means.
    pub contact_friends_hint: &'static str,
    /// Everyone who has an account.
    pub contact_team: &'static str,
    /// What that means.
    pub contact_team_hint: &'static str,
    /// What an invitation is.
    pub invitations_intro: &'static str,
    /// Makes an invitation.
    pub make_invitation: &'static str,
    /// It was made.
    pub invitation_made: &'static str,
    /// There are none.
    pub no_invitations: &'static str,
    /// What is listed.
    pub people_intro: &'static str,
    /// Deactivates an account.
    pub deactivate: &'static str,
    /// Lets it be used again.
    pub reactivate: &'static str,
    /// Marks an account that is not active.
    pub deactivated: &'static str,
    /// Makes a code for a new password.
    pub make_reset_code: &'static str,
    /// It was made.
    pub reset_code_made: &'static str,
    /// Marks an account with a second factor.
    pub factor_mark: &'static str,
    /// When something was last used.
    pub last_used: fn(when: &str) -> String,
    /// How many recovery codes are left.
    pub codes_left: fn(codes: u32) -> String,
    /// Signs out one device, for those who listen.
    pub end_session: fn(device: &str) -> String,
}

impl OwnTexts {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::own::TEXTS,
            Language::Zh => &zh::own::TEXTS,
        }
    }
}

impl AccountTexts {
    /// The texts of the pages of one's own account in the same language.
    pub fn own(&self) -> &'static OwnTexts {
        OwnTexts::of(self.language)
    }
}
