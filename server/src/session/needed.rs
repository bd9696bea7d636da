//! What a token must allow for each command. It does not know what a token is.

use parley_shared::model::Scope;
use parley_shared::protocol::ClientCommand;

/// The scope without which a command is refused.
pub(super) fn needed(command: &ClientCommand) -> Scope {
    match command {
        ClientCommand::Send { .. }
        | ClientCommand::Edit { .. }
        | ClientCommand::Delete { .. }
        | ClientCommand::MarkUnread { .. }
        | ClientCommand::Delivered { .. }
        | ClientCommand::Rename { .. }
        | ClientCommand::Read { .. }
        | ClientCommand::Typing { .. } => Scope::Write,
        ClientCommand::Hello { .. }
        | ClientCommand::History { .. }
        | ClientCommand::Changes { .. }
        | ClientCommand::Entries { .. }
        | ClientCommand::People { .. }
        | ClientCommand::Conversations { .. }
        | ClientCommand::Conversation { .. }
        | ClientCommand::Open { .. }
        | ClientCommand::Watch { .. }
        | ClientCommand::Ping => Scope::Read,
    }
}
