//! What happened to a group, in Simplified Chinese. It does not know how people are named.

use parley_shared::model::{Notice, Role};

/// What happened, and by whom.
pub(super) fn notice(notice: &Notice, author: &str, people: &[String]) -> String {
    let (by, whom) = (before(author), between(&names(people)));
    match notice {
        Notice::Created { name } => format!("{by}创建了群组“{name}”"),
        Notice::Joined => format!("{by}加入了群组"),
        Notice::Added { .. } => format!("{by}邀请{whom}加入了群组"),
        Notice::Left => format!("{by}退出了群组"),
        Notice::Removed { .. } => format!("{by}将{whom}移出了群组"),
        Notice::Banned { .. } => format!("{by}将{whom}移出群组，并禁止再加入"),
        Notice::RoleChanged { role, .. } => match role {
            Role::Owner => format!("{by}将群组转让给了{}", whom.trim_end()),
            Role::Administrator => format!("{by}将{whom}设为管理员"),
            Role::Member => format!("{by}取消了{whom}的管理员身份"),
        },
        Notice::Renamed { name } => format!("{by}将群组改名为“{name}”"),
        Notice::Described => format!("{by}修改了群组简介"),
        Notice::PictureChanged => format!("{by}更换了群组头像"),
        Notice::VisibilityChanged { public: true } => format!("{by}将群组设为公开"),
        Notice::VisibilityChanged { public: false } => format!("{by}将群组设为私密"),
        Notice::Archived => format!("{by}归档了群组"),
        Notice::Restored => format!("{by}恢复了群组"),
        Notice::Unknown => format!("{by}修改了群组"),
    }
}

/// People in a row; of many, the first two.
fn names(people: &[String]) -> String {
    match people {
        [] => "某人".to_owned(),
        [_] | [_, _] | [_, _, _] => people.join("、"),
        [one, two, ..] => format!("{one}、{two} 等 {} 人", people.len()),
    }
}

/// Names stand apart from Chinese words by a space, and "you" is such a word.
fn before(name: &str) -> String {
    if name == YOU {
        name.to_owned()
    } else {
        format!("{name} ")
    }
}

/// A name between Chinese words.
fn between(name: &str) -> String {
    if name == YOU {
        name.to_owned()
    } else {
        format!(" {name} ")
    }
}

/// The reader, as the page names them.
const YOU: &str = "你";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_apart_and_you_does_not() {
        let removed = Notice::Removed {
            person: parley_shared::ids::UserId::from_bytes([1; 16]),
        };
        let said = |author, whom: &str| notice(&removed, author, &[whom.to_owned()]);
        assert_eq!(said("Bo", "你"), "Bo 将你移出了群组");
        assert_eq!(said("你", "Bo"), "你将 Bo 移出了群组");
        let owner = Notice::RoleChanged {
            person: parley_shared::ids::UserId::from_bytes([1; 16]),
            role: Role::Owner,
        };
        assert_eq!(
            notice(&owner, "你", &["Bo".to_owned()]),
            "你将群组转让给了 Bo"
        );
        assert_eq!(
            notice(&owner, "Bo", &["你".to_owned()]),
            "Bo 将群组转让给了你"
        );
    }
}
