//! What is said of what can be done about a message, in Simplified Chinese. They do not know the other language.

use crate::text::talk::TalkTexts;

/// The texts about messages in Chinese.
pub(in crate::text) static TEXTS: TalkTexts = TalkTexts {
    edit: "编辑",
    delete: "删除",
    mark_unread_from: "从这里标为未读",
    mark_unread: "标为未读",
    mark_read: "标为已读",
    versions: "历史版本",
    version_now: "当前",
    version_first: "最初",
    reached: "谁读过这条消息",
    reached_read: "已读",
    reached_delivered: "已送达",
    reached_not: "尚未送达",
    reached_nobody: "还没有人。",
    reached_hint: "不公开已读状态的人只计入已送达。",
    reached_of: |count, of| format!("{of} 人中的 {count} 人"),
    delete_title: "删除这条消息？",
    delete_own: "所有人都不能再看到它和它的历史版本，只会留下一条删除提示。",
    delete_other: |name| {
        format!("所有人都不能再看到 {name} 的这条消息和它的历史版本，只会留下一条由你删除的提示。")
    },
    keep: "取消",
    people_meant: "可以提到的人",
};
