//! What is said of a history that is not what was written, in English. They do not know the other language.

use crate::text::proof::ProofTexts;

/// The texts about broken histories in English.
pub(in crate::text) static TEXTS: ProofTexts = ProofTexts {
    altered: |who, when| {
        format!("A message by {who} from {when} isn’t what was sent. It was changed on the server.")
    },
    missing: |who, when| format!("A message by {who} from {when} is missing."),
    missing_something: "Something is missing here: this conversation’s history has a hole.",
    foreign: |who, when| {
        format!(
            "A message under the name of {who} from {when} was never sent. It was slipped in on the server."
        )
    },
    rewritten: |who, when| {
        format!(
            "What {who} said or did on {when} isn’t what this browser saw: the history was rewritten."
        )
    },
    rewritten_somewhere: "This conversation’s history isn’t the one that this browser saw: it was rewritten.",
    cut: |count| match count {
        1 => "The last thing that this browser saw here is gone from the server.".to_owned(),
        count => {
            format!("The last {count} things that this browser saw here are gone from the server.")
        }
    },
    right_at: |when| format!("It was still right on {when}."),
    found_at: |when| format!("Found on {when}."),
    more: |count| match count {
        1 => "One more thing here isn’t right.".to_owned(),
        count => format!("{count} more things here aren’t right."),
    },
    show: "Show",
};
