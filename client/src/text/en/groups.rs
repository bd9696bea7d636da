//! What the pages of groups say in English. They do not know the other language.

use crate::text::groups::GroupTexts;

/// The texts of the pages of groups in English.
pub(in crate::text) static TEXTS: GroupTexts = GroupTexts {
    // ---- Finding groups ----
    groups: "Groups",
    public_groups: "Public groups",
    groups_intro: "Groups that are open to everyone with an account.",
    find_groups: "Find a group by its name",
    none_listed: "There’s no public group yet",
    none_listed_hint: "Create one, and others can find it here.",
    none_found: "No public group has a name that begins like this.",
    open: "Open",
    join: "Join",
    public: "Public",
    private: "Private",
    archived: "Archived",

    // ---- Making one ----
    new_group: "New group",
    new_group_intro: "A group is a conversation for people who belong together.",
    name: "Name",
    about: "About (optional)",
    about_hint: "What the group is for, in a few lines.",
    visibility: "Who finds it?",
    private_hint: "Only those who are brought in or have a link.",
    public_hint: "It’s listed, and everyone with an account can join.",
    come_along: "Who comes along? (optional)",
    make: "Create group",

    // ---- Choosing people ----
    find_friends: "Find friends by name",
    find_people: "Find people by name",
    no_friends: "Friends that you add will be listed here.",
    no_people: "Enter a name to find people.",
    nobody_found: "None of your friends has a name that begins like this.",

    // ---- A group ----
    open_conversation: "Open conversation",
    members: "Members",
    links: "Links",
    bans: "Banned",
    settings: "Settings",
    leave: "Leave group",
    leave_warning: "You won’t be able to read this group any more, and it leaves your list.",
    leave_alone_warning: "You’re the only one here. When you leave, the group is archived for good.",
    owner_stays: "You own this group. Hand it on to another member first: press ⋯ beside their name.",
    not_there: "There’s no such group",
    not_there_hint: "Perhaps it’s private and you’re not in it, or the address isn’t complete.",
    archived_note: "This group is archived: it can be read, and nothing else.",

    // ---- Members ----
    owner: "Owner",
    administrator: "Administrator",
    find_members: "Find members by name",
    add_people: "Add people",
    add: "Add to group",
    added: "They’re in the group now.",
    make_administrator: "Make administrator",
    make_member: "Make member again",
    hand_on: "Hand group on",
    remove: "Remove",
    ban: "Ban",

    // ---- Invitations ----
    links_intro: "Whoever opens a link can join this group, as long as it holds. They need an account.",
    link_uses: "For how many people",
    make_link: "Create link",
    link_made: "Send this link to those you invite. It is shown this one time.",
    open_links: "Links that hold",
    no_links: "No link is open.",

    // ---- Those who are banned ----
    bans_intro: "Whoever is banned can’t join, be added or use a link.",
    no_bans: "Nobody is banned.",
    lift: "Lift ban",

    // ---- What it is called and more ----
    describe: "Name and description",
    archive: "Archive group",
    archive_intro: "An archived group can be read, but nobody writes or joins any more. You can restore it.",
    archive_warning: "Nobody will be able to write here until you restore the group.",
    restore: "Restore group",
    restore_intro: "This group is archived. When you restore it, its members can write again.",

    // ---- Coming by a link ----
    invited: "You’re invited to a group",
    in_it: "You’re in this group already.",
    join_group: "Join group",
    account_needed: "You need an account to join. Once you’re signed in, you come straight back here.",
    unknown_link: "This link doesn’t hold",
    unknown_link_hint: "It may have expired, been used up or been revoked. Please ask for another one.",
    you_are_banned: "You were banned from this group and can’t join it.",

    // ---- Sentences with a number or a name ----
    members_number: |members| match members {
        1 => "1 member".to_owned(),
        _ => format!("{members} members"),
    },
    chosen: |people, bound| {
        if people >= bound {
            format!("{people} chosen, which is as many as go at once")
        } else {
            format!("{people} chosen")
        }
    },
    choose_not: |name| format!("Don’t choose {name}"),
    more_of: |name| format!("More: {name}"),
    hand_on_warning: |name| format!("{name} will own this group, and you’ll be an administrator."),
    remove_warning: |name| {
        format!("{name} can’t read this group any more. They can be added again.")
    },
    ban_warning: |name| format!("{name} can’t read this group any more, nor come back."),
    here_since: |when| format!("Joined: {when}"),
    banned_since: |when| format!("Banned: {when}"),
};
