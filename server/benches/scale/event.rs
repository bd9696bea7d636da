//! What a frame of Parley's is, found out with as little work as possible: most are messages that others
//! heard already. It does not know who hears them.

/// What a frame is, by its type.
pub(crate) enum Event<'a> {
    Welcome,
    /// A message, and the digits of its conversation.
    Message(&'a [u8]),
    Accepted,
    /// An answer to a question about messages.
    Page,
    /// Something that ends the trial.
    Bad,
    /// Something that does not matter here.
    Other,
}

const TYPE: &[u8] = br#"{"type":""#;
const BEFORE_ID: &[u8] = br#","message":{"id":""#;
const BEFORE_CONVERSATION: &[u8] = br#"","conversation":""#;
const DIGITS: usize = 32;

/// What this frame is.
pub(crate) fn event(frame: &[u8]) -> Event<'_> {
    let Some(rest) = frame.strip_prefix(TYPE) else {
        return Event::Bad;
    };
    let end = rest.iter().position(|byte| *byte == b'"').unwrap_or(0);
    match &rest[..end] {
        b"message_changed" => conversation(&rest[end + 1..]).map_or(Event::Bad, Event::Message),
        b"accepted" => Event::Accepted,
        b"welcome" => Event::Welcome,
        b"changes" | b"history" => Event::Page,
        b"refused" | b"going_away" | b"" => Event::Bad,
        _ => Event::Other,
    }
}

/// The digits of a message's conversation, which the server writes second.
fn conversation(rest: &[u8]) -> Option<&[u8]> {
    let id = rest.strip_prefix(BEFORE_ID)?;
    let rest = id.get(DIGITS..)?.strip_prefix(BEFORE_CONVERSATION)?;
    rest.get(..DIGITS)
}
