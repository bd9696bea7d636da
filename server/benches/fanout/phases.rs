//! The two ways to put load on a server: at a pace, and as fast as answers come. They do not know which server.

use std::time::{Duration, Instant};

use crate::crowd::{Crowd, SENDERS};
use crate::rig::tally::Tally;

/// Messages that each sender has on the way in a burst.
const IN_FLIGHT: usize = 5;

/// Sends at times that were fixed beforehand, whether or not answers come: who waited for a slow
/// server before sending on would measure it less when it is slow. Returns when all is heard.
pub(crate) fn pace(crowd: &mut Crowd, per_second: f64, duration: Duration) -> anyhow::Result<()> {
    crowd.tally = Tally::new();
    let messages = (per_second * duration.as_secs_f64()) as u32;
    let interval = Duration::from_secs_f64(1.0 / per_second);
    let start = Instant::now() + interval;
    for number in 0..messages {
        let planned = start + interval * number;
        while let Some(left) = planned.checked_duration_since(Instant::now()) {
            crowd.turn(left)?;
        }
        crowd.send(number as usize % SENDERS, planned)?;
    }
    crowd.settle()
}

/// Every sender keeps some messages on the way, and sends the next when it hears its own. Returns
/// the time from the first message sent to the last one heard.
pub(crate) fn burst(crowd: &mut Crowd, duration: Duration) -> anyhow::Result<Duration> {
    crowd.tally = Tally::new();
    let start = Instant::now();
    for _ in 0..IN_FLIGHT {
        for sender in 0..SENDERS {
            crowd.send(sender, Instant::now())?;
        }
    }
    while start.elapsed() < duration {
        crowd.turn(Duration::from_millis(10))?;
        while let Some(sender) = crowd.next_own() {
            crowd.send(sender, Instant::now())?;
        }
    }
    crowd.settle()?;
    let end = crowd.tally.last.unwrap_or(start);
    Ok(end - start)
}
