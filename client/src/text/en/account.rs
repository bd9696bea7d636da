//! What the pages of accounts say in English. They do not know the other language.

use crate::preferences::Language;
use crate::text::account::AccountTexts;

/// The texts of the pages of accounts in English.
pub(super) const TEXTS: AccountTexts = AccountTexts {
    language: Language::En,
    // ---- Entering ----
    not_reached: "The server can’t be reached. Please check your connection and try again.",
    show: "Show",
    hide: "Hide",
    copy: "Copy",
    copied: "Copied",
    retry: "Try again",
    loading: "Loading…",
    absent: "This page didn’t arrive",
    absent_hint: "Check your connection and try again. If that doesn’t help, load Parley anew.",
    reload: "Load anew",
    cancel: "Cancel",
    sure: "Press again to confirm",
    to_lobby: "Back to the Lobby",
    other_language: "简体中文",
    user_name: "User name",
    password_hint: "At least 8 characters. Several words in a row are easy to remember.",
    email: "E-mail (optional)",
    email_hint: "Only you and those who run this server can see it.",
    sign_in: "Sign in",
    register: "Create an account",
    code: "Code from your authenticator",
    reset: "Set a new password",
    sign_out: "Sign out",
    signed_out: "You’re signed out here. What you wrote is kept until you sign in again.",
    guest_out: "Guests can’t come in here any more. Sign in to go on.",
    guest: "You’re here as a guest.",

    // ---- First start ----
    unclaimed: "This server has no owner yet.",
    claim: "Set it up",
    // ---- Settings ----
    settings: "Account and server",
    open_settings: "Account settings",
    profile: "Profile",
    server: "Who may come in",
    invitations: "Invitations",
    save: "Save",
    saved: "Saved.",
    status: "Status (optional)",
    about: "About you (optional)",
    about_hint: "A few lines for those who look at your profile.",
    factor_key: "Key",
    expiry: "It ends after",
    one_day: "1 day",
    one_week: "7 days",
    one_month: "30 days",
    revoke: "Revoke",
    // ---- One's picture ----
    remove_picture: "Remove picture",
    // ---- The server ----
    open: "Anyone",
    closed: "Nobody",
    guests: "Guests may come in",
    contact: "Who may write to whom",
    uses: "For how many people",
    more: "Show more",
    role: "Role",
    member: "Member",
    administrator: "Administrator",
    owner: "Owner",
    // ---- Sentences with a number or a name ----
    title: |page| format!("{page} · Parley"),
    signed_in_as: |user_name| format!("Signed in as {user_name}"),
    since: |when| format!("Since {when}"),
    until: |when| format!("Ends: {when}"),
    uses_left: |uses| match uses {
        1 => "For 1 more person".to_owned(),
        _ => format!("For {uses} more people"),
    },
};
