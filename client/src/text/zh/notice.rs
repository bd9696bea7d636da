//! What happened to a group, in Simplified Chinese. It does not know how people are named.

use parley_shared::model::{Notice, Role};

/// What happened, and by whom.
pub(super) fn notice(notice: &Notice, author: &str, people: &[String]) -> String {
    let whom = names(people);
    match notice {
        Notice::Created { name } => format!("{author} 创建了群组“{name}”"),
        Notice::Joined => format!("{author} 加入了群组"),
        Notice::Added { .. } => format!("{author} 邀请 {whom} 加入了群组"),
        Notice::Left => format!("{author} 退出了群组"),
        Notice::Removed { .. } => format!("{author} 将 {whom} 移出了群组"),
        Notice::Banned { .. } => format!("{author} 将 {whom} 移出群组，并禁止再加入"),
        Notice::RoleChanged { role, .. } => match role {
            Role::Owner => format!("{author} 将群组转让给了 {whom}"),
            Role::Administrator => format!("{author} 将 {whom} 设为管理员"),
            Role::Member => format!("{author} 取消了 {whom} 的管理员身份"),
        },
        Notice::Renamed { name } => format!("{author} 将群组改名为“{name}”"),
        Notice::Described => format!("{author} 修改了群组简介"),
        Notice::PictureChanged => format!("{author} 更换了群组头像"),
        Notice::VisibilityChanged { public: true } => format!("{author} 将群组设为公开"),
        Notice::VisibilityChanged { public: false } => format!("{author} 将群组设为私密"),
        Notice::Archived => format!("{author} 归档了群组"),
        Notice::Restored => format!("{author} 恢复了群组"),
        Notice::Unknown => format!("{author} 修改了群组"),
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
