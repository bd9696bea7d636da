//! What happened to a group, in English. It does not know how people are named.

use parley_shared::model::{Notice, Role};

/// What happened, and by whom. Past tense reads the same of "you" as of anyone else.
pub(super) fn notice(notice: &Notice, author: &str, people: &[String]) -> String {
    let whom = names(people);
    match notice {
        Notice::Created { name } => format!("{author} created the group “{name}”"),
        Notice::Joined => format!("{author} joined the group"),
        Notice::Added { .. } => format!("{author} added {whom}"),
        Notice::Left => format!("{author} left the group"),
        Notice::Removed { .. } => format!("{author} removed {whom}"),
        Notice::Banned { .. } => format!("{author} removed and banned {whom}"),
        Notice::RoleChanged { role, .. } => match role {
            Role::Owner => format!("{author} made {whom} the owner"),
            Role::Administrator => format!("{author} made {whom} an administrator"),
            Role::Member => format!("{author} made {whom} a member again"),
        },
        Notice::Renamed { name } => format!("{author} named the group “{name}”"),
        Notice::Described => format!("{author} changed what the group is about"),
        Notice::PictureChanged => format!("{author} changed the group’s picture"),
        Notice::VisibilityChanged { public: true } => format!("{author} made the group public"),
        Notice::VisibilityChanged { public: false } => format!("{author} made the group private"),
        Notice::Archived => format!("{author} archived the group"),
        Notice::Restored => format!("{author} opened the group again"),
        Notice::Unknown => format!("{author} changed the group"),
    }
}

/// People in a row; of many, the first two.
fn names(people: &[String]) -> String {
    match people {
        [] => "someone".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} others", rest.len()),
    }
}
