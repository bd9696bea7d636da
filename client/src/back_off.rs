//! How long to wait before trying again. It does not know what is tried.

use parley_shared::limits::{RETRY_FIRST_MS, RETRY_MAX_MS};

/// Waits that double with each failure, from [`RETRY_FIRST_MS`] to [`RETRY_MAX_MS`].
#[derive(Debug, Default)]
pub struct BackOff {
    failures: u32,
}

impl BackOff {
    /// Milliseconds to wait at most after one more failure.
    pub fn next_ms(&mut self) -> u32 {
        // Far more doublings than there are between the two bounds, and far fewer than 32 bits hold.
        let doublings = self.failures.min(16);
        self.failures += 1;
        RETRY_FIRST_MS
            .saturating_mul(1 << doublings)
            .min(RETRY_MAX_MS)
    }

    /// It worked: the next failure is a first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_bound_and_begin_anew_after_a_success() {
        let mut back_off = BackOff::default();
        assert_eq!(back_off.next_ms(), RETRY_FIRST_MS);
        assert_eq!(back_off.next_ms(), 2 * RETRY_FIRST_MS);
        assert_eq!(back_off.next_ms(), 4 * RETRY_FIRST_MS);
        for _ in 0..100 {
            back_off.next_ms();
        }
        assert_eq!(back_off.next_ms(), RETRY_MAX_MS);
        back_off.reset();
        assert_eq!(back_off.next_ms(), RETRY_FIRST_MS);
    }
}
