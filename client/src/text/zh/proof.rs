//! What is said of a history that is not what was written, in Simplified Chinese. They do not know the other language.

use crate::text::proof::ProofTexts;

/// The texts about broken histories in Simplified Chinese.
pub(in crate::text) static TEXTS: ProofTexts = ProofTexts {
    altered: |who, when| {
        format!("{who} 在 {when} 的一条消息不是发送时的内容，它在服务器上被改动过。")
    },
    missing: |who, when| format!("{who} 在 {when} 的一条消息不见了。"),
    missing_something: "这里缺少内容：此对话的历史记录不连续。",
    foreign: |who, when| {
        format!("署名 {who}、时间为 {when} 的一条消息从未发送过，是在服务器上添加的。")
    },
    rewritten: |who, when| {
        format!("{who} 在 {when} 所说或所做的与此浏览器先前看到的不一致：历史被改写过。")
    },
    rewritten_somewhere: "此对话的历史与此浏览器先前看到的不一致：它被改写过。",
    cut: |count| format!("此浏览器先前看到的最后 {count} 项内容已从服务器上消失。"),
    right_at: |when| format!("{when} 时仍然正确。"),
    found_at: |when| format!("发现于 {when}。"),
    more: |count| format!("此处另有 {count} 处不正确。"),
    show: "查看",
};
