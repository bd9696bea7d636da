//! What a server did to its files and what it told, in order, as strace wrote it down. It does not know what any of it means.
//!
//! strace sees every call twice, when it begins and when it has ended, and writes both in the order in which they
//! happened. So the trace itself says which acknowledgement was sent after which sync had ended.

use std::collections::HashMap;
use std::path::Path;

use parley_shared::ids::{ConversationId, MessageId, Seq};
use serde::Deserialize;

/// One thing that happened.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// Bytes were given to the operating system, from when the call began.
    Write {
        file: String,
        offset: u64,
        bytes: Vec<u8>,
    },
    /// A file got another length.
    Truncate { file: String, length: u64 },
    /// A file came to be, if it was not there.
    Create { file: String },
    /// A file went.
    Remove { file: String },
    /// A sync began: what was written before will be on the disk when it ends.
    SyncBegins { file: String, number: usize },
    /// A sync ended well.
    SyncEnds { number: usize },
    /// Acknowledgements went to the network, or at least may have.
    Told { acknowledged: Vec<Acknowledged> },
    /// A call that did nothing.
    Nothing,
}

/// That a message is on the disk, as its author was told.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Acknowledged {
    pub(crate) id: MessageId,
    pub(crate) conversation: ConversationId,
    pub(crate) seq: Seq,
}

/// The name of the directory itself, whose syncs keep names.
pub(crate) const DIRECTORY: &str = ".";

/// Reads a trace, about the files of one directory.
///
/// # Panics
/// When a line is not as strace writes it: a trace that is half understood proves nothing.
pub(crate) fn read(trace: &Path, data_dir: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(trace).expect("strace wrote a trace");
    let mut reader = Reader {
        data_dir: data_dir.to_string_lossy().into_owned(),
        events: Vec::new(),
        begun: HashMap::new(),
        positions: HashMap::new(),
        lines: HashMap::new(),
    };
    for line in text.lines() {
        reader.line(line);
    }
    reader.listen();
    reader.events
}

struct Reader {
    data_dir: String,
    events: Vec<Event>,
    /// Calls that have not ended, by thread.
    begun: HashMap<String, Call>,
    /// Where the next write to a file goes that does not say so.
    positions: HashMap<String, u64>,
    /// What went out on each connection, with the event that it went out with.
    lines: HashMap<String, Vec<(usize, Vec<u8>)>>,
}

