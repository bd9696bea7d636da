//! What the pages of accounts say in Simplified Chinese. They do not know the other language.

use crate::preferences::Language;
use crate::text::account::AccountTexts;

/// The texts of the pages of accounts in Simplified Chinese.
pub(super) const TEXTS: AccountTexts = AccountTexts {
    language: Language::Zh,
    // ---- Entering ----
    not_reached: "无法连接服务器，请检查网络后重试。",
    show: "显示",
    hide: "隐藏",
    copy: "复制",
    copied: "已复制",
    retry: "重试",
    loading: "正在加载…",
    absent: "此页面未能加载",
    absent_hint: "请检查网络后重试。如果仍然不行，请重新加载 Parley。",
    reload: "重新加载",
    cancel: "取消",
    sure: "再按一次确认",
    to_lobby: "返回大厅",
    other_language: "English",
    user_name: "用户名",
    password_hint: "至少 8 个字符。几个词连在一起会更好记。",
    email: "电子邮箱（选填）",
    email_hint: "只有你和这台服务器的管理者能看到。",
    sign_in: "登录",
    register: "注册账号",
    code: "身份验证器上的验证码",
    reset: "设置新密码",
    sign_out: "退出登录",
    signed_out: "你已退出登录。写下的内容会保留到你再次登录。",
    guest_out: "这里不再接受访客，请登录后继续。",
    guest: "你现在是访客。",

    // ---- First start ----
    unclaimed: "这台服务器还没有所有者。",
    claim: "开始设置",
    // ---- Settings ----
    settings: "账号与服务器",
    open_settings: "账号设置",
    profile: "个人资料",
    server: "谁可以进来",
    invitations: "邀请",
    save: "保存",
    saved: "已保存。",
    status: "状态（选填）",
    about: "关于我（选填）",
    about_hint: "写几行给查看你资料的人。",
    factor_key: "密钥",
    expiry: "有效期",
    one_day: "1 天",
    one_week: "7 天",
    one_month: "30 天",
    revoke: "撤销",
    // ---- One's picture ----
    remove_picture: "移除头像",
    // ---- The server ----
    open: "任何人",
    closed: "不开放",
    guests: "允许访客进入",
    contact: "谁可以给谁发消息",
    uses: "可用人数",
    more: "显示更多",
    role: "身份",
    member: "成员",
    administrator: "管理员",
    owner: "所有者",
    // ---- Sentences with a number or a name ----
    title: |page| format!("{page} · Parley"),
    signed_in_as: |user_name| format!("已登录：{user_name}"),
    since: |when| format!("始于 {when}"),
    until: |when| format!("有效期至 {when}"),
    uses_left: |uses| format!("还可供 {uses} 人使用"),
};
