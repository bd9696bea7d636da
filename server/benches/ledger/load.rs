//! Many senders who each keep some messages in flight. It does not know who stores them.

use std::time::{Duration, Instant};

use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::protocol::ChatMessage;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::figures::Latencies;

pub(crate) const SENDERS: usize = 64;
pub(crate) const IN_FLIGHT: usize = 16;
pub(crate) const CONVERSATIONS: usize = 100;

/// A message to be stored.
pub(crate) struct Draft {
    pub(crate) id: MessageId,
    pub(crate) author: UserId,
    pub(crate) conversation: ConversationId,
    pub(crate) body: ChatMessage,
}

/// Is told whether the message is on disk.
pub(crate) type Acknowledge = Box<dyn FnOnce(bool) + Send>;

/// Where messages are handed in.
pub(crate) trait Door: Clone + Send + 'static {
    /// Waits while there is no room, and not for the disk.
    fn hand_in(&self, draft: Draft, acknowledge: Acknowledge) -> impl Future<Output = ()> + Send;
}

/// What a turn came to.
pub(crate) struct Sample {
    pub(crate) acknowledged: u64,
    pub(crate) ack: Latencies,
    elapsed: Duration,
}

impl Sample {
    pub(crate) fn per_second(&self) -> f64 {
        self.acknowledged as f64 / self.elapsed.as_secs_f64()
    }
}

/// Sends for so long, and waits until everything is acknowledged.
pub(crate) async fn press(
    door: impl Door,
    conversations: &[ConversationId],
    duration: Duration,
) -> anyhow::Result<Sample> {
    let (latencies, mut recorded) = mpsc::channel(SENDERS * IN_FLIGHT);
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let sender = Sender {
            author: UserId::from_bytes(random()?),
            conversations: conversations.to_vec(),
            next: sender,
            latencies: latencies.clone(),
        };
        senders.spawn(sender.send(door.clone(), start + duration));
    }
    drop((latencies, door));
    let mut ack = Latencies::new();
    while let Some(latency) = recorded.recv().await {
        ack.record(latency);
    }
    let elapsed = start.elapsed();
    let mut acknowledged = 0;
    while let Some(sent) = senders.join_next().await {
        acknowledged += sent??;
    }
    Ok(Sample {
        acknowledged,
        ack,
        elapsed,
    })
}

struct Sender {
    author: UserId,
    conversations: Vec<ConversationId>,
    next: usize,
    latencies: mpsc::Sender<Duration>,
}

impl Sender {
    async fn send(mut self, door: impl Door, deadline: Instant) -> anyhow::Result<u64> {
        let (answers, mut answered) = mpsc::channel(IN_FLIGHT);
        let (mut in_flight, mut acknowledged) = (0, 0);
        loop {
            while in_flight < IN_FLIGHT && Instant::now() < deadline {
                let (answers, at) = (answers.clone(), Instant::now());
                let acknowledge = Box::new(move |stored| {
                    answers.try_send((stored, at.elapsed())).ok();
                });
                door.hand_in(self.draft()?, acknowledge).await;
                in_flight += 1;
            }
            if in_flight == 0 {
                return Ok(acknowledged);
            }
            let (stored, latency) = answered.recv().await.expect("we hold one end ourselves");
            anyhow::ensure!(stored, "a message was not stored");
            in_flight -= 1;
            acknowledged += 1;
            self.latencies.send(latency).await?;
        }
    }

    fn draft(&mut self) -> anyhow::Result<Draft> {
        self.next += 1;
        let random: [u8; 10] = random()?;
        let now_ms = parley_server::clock::now_ms();
        let text = format!(
            "Message {:>9}: about eighty characters, as many as a line in a chat has.",
            self.next
        );
        Ok(Draft {
            id: MessageId::from_time_and_randomness(now_ms, random),
            author: self.author,
            conversation: self.conversations[self.next % self.conversations.len()],
            body: ChatMessage::Text { text },
        })
    }
}

pub(crate) fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(bytes)
}
