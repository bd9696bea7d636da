//! Everything that lives as long as the server, in one place that is cheap to clone. It knows no rule.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::DefaultKeyedRateLimiter;
use governor::Quota;
use governor::clock::{Clock as _, DefaultClock};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{MESSAGES_BURST_SECS, PRESENCE_INTERVAL_MIN_MS};
use parley_shared::protocol::Refusal;
use tokio_util::task::TaskTracker;

use crate::account::attempts::Attempts;
use crate::account::password::Passwords;
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::guest::Guests;
use crate::hub::Hub;
use crate::ledger::{Ledger, Options, Running};
use crate::mail::Mail;
use crate::picture::Pictures;
use crate::random;
use crate::store::conversations::Lobbies;
use crate::store::{Store, relations, settings};

/// Between two times that the rates of those who are long gone are forgotten.
const FORGET_INTERVAL: Duration = Duration::from_secs(60);

/// What the server consists of.
#[derive(Debug, Clone)]
pub struct App {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    config: Config,
    store: Store,
    lobbies: Lobbies,
    hub: Hub,
    ledger: Ledger,
    guests: Guests,
    connections: TaskTracker,
    message_rate: Option<MessageRate>,
    passwords: Passwords,
    pictures: Pictures,
    mail: Option<Arc<Mail>>,
    attempts: Attempts,
}

#[derive(Debug)]
struct MessageRate {
    per_second: u32,
    limiter: DefaultKeyedRateLimiter<UserId>,
    clock: DefaultClock,
}

impl App {
    /// Opens the store, starts the ledger, and keeps the hub's clock ticking.
    ///
    /// # Errors
    /// When the data directory cannot be used.
    pub async fn open(config: Config) -> anyhow::Result<(Self, Running)> {
        let data_dir = config.data_dir.clone();
        let now_ms = config.clock.now_ms();
        let (store, writer, guests, passwords) = tokio::task::spawn_blocking(move || {
            let (store, mut writer) = Store::open(&data_dir)?;
            writer.ensure_lobby(ConversationId::from_bytes(random::bytes()?), now_ms)?;
            let guests = Guests::new(writer.secret("guest_cookies", &random::bytes()?)?);
            Ok::<_, anyhow::Error>((store, writer, guests, Passwords::new()?))
        })
        .await??;
        let hub = Hub::default();
        let (blocks, policy, lobbies) = store
            .read(|connection| {
                let blocks = relations::blocks(connection)?;
                let policy = settings::policy(connection)?;
                Ok((blocks, policy, Lobbies::find(connection)?))
            })
            .await?;
        for (person, viewer) in blocks {
            hub.hide(person, viewer);
        }
        hub.admit_guests(policy.guests);
        let (ledger, running) = Ledger::start(
            writer,
            hub.clone(),
            Options {
                clock: config.clock.clone(),
                ..Options::default()
            },
        )?;
        let mail = mail(&config)?;
        let message_rate = message_rate(config.messages_per_second);
        let app = Self {
            parts: Arc::new(Parts {
                config,
                store,
                lobbies,
                hub,
                ledger,
                guests,
                connections: TaskTracker::new(),
                message_rate,
                passwords,
                pictures: Pictures::default(),
                mail,
                attempts: Attempts::default(),
            }),
        };
        // Where the clock stands, nothing happens by itself.
        if !app.clock().stands() {
            tokio::spawn(tick(Arc::downgrade(&app.parts)));
        }
        Ok((app, running))
    }

    /// The settings that hold.
    pub fn config(&self) -> &Config {
        &self.parts.config
    }

    /// What is kept, to read.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The conversations that everyone is in.
    pub fn lobbies(&self) -> &Lobbies {
        &self.parts.lobbies
    }

    /// Who hears what.
    pub fn hub(&self) -> &Hub {
        &self.parts.hub
    }

    /// The door for durable change.
    pub fn ledger(&self) -> &Ledger {
        &self.parts.ledger
    }

    /// Who mints and knows guests.
    pub fn guests(&self) -> &Guests {
        &self.parts.guests
    }

    /// Who works on passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.parts.passwords
    }

    /// Who works on pictures.
    pub fn pictures(&self) -> &Pictures {
        &self.parts.pictures
    }

    /// Who sends letters, where the operator named someone.
    pub fn mail(&self) -> Option<&Arc<Mail>> {
        self.parts.mail.as_ref()
    }

    /// How often who guessed.
    pub fn attempts(&self) -> &Attempts {
        &self.parts.attempts
    }

    /// The clock by which things expire.
    pub fn clock(&self) -> &Clock {
        &self.parts.config.clock
    }

    /// The tasks of open connections, so that stopping can wait for them.
    pub fn connections(&self) -> &TaskTracker {
        &self.parts.connections
    }

    /// Counts one message of a person against their rate.
    ///
    /// # Errors
    /// [`Refusal::TooFast`], with the time after which the next one is accepted.
    pub fn count_message(&self, person: UserId) -> Result<(), Refusal> {
        let Some(rate) = &self.parts.message_rate else {
            return Ok(());
        };
        rate.limiter.check_key(&person).map_err(|not_until| {
            let wait = not_until.wait_time_from(rate.clock.now());
            Refusal::TooFast {
                limit_per_second: rate.per_second,
                // Rounded up: who waits this long is let in.
                retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) + 1,
            }
        })
    }
}

fn mail(config: &Config) -> anyhow::Result<Option<Arc<Mail>>> {
    let (Some(through), Some(from)) = (&config.smtp_url, &config.mail_from) else {
        return Ok(None);
    };
    let mail = Mail::new(through, from, config.public_url.clone())?;
    Ok(Some(Arc::new(mail)))
}

fn message_rate(per_second: u32) -> Option<MessageRate> {
    let rate = NonZeroU32::new(per_second)?;
    let burst = rate.saturating_mul(NonZeroU32::new(MESSAGES_BURST_SECS)?);
    Some(MessageRate {
        per_second,
        limiter: DefaultKeyedRateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
        clock: DefaultClock::default(),
    })
}

/// Tells presence and typing, and forgets rates, as long as the server lives.
async fn tick(parts: std::sync::Weak<Parts>) {
    let mut due = tokio::time::interval(Duration::from_millis(PRESENCE_INTERVAL_MIN_MS));
    let mut forget = tokio::time::interval(FORGET_INTERVAL);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = due.tick() => {
                let Some(parts) = parts.upgrade() else { return };
                parts.hub.tell_looks(clock::now_ms());
            }
            _ = forget.tick() => {
                let Some(parts) = parts.upgrade() else { return };
                parts.attempts.forget();
                if let Some(rate) = &parts.message_rate {
                    rate.limiter.retain_recent();
                    rate.limiter.shrink_to_fit();
                }
            }
        }
    }
}
