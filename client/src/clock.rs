//! Time and chance: the only place where the page asks for either. It does not know what they are for.

use std::time::Duration;

use parley_shared::ids::MessageId;

/// Milliseconds since 1970 by the reader's clock, which may be wrong and may be set.
pub fn now_ms() -> u64 {
    // Before 1970 or past 2^53 it is wrong in any case; the cast saturates.
    js_sys::Date::now() as u64
}

/// The longest time that a browser's timer holds, in milliseconds: 24 days.
pub const TIMER_MAX_MS: u32 = i32::MAX as u32;

/// Calls once, later; after [`TIMER_MAX_MS`] at the latest.
pub fn after_ms(delay_ms: u64, call: impl FnOnce() + 'static) {
    let delay_ms = delay_ms.min(TIMER_MAX_MS.into());
    leptos::prelude::set_timeout(call, Duration::from_millis(delay_ms));
}

/// A number from 0 to `most`, each as likely as the other.
pub fn random_up_to(most: u32) -> u32 {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    // The bias is below one in a thousand for delays of up to a day.
    (u64::from(u32::from_le_bytes(bytes)) % (u64::from(most) + 1)) as u32
}

/// A new id for a message that was written at this time.
pub fn mint_message_id(written_ms: u64) -> MessageId {
    let mut random = [0; 10];
    fill(&mut random);
    MessageId::from_time_and_randomness(written_ms, random)
}

fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("every browser that runs WebAssembly has a source of randomness");
}
