//! How often someone may guess, for each account and from each address. It does not know what is guessed.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use parley_shared::limits::{
    ACCOUNT_ATTEMPT_INTERVAL_MS, ACCOUNT_ATTEMPTS_BURST_MAX, ADDRESS_ATTEMPT_INTERVAL_MS,
    ADDRESS_ATTEMPTS_BURST_MAX, ATTEMPTS_COUNTED_MAX, LETTER_INTERVAL_MS, LETTERS_BURST_MAX,
};
use parley_shared::protocol::Refusal;

use super::secret;

/// Counts attempts.
#[derive(Debug)]
pub struct Attempts {
    accounts: DefaultKeyedRateLimiter<secret::Hash>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    letters: DefaultKeyedRateLimiter<secret::Hash>,
    clock: DefaultClock,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            accounts: limiter(ACCOUNT_ATTEMPT_INTERVAL_MS, ACCOUNT_ATTEMPTS_BURST_MAX),
            addresses: limiter(ADDRESS_ATTEMPT_INTERVAL_MS, ADDRESS_ATTEMPTS_BURST_MAX),
            letters: limiter(LETTER_INTERVAL_MS, LETTERS_BURST_MAX),
            clock: DefaultClock::default(),
        }
    }
}

impl Attempts {
    /// Counts an attempt at an account, whether there is one of this key or not.
    ///
    /// # Errors
    /// [`Refusal::TooManyAttempts`], with the time after which the next one is accepted.
    pub fn count_account(&self, key: &str) -> Result<(), Refusal> {
        self.count(&self.accounts, &secret::hash(key))
    }

    /// Counts a letter that is asked for or sent: to a name, an address or a person, whether there is
    /// one or not.
    ///
    /// # Errors
    /// [`Refusal::TooManyAttempts`], with the time after which the next one is accepted.
    pub fn count_letter(&self, key: &str) -> Result<(), Refusal> {
        self.count(&self.letters, &secret::hash(key))
    }

    /// Counts an attempt from an address: for IPv6 pass the network.
    ///
    /// # Errors
    /// [`Refusal::TooManyAttempts`], with the time after which the next one is accepted.
    pub fn count_address(&self, address: IpAddr) -> Result<(), Refusal> {
        self.count(&self.addresses, &address)
    }

    /// Forgets those who have not tried for long.
    pub fn forget(&self) {
        self.accounts.retain_recent();
        self.accounts.shrink_to_fit();
        self.letters.retain_recent();
        self.letters.shrink_to_fit();
        self.addresses.retain_recent();
        self.addresses.shrink_to_fit();
    }

    fn count<K: Hash + Eq + Clone>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<(), Refusal> {
        if limiter.len() >= ATTEMPTS_COUNTED_MAX {
            let retry_after_ms = ADDRESS_ATTEMPT_INTERVAL_MS;
            return Err(Refusal::Busy { retry_after_ms });
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Refusal::TooManyAttempts {
                // Rounded up: who waits this long is let in.
                retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) + 1,
            }
        })
    }
}

fn limiter<K: Hash + Eq + Clone>(interval_ms: u64, burst: u32) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(Duration::from_millis(interval_ms))
        .expect("the interval is not zero")
        .allow_burst(NonZeroU32::new(burst).expect("the burst is not zero"));
    DefaultKeyedRateLimiter::keyed(quota)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_bound_and_others_are_not_affected() {
        let attempts = Attempts::default();
        for _ in 0..ACCOUNT_ATTEMPTS_BURST_MAX {
            attempts.count_account("alice").unwrap();
        }
        let Err(Refusal::TooManyAttempts { retry_after_ms }) = attempts.count_account("alice")
        else {
            panic!("one attempt too many is refused");
        };
        assert!((1..=ACCOUNT_ATTEMPT_INTERVAL_MS + 1).contains(&retry_after_ms));
        assert!(attempts.count_account("bob").is_ok());
    }

    #[test]
    fn an_address_has_its_bound_and_others_are_not_affected() {
        let attempts = Attempts::default();
        let (here, there) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..ADDRESS_ATTEMPTS_BURST_MAX {
            attempts.count_address(here).unwrap();
        }
        assert!(attempts.count_address(here).is_err());
        assert!(attempts.count_address(there).is_ok());
    }
}
