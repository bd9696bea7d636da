//! What the pages of friends say in English. They do not know the other language.

use crate::text::people::PeopleTexts;

/// The texts about people in English.
pub(in crate::text) static TEXTS: PeopleTexts = PeopleTexts {
    // ---- The page of contacts ----
    contacts: "Contacts",
    find: "Find people",
    find_among_friends: "By their whole user name. Friends are found by how their name begins.",
    find_in_team: "By how their name or user name begins.",
    found: "Found",
    none_among_friends: "Nobody found. People who aren’t your friends are found by their whole user name.",
    none_in_team: "Nobody’s name begins like this.",
    notes: "Notes",
    notes_hint: "What you write here, only you can see.",
    incoming: "Waiting for your answer",
    outgoing: "Requests you sent",
    friends: "Friends",
    no_friends: "No friends yet. Find someone by their user name above, and ask them to be friends.",
    blocked: "Blocked people",
    no_blocked: "You haven’t blocked anyone.",
    end: "That’s everyone.",

    // ---- What can be done ----
    message: "Message",
    befriend: "Add friend",
    accept: "Accept",
    decline: "Decline",
    withdraw: "Withdraw",
    end_friendship: "Remove friend",
    block: "Block",
    block_hint: "Whoever you block can’t write to you, and isn’t told that you blocked them.",
    unblock: "Unblock",
    remark: "Nickname",
    remark_label: "Your name for them",
    remark_hint: "Only you see it. Leave it empty to see the name they chose.",

    // ---- What was done, for those who listen ----
    asked: "Your request is sent.",
    accepted: "You’re friends now.",
    declined: "The request is declined.",
    withdrawn: "Your request is withdrawn.",
    ended: "You’re no longer friends.",
    was_blocked: "This person is blocked.",
    was_unblocked: "This person is no longer blocked.",

    // ---- The card ----
    profile: "Profile",
    online: "Online",
    friend: "Friend",
    is_asked: "Request sent",
    has_asked: "Asks to be friends",
    is_blocked: "Blocked",
    guest: "Guest",
    about: "About",
    gone: "There is nobody here, or they don’t show themselves to you.",
    edit_profile: "Edit profile",

    // ---- Sentences with a time ----
    friends_since: |when| format!("Friends since {when}"),
};
