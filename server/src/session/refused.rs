//! What a connection is told of a command that is not done. It does not know why.

use parley_shared::codec::Unreadable;
use parley_shared::ids::MessageId;
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use crate::hub::Frame;

/// A command that is not done.
pub(super) fn refused(command: &ClientCommand, reason: Refusal) -> Unreadable {
    let (name, id) = match command {
        ClientCommand::Hello { .. } => ("hello", None),
        ClientCommand::Send { id, .. } => ("send", Some(*id)),
        ClientCommand::Edit { id, .. } => ("edit", Some(*id)),
        ClientCommand::Delete { id, .. } => ("delete", Some(*id)),
        ClientCommand::Entries { .. } => ("entries", None),
        ClientCommand::MarkUnread { .. } => ("mark_unread", None),
        ClientCommand::Delivered { .. } => ("delivered", None),
        ClientCommand::History { .. } => ("history", None),
        ClientCommand::Changes { .. } => ("changes", None),
        ClientCommand::People { .. } => ("people", None),
        ClientCommand::Conversations { .. } => ("conversations", None),
        ClientCommand::Conversation { .. } => ("conversation", None),
        ClientCommand::Open { .. } => ("open", None),
        ClientCommand::Watch { .. } => ("watch", None),
        ClientCommand::Read { .. } => ("read", None),
        ClientCommand::Rename { .. } => ("rename", None),
        ClientCommand::Typing { .. } => ("typing", None),
        ClientCommand::Ping => ("ping", None),
    };
    Unreadable {
        command: Some(name.to_owned()),
        id,
        reason,
    }
}

/// The answer to a command that is not done.
pub(super) fn refusal(command: Option<String>, id: Option<MessageId>, reason: Refusal) -> Frame {
    let message = reason.to_string();
    Frame::new(&ServerEvent::Refused {
        command,
        id,
        reason,
        message,
    })
}
