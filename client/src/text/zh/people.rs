//! What the pages of friends say in Simplified Chinese. They do not know the other language.

use crate::text::people::PeopleTexts;

/// The texts about people in Simplified Chinese.
pub(in crate::text) static TEXTS: PeopleTexts = PeopleTexts {
    // ---- The page of contacts ----
    contacts: "联系人",
    find: "查找联系人",
    find_among_friends: "输入完整的用户名；好友输入名字开头即可找到。",
    find_in_team: "输入名字或用户名的开头即可。",
    found: "查找结果",
    none_among_friends: "没有找到。还不是好友的人，需要输入完整的用户名。",
    none_in_team: "没有名字这样开头的人。",
    notes: "笔记",
    notes_hint: "写在这里的内容只有你自己能看到。",
    incoming: "等待你答复",
    outgoing: "已发出的请求",
    friends: "好友",
    no_friends: "还没有好友。在上方输入用户名找到对方，然后发送好友请求。",
    blocked: "黑名单",
    no_blocked: "你没有屏蔽任何人。",
    end: "已显示全部。",

    // ---- What can be done ----
    message: "发消息",
    befriend: "加为好友",
    accept: "接受",
    decline: "拒绝",
    withdraw: "撤回",
    end_friendship: "删除好友",
    block: "屏蔽",
    block_hint: "被屏蔽的人无法给你发消息，也不会收到通知。",
    unblock: "取消屏蔽",
    remark: "备注",
    remark_label: "备注名",
    remark_hint: "只有你能看到。留空则显示对方自己的名字。",

    // ---- What was done, for those who listen ----
    asked: "好友请求已发送。",
    accepted: "你们已成为好友。",
    declined: "已拒绝请求。",
    withdrawn: "已撤回请求。",
    ended: "你们不再是好友。",
    was_blocked: "已屏蔽此人。",
    was_unblocked: "已取消屏蔽。",

    // ---- The card ----
    profile: "个人资料",
    online: "在线",
    friend: "好友",
    is_asked: "已发送请求",
    has_asked: "请求加为好友",
    is_blocked: "已屏蔽",
    guest: "访客",
    about: "简介",
    gone: "这里没有人，或对方没有向你公开资料。",
    edit_profile: "编辑资料",

    // ---- Sentences with a time ----
    friends_since: |when| format!("{when} 成为好友"),
};
