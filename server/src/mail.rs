//! Letters: how they are written and sent. It does not know who asked for one.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use parley_shared::api::Secret;
use parley_shared::limits::{LETTER_TIMEOUT_MS, LETTERS_AT_ONCE_MAX, LETTERS_WAITING_MAX};
use parley_shared::protocol::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Sends letters, where the operator said through whom. Cheap to share.
#[derive(Debug)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where the page is, for links.
    page: Option<String>,
    waiting: Arc<Semaphore>,
    sending: Semaphore,
}

/// A letter with a code that sets a new password.
#[derive(Debug)]
pub struct Letter {
    /// The address of e-mail.
    pub to: String,
    /// Whose password it is.
    pub user_name: String,
    /// The code.
    pub code: Secret,
}

/// Room for what one person asks for. Its holder sends it in their own time.
#[derive(Debug)]
pub struct Room {
    _permit: OwnedSemaphorePermit,
}

impl Mail {
    /// Reads what the operator set. `through` is an address such as `smtps://user:password@host`, `from`
    /// the address that letters come from, `page` the origin of the page.
    ///
    /// # Errors
    /// When one of them is none, or a password would go to another machine unencrypted.
    pub fn new(through: &Secret, from: &str, page: Option<String>) -> anyhow::Result<Self> {
        let from = from
            .parse()
            .with_context(|| format!("mail_from: {from:?} is no address of e-mail"))?;
        // The address itself is not told: it has a password in it.
        let unreadable = "smtp_url: this is no address like smtps://user:password@host";
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&through.0)
            .map_err(|_| anyhow::anyhow!(unreadable))?
            .timeout(Some(Duration::from_millis(LETTER_TIMEOUT_MS)))
            .build();
        anyhow::ensure!(
            !tells_password_to_everyone(&through.0),
            "smtp_url: the password would cross the network unencrypted; write smtps://…, or smtp://…?tls=required"
        );
        Ok(Self {
            transport,
            from,
            page,
            waiting: Arc::new(Semaphore::new(LETTERS_WAITING_MAX)),
            sending: Semaphore::new(LETTERS_AT_ONCE_MAX),
        })
    }

    /// Room for one more letter.
    ///
    /// # Errors
    /// [`Refusal::Busy`].
    pub fn room(&self) -> Result<Room, Refusal> {
        let permit = Arc::clone(&self.waiting).try_acquire_owned();
        let permit = permit.map_err(|_| Refusal::Busy {
            retry_after_ms: LETTER_TIMEOUT_MS,
        })?;
        Ok(Room { _permit: permit })
    }

    /// Sends letters. That one could not be sent is logged, without whom it was for.
    pub async fn send(&self, letters: &[Letter], room: Room) {
        for letter in letters {
            if let Err(error) = self.send_one(letter).await {
                tracing::error!(error = format!("{error:#}"), "a letter could not be sent");
            }
        }
        drop(room);
    }

    async fn send_one(&self, letter: &Letter) -> anyhow::Result<()> {
        let message = self.message(letter)?;
        let _turn = self.sending.acquire().await?;
        let sending = self.transport.send(message);
        let within = Duration::from_millis(LETTER_TIMEOUT_MS);
        tokio::time::timeout(within, sending).await??;
        Ok(())
    }

    fn message(&self, letter: &Letter) -> anyhow::Result<Message> {
        let Letter {
            to,
            user_name,
            code,
        } = letter;
        let code = &code.0;
        // In the fragment, which no server on the way is told.
        let link = self.page.as_ref().map(|page| {
            let name = percent_encoding::utf8_percent_encode(
                user_name,
                percent_encoding::NON_ALPHANUMERIC,
            );
            format!("{page}{RESET_PAGE}#code={code}&name={name}\n\n")
        });
        let link = link.unwrap_or_default();
        let text = format!(
            "Someone, perhaps you, wants to set a new password for \"{user_name}\" on Parley.\n\
             The code holds for one hour, once:\n\n    {code}\n\n{link}\
             If it was not you, do nothing: your password stays as it is.\n\n\
             ----\n\n\
             有人（也许是您）想为 Parley 上的“{user_name}”设置新密码。\n\
             验证码在一小时内有效，只能使用一次：\n\n    {code}\n\n{link}\
             如果不是您本人，请忽略此邮件：您的密码不会改变。\n"
        );
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to.parse()?)
            .subject("Parley: a new password / 设置新密码")
            .header(ContentType::TEXT_PLAIN)
            .body(text)?)
    }
}

/// Where the page sets a new password.
const RESET_PAGE: &str = "/new-password";

/// Whether an address has a password and neither TLS nor a way that stays on this machine.
fn tells_password_to_everyone(through: &str) -> bool {
    let Some(rest) = through.strip_prefix("smtp://") else {
        return false;
    };
    let (authority, after) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let Some((_, host)) = authority.rsplit_once('@') else {
        return false;
    };
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    !is_here && !after.contains("tls=required")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(through: &str, from: &str) -> anyhow::Result<Mail> {
        Mail::new(
            &Secret(through.to_owned()),
            from,
            Some("https://chat.example".to_owned()),
        )
    }

    #[tokio::test]
    async fn what_is_no_address_is_refused_without_telling_the_password() {
        for through in [
            "host",
            "http://user:hush@host",
            "smtp:///",
            "smtp://u:hush@h?tls=x",
        ] {
            let error = mail(through, "parley@example.org").unwrap_err();
            assert!(!format!("{error:#}").contains("hush"), "{error:#}");
            assert!(error.to_string().contains("smtp_url"), "{error:#}");
        }
        let error = mail("smtp://localhost", "nobody").unwrap_err();
        assert!(error.to_string().contains("mail_from"), "{error:#}");
    }

    #[tokio::test]
    async fn a_password_goes_over_tls_or_stays_on_this_machine() {
        for through in [
            "smtps://user:hush@mail.example.org",
            "smtp://user:hush@mail.example.org:587?tls=required",
            "smtp://user:hush@localhost:25",
            "smtp://user:hush@[::1]:25",
            "smtp://mail.example.org",
        ] {
            mail(through, "Parley <parley@example.org>").unwrap();
        }
        for through in [
            "smtp://user:hush@mail.example.org",
            "smtp://user:hush@mail.example.org:25/me?tls=opportunistic",
            "smtp://user:hush@localhost.example.org",
        ] {
            let error = mail(through, "parley@example.org").unwrap_err();
            assert!(error.to_string().contains("unencrypted"), "{error:#}");
        }
    }

    #[tokio::test]
    async fn nobody_adds_a_line_to_the_head_of_a_letter() {
        let mail = mail("smtp://localhost", "parley@example.org").unwrap();
        let letter = |to: &str| Letter {
            to: to.to_owned(),
            user_name: "ming".to_owned(),
            code: "abcd-efgh".into(),
        };
        assert!(
            mail.message(&letter("a@example.org\r\nBcc: b@example.org"))
                .is_err()
        );
        assert!(mail.message(&letter("ming@example.org")).is_ok());
    }
}
