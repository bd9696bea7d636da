//! The rules of chat, one file for each noun. An action checks what may be refused, and knows no transport.

use parley_shared::protocol::Refusal;

use crate::store::StoreError;

pub mod history;
pub mod messages;
pub mod people;
pub mod typing;
pub mod welcome;

/// A failure of ours: logged here, once, and told without its details.
fn unavailable(error: &StoreError) -> Refusal {
    tracing::error!(%error, "a question to the store failed");
    Refusal::Unavailable
}
