//! The texts in Simplified Chinese. They do not know the other language.

use parley_shared::protocol::Refusal;

use super::{Texts, kibibytes};
use crate::preferences::Language;

mod account;
pub(in crate::text) mod groups;
mod notice;
pub(in crate::text) mod own;
pub(super) mod people;
pub(super) mod proof;
pub(in crate::text) mod refusals;
pub(in crate::text) mod talk;

/// The texts in Simplified Chinese.
pub(super) const TEXTS: Texts = Texts {
    language: Language::Zh,
    doubted: "不是发送时的内容",
    lobby: "大厅",
    window_title: |unread, mentions, conversation| match (unread, mentions) {
        (0, _) => format!("{conversation} · Parley"),
        (_, 0) => format!("({unread}) {conversation} · Parley"),
        _ => format!("({unread}, @{mentions}) {conversation} · Parley"),
    },
    skip_to_composer: "跳到输入框",
    conversations: "会话",
    notes: "我的笔记",
    other_conversation: "会话",
    contacts: |requests| match requests {
        0 => "联系人".to_owned(),
        _ => format!("联系人，{requests} 个好友申请"),
    },
    new_group: "新建群组",
    filter: "查找会话",
    filter_empty: "没有叫这个名字的会话。",
    list_empty: "可以和好友私聊，也可以建一个群组。",
    list_empty_action: "查找联系人",
    show_list: |unread| match unread {
        0 => "查看会话".to_owned(),
        _ => format!("查看会话，{unread} 条未读"),
    },
    unread: |unread| format!("{unread} 条未读"),
    mentions: |mentions| format!("{mentions} 条提到你"),
    here: "在线",
    away: "不在线",
    members: |members, online| format!("{members} 位成员，{online} 人在线"),
    notes_status: "只有你自己能看到",
    show_person: |name| format!("查看 {name} 的资料"),
    show_group: |name| format!("查看群组 {name}"),
    missing_title: "这里没有可以查看的内容",
    missing_text: "会话不存在，或你无权查看。你可能已经退出，或被移出。",
    missing_action: "前往大厅",
    closed_group: "这个群组已归档，可以查看，不能再发言。",
    closed_direct: "你们目前不能互相发消息，之前的内容仍会保留。",
    closed_deleted: "对方已注销账号，之前的内容仍会保留。",

    people: "成员",
    online: |people| format!("{people} 人在线"),
    people_not_listed: "在线人数较多，不再逐一列出。",
    show_people: |people| format!("查看成员，{people} 人在线"),
    you: "我",
    guest: |digits| format!("访客 {digits}"),
    typing: |names| match names {
        [one] => format!("{one} 正在输入…"),
        [one, two] => format!("{one} 和 {two} 正在输入…"),
        _ => format!("{} 人正在输入…", names.len()),
    },

    settings: "设置",
    close: "关闭",
    change_name: "修改名字",
    name_label: "名字",
    name_hint: "其他人看到的就是这个名字。",
    save: "保存",
    language_label: "语言",
    language_auto: "跟随浏览器",
    theme_label: "外观",
    theme_system: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    your_id: "我的 ID",

    log_label: |conversation| format!("{conversation}的消息"),
    new_messages: "以下为新消息",
    jump: |unread| match unread {
        0 => "回到最新消息".to_owned(),
        _ => format!("{unread} 条新消息"),
    },
    beginning: "会话从这里开始",
    loading: "正在加载消息",
    empty_title: "这里还很安静",
    empty_text: "来说第一句话吧。打开这个页面的人都能看到，也都能回复。",
    empty_direct: "打个招呼吧，只有你们两人能看到。",
    empty_group: "来说第一句话吧，群组里的人都能看到，也都能回复。",
    empty_notes: "记下想留着的内容，只有你自己能看到。",
    empty_action: "发送第一条消息",
    today: "今天",
    yesterday: "昨天",

    waiting: "发送中",
    stored: "已保存",
    sent: "已发送",
    delivered: "已送达",
    read: "已读",
    failed: "未发送",
    retry: "重新发送",
    discard: "放弃",
    copy: "复制",
    copied: "已复制",
    message_deleted: "消息已删除",
    message_deleted_by: |name| format!("{name} 删除了这条消息"),
    edited: "已编辑",
    edited_at: |when| format!("编辑于 {when}，查看历史版本"),
    message_actions: "消息操作",
    conversation_actions: "会话操作",
    unknown_content: "当前页面版本无法显示这条消息，刷新后再看。",
    notice: notice::notice,
    you_did: "你",
    done_to_you: "你",
    you_said: |text| format!("我：{text}"),
    deleted: "已注销的账号",
    said: |author, text| format!("{author}：{text}"),
    many_said: |messages| format!("{messages} 条新消息"),

    composer_label: "消息",
    composer_placeholder: |conversation| format!("发消息到{conversation}"),
    composer_hint: "Enter 发送，Shift + Enter 换行",
    editing: "正在编辑消息",
    cancel_editing: "取消编辑",
    save_edit: "保存修改",
    send: "发送",
    text_size: |bytes, bytes_max| {
        let (used, all) = (kibibytes(bytes), kibibytes(bytes_max));
        if bytes > bytes_max {
            format!("{used} / {all} KB，消息过长，请删减一些")
        } else {
            format!("{used} / {all} KB")
        }
    },

    connecting: "正在连接…",
    lost: |retry_in_secs| match retry_in_secs {
        None => "连接已断开，正在重新连接…".to_owned(),
        Some(seconds) => format!("连接已断开，{seconds} 秒后重试"),
    },
    offline: "离线",
    retry_now: "立即重试",
    outdated: "Parley 已更新，刷新后即可继续聊天。",
    reload: "刷新",

    renamed: "名字已更新",
    outbox_full: "还有许多消息等待发送，请稍等片刻再写。",
    account: account::TEXTS,
    refusal,
};

