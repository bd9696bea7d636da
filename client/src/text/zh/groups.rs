//! What the pages of groups say in Simplified Chinese. They do not know the other language.

use crate::text::groups::GroupTexts;

/// The texts of the pages of groups in Simplified Chinese.
pub(in crate::text) static TEXTS: GroupTexts = GroupTexts {
    // ---- Finding groups ----
    groups: "群组",
    public_groups: "公开群组",
    groups_intro: "对所有有账号的人开放的群组。",
    find_groups: "按名称查找群组",
    none_listed: "还没有公开的群组",
    none_listed_hint: "创建一个，别人就能在这里找到它。",
    none_found: "没有名称以此开头的公开群组。",
    open: "打开",
    join: "加入",
    public: "公开",
    private: "私密",
    archived: "已归档",

    // ---- Making one ----
    new_group: "新建群组",
    new_group_intro: "把想聊到一起的人聚在一个群组里。",
    name: "名称",
    about: "简介（选填）",
    about_hint: "用几行文字说说这个群组是做什么的。",
    visibility: "谁能找到它？",
    private_hint: "只有被邀请或持有链接的人才能加入。",
    public_hint: "会列在群组目录中，有账号的人都能加入。",
    come_along: "邀请谁加入？（选填）",
    make: "创建群组",

    // ---- Choosing people ----
    find_friends: "按名字查找好友",
    find_people: "按名字查找",
    no_friends: "添加的好友会列在这里。",
    no_people: "输入名字来查找。",
    nobody_found: "没有名字以此开头的好友。",

    // ---- A group ----
    open_conversation: "打开会话",
    members: "成员",
    links: "邀请链接",
    bans: "黑名单",
    settings: "设置",
    leave: "退出群组",
    leave_warning: "退出后你将无法再阅读这个群组，它也会从列表中消失。",
    leave_alone_warning: "这里只剩你一个人。退出后群组将被永久归档。",
    owner_stays: "你是群主。请先把群组转让给其他成员：点成员名字旁的 ⋯。",
    not_there: "没有这个群组",
    not_there_hint: "它可能是私密群组而你不在其中，或者地址不完整。",
    archived_note: "群组已归档，只能阅读。",

    // ---- Members ----
    owner: "群主",
    administrator: "管理员",
    find_members: "按名字查找成员",
    add_people: "添加成员",
    add: "添加到群组",
    added: "他们已经在群组里了。",
    make_administrator: "设为管理员",
    make_member: "取消管理员",
    hand_on: "转让群组",
    remove: "移出群组",
    ban: "移出并拉黑",

    // ---- Invitations ----
    links_intro: "在有效期内，打开链接的人都可以加入这个群组。他们需要有账号。",
    link_uses: "可用人数",
    make_link: "创建链接",
    link_made: "把这个链接发给要邀请的人。它只显示这一次。",
    open_links: "有效的链接",
    no_links: "没有有效的链接。",

    // ---- Those who are banned ----
    bans_intro: "黑名单中的人不能加入、被添加或使用链接。",
    no_bans: "黑名单是空的。",
    lift: "移出黑名单",

    // ---- What it is called and more ----
    describe: "名称与简介",
    archive: "归档群组",
    archive_intro: "归档后的群组可以阅读，但不能再发言或加入。之后可以恢复。",
    archive_warning: "在恢复之前，谁都不能在这里发言。",
    restore: "恢复群组",
    restore_intro: "群组已归档。恢复后成员又可以发言。",

    // ---- Coming by a link ----
    invited: "你受邀加入一个群组",
    in_it: "你已经在这个群组里了。",
    join_group: "加入群组",
    account_needed: "加入群组需要账号。登录后会直接回到这里。",
    unknown_link: "这个链接无效",
    unknown_link_hint: "它可能已过期、已用完或已被撤销，请再要一个。",
    you_are_banned: "你已被禁止加入这个群组。",

    // ---- Sentences with a number or a name ----
    members_number: |members| format!("{members} 名成员"),
    chosen: |people, bound| {
        if people >= bound {
            format!("已选 {people} 人，一次最多这么多")
        } else {
            format!("已选 {people} 人")
        }
    },
    choose_not: |name| format!("不选 {name}"),
    more_of: |name| format!("更多：{name}"),
    hand_on_warning: |name| format!("{name} 将成为群主，你将成为管理员。"),
    remove_warning: |name| format!("{name} 将无法再阅读这个群组，之后可以重新添加。"),
    ban_warning: |name| format!("{name} 将无法再阅读这个群组，也不能再加入。"),
    here_since: |when| format!("加入于 {when}"),
    banned_since: |when| format!("拉黑于 {when}"),
};
