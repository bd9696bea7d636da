//! Everything that `cargo xtask` itself says, on one clock. It does not know what a command does.
#![expect(
    clippy::print_stdout,
    reason = "xtask is a command line program: talking to the person who runs it is its purpose"
)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// When the program started: every line shows its distance from here.
static START: OnceLock<Instant> = OnceLock::new();

/// Starts the clock. The first line starts it too, only later.
pub(crate) fn start_clock() {
    START.get_or_init(Instant::now);
}

/// Announces the step that begins now, with the time since the start.
pub(crate) fn step(what: &str) {
    let elapsed = START.get_or_init(Instant::now).elapsed();
    println!("[{:>7}] {what}", seconds(elapsed));
}

/// Prints a line that belongs to the step before it.
pub(crate) fn note(what: &str) {
    println!("          {what}");
}

/// Prints text as it is.
pub(crate) fn text(what: &str) {
    println!("{what}");
}

/// A duration as people read it in a terminal: `0.4s`, `12.3s`, `4m07s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 100 {
        format!("{:.1}s", duration.as_secs_f64())
    } else {
        format!("{}m{:02}s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_well_at_every_size() {
        assert_eq!(seconds(Duration::from_millis(430)), "0.4s");
        assert_eq!(seconds(Duration::from_secs(99)), "99.0s");
        assert_eq!(seconds(Duration::from_secs(247)), "4m07s");
    }
}