/// A call that has begun.
struct Call {
    name: String,
    /// Where its event stands.
    event: usize,
    /// The connection that it writes to.
    connection: Option<String>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let (thread, rest) = line.split_once(' ').expect("a line begins with a thread");
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            return;
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (_, end) = resumed.split_once(" resumed>").expect("it names its call");
            if let Some(call) = self.begun.remove(thread) {
                self.end(&call, end);
            }
            return;
        }
        let (name, arguments) = rest.split_once('(').expect("a call has arguments");
        let Some(call) = self.begin(name, arguments) else {
            return;
        };
        if arguments.ends_with("<unfinished ...>") {
            self.begun.insert(thread.to_owned(), call);
        } else {
            self.end(&call, arguments);
        }
    }

    /// Takes note of a call that begins, if it is about something that matters.
    fn begin(&mut self, name: &str, arguments: &str) -> Option<Call> {
        let mut connection = None;
        let event = match name {
            "openat" => {
                let file = self.inside(&unescape(quoted(arguments).next()?))?;
                arguments
                    .contains("O_CREAT")
                    .then_some(Event::Create { file })?
            }
            "unlink" => Event::Remove {
                file: self.inside(&unescape(quoted(arguments).next()?))?,
            },
            "rename" => {
                let file = self.inside(&unescape(quoted(arguments).next()?));
                assert!(file.is_none(), "a rename is not understood: {file:?}");
                return None;
            }
            _ => {
                let target = descriptor(arguments)?;
                match self.inside(&target) {
                    Some(file) => self.file_event(name, arguments, file)?,
                    None if target.starts_with("socket:") => {
                        connection = Some(target);
                        Event::Nothing
                    }
                    None => return None,
                }
            }
        };
        let place = self.events.len();
        if let Some(connection) = &connection {
            let bytes: Vec<u8> = quoted(arguments).flat_map(unescape_bytes).collect();
            let out = self.lines.entry(connection.clone()).or_default();
            out.push((place, bytes));
        }
        self.events.push(event);
        Some(Call {
            name: name.to_owned(),
            event: place,
            connection,
        })
    }

    fn file_event(&mut self, name: &str, arguments: &str, file: String) -> Option<Event> {
        match name {
            "lseek" => {
                assert!(arguments.contains("SEEK_SET"), "a seek is not understood");
                let place = number_after(arguments, ">, ")?;
                self.positions.insert(file, place);
                None
            }
            "write" => {
                let bytes = unescape_bytes(quoted(arguments).next()?);
                let position = self.positions.get_mut(&file);
                let position = position.expect("who writes has said where");
                let offset = *position;
                *position += bytes.len() as u64;
                Some(Event::Write {
                    file,
                    offset,
                    bytes,
                })
            }
            "pwrite64" => {
                let text = quoted(arguments).next()?;
                let after = arguments.split_once(text)?.1;
                assert!(!after.starts_with("\"..."), "the trace is cut short");
                let mut numbers = after.trim_start_matches("\", ").split([',', ')', ' ']);
                let length: usize = numbers.next()?.parse().ok()?;
                let offset = numbers.find(|number| !number.is_empty())?;
                let bytes = unescape_bytes(text);
                assert_eq!(bytes.len(), length, "the whole write is in the trace");
                Some(Event::Write {
                    file,
                    offset: offset.parse().ok()?,
                    bytes,
                })
            }
            "ftruncate" => {
                let length = number_after(arguments, ">, ")?;
                Some(Event::Truncate { file, length })
            }
            "fsync" | "fdatasync" => Some(Event::SyncBegins {
                file,
                number: self.events.len(),
            }),
            other => panic!("{other} on {file} is not understood"),
        }
    }

    /// Takes note of how a call ended.
    fn end(&mut self, call: &Call, text: &str) {
        let result = text.rsplit_once(" = ").map_or("?", |(_, result)| result);
        let number = result.split([' ', '<']).next().unwrap_or_default();
        let done: Option<usize> = number.parse().ok();
        if let Some(connection) = &call.connection {
            let out = self.lines.get_mut(connection).expect("it was noted");
            let sent = out.iter_mut().rev().find(|(place, _)| *place == call.event);
            let (_, bytes) = sent.expect("it was noted");
            // One that never ended may have sent all.
            bytes.truncate(done.unwrap_or(if number == "?" { usize::MAX } else { 0 }));
            return;
        }
        match (&mut self.events[call.event], done) {
            (Event::SyncBegins { number, .. }, Some(0)) => {
                let number = *number;
                self.events.push(Event::SyncEnds { number });
            }
            (Event::SyncBegins { .. }, _) => {}
            (Event::Write { bytes, .. }, Some(written)) => bytes.truncate(written),
            (_, Some(_)) => {}
            (event, None) if number != "?" => *event = Event::Nothing,
            (_, None) => assert_eq!(number, "?", "{}: {text}", call.name),
        }
    }

    /// Finds the acknowledgements in what went out.
    fn listen(&mut self) {
        const BEGINNING: &[u8] = br#"{"type":"accepted""#;
        for out in self.lines.values() {
            let whole: Vec<u8> = out.iter().flat_map(|(_, bytes)| bytes).copied().collect();
            let mut from = 0;
            while let Some(found) = find(&whole[from..], BEGINNING) {
                let start = from + found;
                let Some(length) = whole[start..].iter().position(|byte| *byte == b'}') else {
                    break;
                };
                from = start + length + 1;
                let Ok(acknowledged) = serde_json::from_slice(&whole[start..from]) else {
                    continue;
                };
                // It is out when its last byte is.
                let mut counted = 0;
                let sent = out.iter().find(|(_, bytes)| {
                    counted += bytes.len();
                    counted >= from
                });
                let (place, _) = sent.expect("its bytes are among them");
                match &mut self.events[*place] {
                    Event::Told { acknowledged: told } => told.push(acknowledged),
                    event => {
                        let acknowledged = vec![acknowledged];
                        *event = Event::Told { acknowledged };
                    }
                }
            }
        }
    }

    /// The name of a file in the directory; nothing for a file elsewhere, and for the one that is no file but memory.
    fn inside(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix(&self.data_dir)?;
        if name.is_empty() {
            return Some(DIRECTORY.to_owned());
        }
        let name = name.strip_prefix('/')?;
        (!name.ends_with("-shm")).then(|| name.to_owned())
    }
}

/// What the first argument's descriptor stands for.
fn descriptor(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once('<')?;
    let (path, _) = rest.split_once('>')?;
    Some(unescape(path))
}

/// What stands in quotes, one after the other; in this form of a trace nothing in them is a quote.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// The number that follows the first of these.
fn number_after(text: &str, mark: &str) -> Option<u64> {
    let (_, rest) = text.split_once(mark)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn unescape(text: &str) -> String {
    String::from_utf8_lossy(&unescape_bytes(text)).into_owned()
}

/// Bytes that are written as `\x2f`, and others as they are.
fn unescape_bytes(text: &str) -> Vec<u8> {
    let text = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (mut bytes, mut at) = (Vec::with_capacity(text.len() / 4), 0);
    while at < text.len() {
        let escaped = text[at..].starts_with(br"\x") && at + 4 <= text.len();
        let value = escaped
            .then(|| Some(16 * digit(text[at + 2])? + digit(text[at + 3])?))
            .flatten();
        match value {
            Some(value) => {
                bytes.push(u8::try_from(value).expect("two digits make a byte"));
                at += 4;
            }
            None => {
                bytes.push(text[at]);
                at += 1;
            }
        }
    }
    bytes
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes
        .windows(sought.len())
        .position(|window| window == sought)
}
