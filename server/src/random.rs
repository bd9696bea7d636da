//! The server's randomness, so that one place names it. It does not know what the bytes are used for.

use std::io;

/// Random bytes from the operating system.
///
/// # Errors
/// When the operating system has none to give.
pub(crate) fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

/// A number below `bound`, for spreading things out; zero when there is no randomness.
pub(crate) fn below(bound: u64) -> u64 {
    getrandom::u64().unwrap_or(0) % bound.max(1)
}
