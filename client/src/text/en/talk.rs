//! What is said of what can be done about a message, in English. They do not know the other language.

use crate::text::talk::TalkTexts;

/// The texts about messages in English.
pub(in crate::text) static TEXTS: TalkTexts = TalkTexts {
    edit: "Edit",
    delete: "Delete",
    mark_unread_from: "Mark as unread from here",
    mark_unread: "Mark as unread",
    mark_read: "Mark as read",
    versions: "Earlier versions",
    version_now: "now",
    version_first: "at first",
    reached: "Who has read this",
    reached_read: "Read by",
    reached_delivered: "Delivered to",
    reached_not: "Not delivered yet",
    reached_nobody: "Nobody yet.",
    reached_hint: "Whoever keeps what they read to themselves counts as delivered.",
    reached_of: |count, of| format!("{count} of {of}"),
    delete_title: "Delete this message?",
    delete_own: "It will be gone for everyone, with its earlier versions. A note that it was deleted stays.",
    delete_other: |name| {
        format!(
            "{name}’s message will be gone for everyone, with its earlier versions. A note that you deleted it stays."
        )
    },
    keep: "Cancel",
    people_meant: "People to mention",
};
