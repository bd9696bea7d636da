//! What the reader can do: components call these and nothing else. They do not know what becomes of it.

use leptos::prelude::*;
use parley_shared::ids::MessageId;
use parley_shared::protocol::Refusal;

/// What the reader can do. In context: `use_context::<Actions>()`.
#[derive(Debug, Clone, Copy)]
pub struct Actions {
    nothing_yet: StoredValue<()>,
}

impl Actions {
    /// Writes a message.
    ///
    /// Its row appears at once, as pending; the reader's own "new" divider goes.
    ///
    /// # Errors
    /// What is wrong with the text; nothing was sent then and the text should stay where it is.
    /// [`Refusal::Unavailable`] when too many messages wait already, of which a notice tells as well.
    pub fn send(self, text: &str) -> Result<(), Refusal> {
        let _ = (self.nothing_yet, text);
        Err(Refusal::Unavailable)
    }

    /// Sends a message again that failed.
    pub fn retry(self, id: MessageId) {
        let _ = id;
    }

    /// Gives up a message of one's own that failed.
    pub fn discard(self, id: MessageId) {
        let _ = id;
    }

    /// Asks for the page of messages before the window, if there is one and it is not asked for already.
    pub fn load_older(self) {}

    /// Chooses another display name. Success is told by [`crate::state::Notice::Renamed`].
    ///
    /// # Errors
    /// What is wrong with the name; [`Refusal::Unavailable`] while there is no connection.
    pub fn rename(self, name: &str) -> Result<(), Refusal> {
        let _ = name;
        Err(Refusal::Unavailable)
    }

    /// The reader typed something. To be called on each input; the others are told every few seconds.
    pub fn typing(self) {}

    /// Tries to connect at once instead of when the time comes.
    pub fn reconnect_now(self) {}

    /// The reader reached the newest message, or left it. Called on scrolling; says the same twice without harm.
    pub fn set_at_bottom(self, at_bottom: bool) {
        let _ = at_bottom;
    }

    /// The reader has seen the notice.
    pub fn dismiss_notice(self) {}
}

/// The reader's actions, from context.
pub fn actions() -> Actions {
    expect_context::<Actions>()
}