/// What the connection may refuse. The rest is asked on pages of their own, which have the words for it.
fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed { .. } => "服务器没有读懂这个请求，刷新页面可能会解决。".to_owned(),
        Refusal::UnknownCommand => "服务器不支持这个操作，刷新页面可能会解决。".to_owned(),
        Refusal::UnsupportedProtocol { .. } => "页面与服务器版本不一致，请刷新页面。".to_owned(),
        Refusal::CommandTooLarge { limit_bytes } => {
            format!("内容过大，无法发送，上限为 {} KB。", limit_bytes / 1024)
        }
        Refusal::UnknownConversation => "会话不存在，或你无权查看。".to_owned(),
        Refusal::UnknownMessage => "消息不存在，或已无法修改。".to_owned(),
        Refusal::NotYours => "只能修改自己的消息。".to_owned(),
        Refusal::UnknownContent => "这里不能发送此类消息。".to_owned(),
        Refusal::TextBlank => "消息没有可读的内容。".to_owned(),
        Refusal::TextTooLong { limit_bytes } => {
            format!("消息过长，上限为 {} KB。", limit_bytes / 1024)
        }
        Refusal::TextHasControl { code_point } => {
            format!("消息中有无法发送的字符（U+{code_point:04X}）。")
        }
        Refusal::NameBlank => "请输入一个别人能看见的名字。".to_owned(),
        Refusal::NameTooLong { limit_chars } => format!("名字过长，最多 {limit_chars} 个字符。"),
        Refusal::NameHasControl { code_point } => {
            format!("名字中有不可见的字符（U+{code_point:04X}）。")
        }
        Refusal::IdTaken => "这条消息的编号已被占用，请复制内容后重新发送。".to_owned(),
        Refusal::TooManyPeople { limit } => format!("一次最多查询 {limit} 个人。"),
        Refusal::TooFast { .. } => "操作太快了，请稍等片刻。".to_owned(),
        Refusal::Unavailable => "暂时无法完成，请稍后再试。".to_owned(),
        Refusal::SignInNeeded => "请先登录。".to_owned(),
        Refusal::ScopeTooSmall { .. } => "这个令牌的权限不允许这个操作。".to_owned(),
        Refusal::NotFriends { .. } => "你们目前不能互相发消息。".to_owned(),
        Refusal::Archived => "这个群组已归档，只能查看。".to_owned(),
        _ => "服务器拒绝了请求，当前页面版本不了解具体原因。".to_owned(),
    }
}
