//! A client that comes to know everything: from nothing, or from what it knew before. It does not know the
//! server from inside.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::{SinkExt as _, StreamExt as _};
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, Seq, Stamp};
use parley_shared::model::{Conversation, Message};
use parley_shared::protocol::{ClientCommand, ListPlace, ServerEvent};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};

use crate::figures::Latencies;

/// Questions that are on their way at one time: as many as the server works on for one connection.
const ASKED: usize = parley_shared::limits::READS_IN_FLIGHT_MAX;

/// What a client knows.
#[derive(Default, Clone)]
pub(crate) struct Client {
    pub(crate) conversations: BTreeMap<ConversationId, Conversation>,
    pub(crate) messages: BTreeMap<ConversationId, Known>,
    pub(crate) stamp: Stamp,
}

/// What it knows of one conversation.
#[derive(Default, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) through: Seq,
    pub(crate) messages: BTreeMap<Seq, Message>,
}

/// What it cost to come to know it.
pub(crate) struct Cost {
    pub(crate) list: Duration,
    pub(crate) list_bytes: usize,
    pub(crate) listed: usize,
    pub(crate) messages: Duration,
    pub(crate) message_bytes: usize,
    pub(crate) pages: Latencies,
    pub(crate) page_count: usize,
}

/// A question, and when it was asked.
struct Asked {
    conversation: ConversationId,
    at: Instant,
}

struct Line {
    socket: WebSocketStream<TcpStream>,
    bytes: usize,
}

impl Client {
    /// Connects, reads the list, and then of each conversation that was listed all that it does not know.
    pub(crate) async fn come(&mut self, address: &str, token: &str) -> anyhow::Result<Cost> {
        let began = Instant::now();
        let since = (self.stamp > Stamp::default()).then_some(self.stamp);
        let (mut line, listed) = self.read_list(address, token, since).await?;
        let (list, list_bytes) = (began.elapsed(), line.bytes);
        let began = Instant::now();
        let count = listed.len();
        let (pages, page_count) = self.read_messages(&mut line, listed).await?;
        Ok(Cost {
            list,
            list_bytes,
            listed: count,
            messages: began.elapsed(),
            message_bytes: line.bytes - list_bytes,
            pages,
            page_count,
        })
    }

    async fn read_list(
        &mut self,
        address: &str,
        token: &str,
        since: Option<Stamp>,
    ) -> anyhow::Result<(Line, Vec<ConversationId>)> {
        let mut line = Line::open(address, token, since).await?;
        let mut listed = Vec::new();
        let welcome = line.next().await?;
        let ServerEvent::Welcome {
            conversations,
            mut more,
            since: told,
            stamp,
            ..
        } = welcome
        else {
            anyhow::bail!("no welcome");
        };
        anyhow::ensure!(told == since, "it is told what changed since");
        self.stamp = stamp;
        let mut page = conversations;
        loop {
            let before = page.last().map(|last| ListPlace {
                active_ms: last.active_ms,
                conversation: last.id,
            });
            for conversation in page {
                listed.push(conversation.id);
                self.conversations.insert(conversation.id, conversation);
            }
            if !more {
                return Ok((line, listed));
            }
            line.say(&ClientCommand::Conversations { before, since })
                .await?;
            (page, more) = loop {
                if let ServerEvent::Conversations {
                    conversations,
                    more,
                    ..
                } = line.next().await?
                {
                    break (conversations, more);
                }
            };
        }
    }

    async fn read_messages(
        &mut self,
        line: &mut Line,
        listed: Vec<ConversationId>,
    ) -> anyhow::Result<(Latencies, usize)> {
        let (mut pages, mut count) = (Latencies::new(), 0);
        let mut waiting = listed.into_iter();
        let mut asked: Vec<Asked> = Vec::new();
        loop {
            while asked.len() < ASKED
                && let Some(conversation) = waiting.next()
            {
                let known = self.messages.entry(conversation).or_default();
                // Whoever knows nothing begins with the newest page, and goes back from there.
                let question = if known.through == Seq::ZERO {
                    ClientCommand::History {
                        conversation,
                        before: None,
                    }
                } else {
                    changes(conversation, known.through)
                };
                asked.push(line.ask(conversation, &question).await?);
            }
            if asked.is_empty() {
                return Ok((pages, count));
            }
            let (conversation, next) = match line.next().await? {
                ServerEvent::History {
                    conversation,
                    messages,
                    through,
                    more,
                    ..
                } => (
                    conversation,
                    self.take_history(conversation, messages, through, more),
                ),
                ServerEvent::Changes {
                    conversation,
                    messages,
                    through,
                    more,
                    ..
                } => {
                    let known = self.messages.entry(conversation).or_default();
                    known.take(messages);
                    known.through = through;
                    (conversation, more.then(|| changes(conversation, through)))
                }
                ServerEvent::Refused { reason, .. } => anyhow::bail!("refused: {reason}"),
                _ => continue,
            };
            let place = asked
                .iter()
                .position(|asked| asked.conversation == conversation);
            let answered = asked.swap_remove(place.context("it was asked")?);
            pages.record(answered.at.elapsed());
            count += 1;
            if let Some(question) = next {
                asked.push(line.ask(conversation, &question).await?);
            }
        }
    }

    fn take_history(
        &mut self,
        conversation: ConversationId,
        messages: Vec<Message>,
        through: Seq,
        more: bool,
    ) -> Option<ClientCommand> {
        let before = messages.first().map(|first| first.seq);
        let known = self.messages.entry(conversation).or_default();
        known.take(messages);
        // Nothing changes meanwhile, so that each page takes account of the same.
        known.through = through;
        more.then_some(ClientCommand::History {
            conversation,
            before,
        })
    }
}

impl Known {
    fn take(&mut self, messages: Vec<Message>) {
        let by_place = messages.into_iter().map(|message| (message.seq, message));
        self.messages.extend(by_place);
    }
}

fn changes(conversation: ConversationId, since: Seq) -> ClientCommand {
    ClientCommand::Changes {
        conversation,
        since,
    }
}

impl Line {
    async fn open(address: &str, token: &str, since: Option<Stamp>) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let query = since.map_or(String::new(), |since| format!("?since={since}"));
        let mut request = format!("ws://{address}/ws{query}").into_client_request()?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        Ok(Self { socket, bytes: 0 })
    }

    async fn say(&mut self, command: &ClientCommand) -> anyhow::Result<()> {
        Ok(self
            .socket
            .send(Frame::text(encode_command(command)))
            .await?)
    }

    async fn ask(
        &mut self,
        conversation: ConversationId,
        question: &ClientCommand,
    ) -> anyhow::Result<Asked> {
        self.say(question).await?;
        Ok(Asked {
            conversation,
            at: Instant::now(),
        })
    }

    async fn next(&mut self) -> anyhow::Result<ServerEvent> {
        loop {
            let frame = self.socket.next().await.context("the connection ended")??;
            if let Frame::Text(text) = frame {
                self.bytes += text.len();
                return Ok(decode_event(&text)?);
            }
        }
    }
}
