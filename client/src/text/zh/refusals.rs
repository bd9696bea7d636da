//! Why something was refused, in Chinese, for pages that ask more than the connection does. They do not know the other language.

use parley_shared::protocol::Refusal;

#[expect(
    clippy::too_many_lines,
    reason = "a table of sentences is not clearer in two parts, and the compiler sees that none is missing"
)]
pub(in crate::text) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => "这里没有内容，或你无权查看。".to_owned(),
        Refusal::MethodNotAllowed => "服务器不支持这个操作，刷新页面可能会解决。".to_owned(),
        Refusal::UnsupportedMediaType => "服务器没有读懂这个请求，刷新页面可能会解决。".to_owned(),
        Refusal::BodyTooLarge { limit_bytes } => {
            format!("内容过大，无法发送，上限为 {} KB。", limit_bytes / 1024)
        }
        Refusal::ForeignOrigin => "服务器不接受来自这个网址的页面，管理员可以允许它。".to_owned(),
        Refusal::GuestsNotAllowed => "这里不接受访客，请先登录。".to_owned(),
        Refusal::WrongCredentials => "用户名或密码不正确。".to_owned(),
        Refusal::SecondFactorNeeded => "请输入身份验证器上的验证码。".to_owned(),
        Refusal::SecondFactorWrong => "验证码不正确或已使用过，请等待下一个。".to_owned(),
        Refusal::WrongPassword => "密码不正确。".to_owned(),
        Refusal::RoleTooSmall { .. } => "你的身份不允许这个操作。".to_owned(),
        Refusal::SessionNeeded => "令牌不能做这件事，请用密码登录。".to_owned(),
        Refusal::TooManyAttempts { retry_after_ms } => format!(
            "尝试次数过多，请在 {} 秒后再试。",
            retry_after_ms.div_ceil(1000)
        ),
        Refusal::Busy { .. } => "服务器正忙，请稍后再试。".to_owned(),
        Refusal::RegistrationClosed => "这里暂时不能注册。".to_owned(),
        Refusal::InvitationNeeded => "在这里注册需要邀请。".to_owned(),
        Refusal::UnknownInvitation => "这个邀请无效或已失效，请再要一个。".to_owned(),
        Refusal::UnknownResetCode => "这个重置码无效或已失效，请再要一个。".to_owned(),
        Refusal::AlreadyRegistered => "你已经有账号了。".to_owned(),
        Refusal::UserNameTaken => "这个用户名已被使用，或与别的用户名太像。".to_owned(),
        Refusal::UserNameTooShort { limit_chars } => {
            format!("用户名过短，至少 {limit_chars} 个字符。")
        }
        Refusal::UserNameTooLong { limit_chars } => {
            format!("用户名过长，最多 {limit_chars} 个字符。")
        }
        Refusal::UserNameHasSymbol { code_point } => format!(
            "用户名只能由字母和数字组成，中间可以有 . _ -（此处不能有 U+{code_point:04X}）。"
        ),
        Refusal::UserNameMixesScripts => "用户名请只用一种文字。".to_owned(),
        Refusal::PasswordTooShort { limit_chars } => {
            format!("密码过短，至少 {limit_chars} 个字符。")
        }
        Refusal::PasswordTooLong { limit_bytes } => {
            format!("密码过长，上限为 {limit_bytes} 字节。")
        }
        Refusal::EmailMalformed => "这不像是一个电子邮箱地址。".to_owned(),
        Refusal::AboutTooLong { limit_chars } => format!("文字过长，最多 {limit_chars} 个字符。"),
        Refusal::StatusTooLong { limit_chars } => format!("状态过长，最多 {limit_chars} 个字符。"),
        Refusal::ProfileHasControl { code_point } => {
            format!("文字中有不可见的字符（U+{code_point:04X}）。")
        }
        Refusal::ExpiryOutOfRange { limit_ms } => {
            format!("请选择将来的截止时间，最长 {} 天。", limit_ms / 86_400_000)
        }
        Refusal::UsesOutOfRange { limit } => format!("请选择 1 到 {limit} 之间的数字。"),
        Refusal::TooMany { limit } => format!("最多只能有 {limit} 个，请先删除一个。"),
        Refusal::LastOwner => "你是最后一位所有者，请先把身份交给别人。".to_owned(),
        Refusal::Yourself => "不能对自己这样做。".to_owned(),
        Refusal::Banned { .. } => "此人已被禁止加入这个群组。".to_owned(),
        Refusal::PictureUnreadable => {
            "无法读取这个文件，请选择 PNG、JPEG、GIF 或 WebP 图片。".to_owned()
        }
        Refusal::PictureTooLarge { limit_pixels } => {
            format!("图片过大，每边最多 {limit_pixels} 像素。")
        }
        Refusal::NoMail => "这个服务器不发送邮件。".to_owned(),
        Refusal::SecondFactorOn => "两步验证已经开启。".to_owned(),
        Refusal::SecondFactorOff => "两步验证没有开启，或还没有开始设置。".to_owned(),
        Refusal::Archived
        | Refusal::CommandTooLarge { .. }
        | Refusal::IdTaken
        | Refusal::Malformed { .. }
        | Refusal::NameBlank
        | Refusal::NameHasControl { .. }
        | Refusal::NameTooLong { .. }
        | Refusal::NotFriends { .. }
        | Refusal::ScopeTooSmall { .. }
        | Refusal::SignInNeeded
        | Refusal::TextBlank
        | Refusal::TextHasControl { .. }
        | Refusal::TextTooLong { .. }
        | Refusal::TooFast { .. }
        | Refusal::TooManyPeople { .. }
        | Refusal::Unavailable
        | Refusal::Unknown
        | Refusal::UnknownCommand
        | Refusal::UnknownContent
        | Refusal::UnknownMessage
        | Refusal::NotYours
        | Refusal::UnknownConversation
        | Refusal::UnsupportedProtocol { .. } => super::refusal(refusal),
    }
}
