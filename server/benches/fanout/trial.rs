//! One trial: one peer, one number of connections, all phases. It does not know what the others came to.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::crowd::Crowd;
use crate::figures;
use crate::peer::Peer;
use crate::phases;
use crate::rig::process::Server;
use crate::rig::usage::{Usage, Used};

/// Connections that warm a server up before its memory is first looked at.
const WARM_UP_CONNECTIONS: usize = 40;

/// How long and how fast.
pub(crate) struct Plan {
    pub(crate) size: usize,
    warm_up: Duration,
    rest: Duration,
    per_second: f64,
    pace: Duration,
    burst: Duration,
}

impl Plan {
    /// Up to 2,000 connections hear 50 messages a second; more hear one, as in a conversation where
    /// everyone else would be drowned.
    pub(crate) fn new(size: usize, quick: bool) -> Self {
        let millis =
            |quickly, thoroughly| Duration::from_millis(if quick { quickly } else { thoroughly });
        let crowded = size > 2_000;
        Self {
            size,
            warm_up: millis(300, 1_000),
            rest: millis(400, 3_000),
            per_second: if crowded { 1.0 } else { 50.0 },
            pace: if crowded {
                millis(4_000, 20_000)
            } else {
                millis(1_500, 10_000)
            },
            burst: millis(800, 8_000),
        }
    }
}

/// What a trial came to. What could not be measured is absent.
#[derive(Default, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) connects_per_second: Option<f64>,
    pub(crate) idle_bytes: Option<f64>,
    pub(crate) pace_p50_ms: Option<f64>,
    pub(crate) pace_p99_ms: Option<f64>,
    pub(crate) pace_cpu_us: Option<f64>,
    pub(crate) burst_per_second: Option<f64>,
    pub(crate) burst_cpu_us: Option<f64>,
    pub(crate) loaded_bytes: Option<f64>,
    /// The load's own processor time, as a part of one core.
    pub(crate) load_cpu_pace: Option<f64>,
    pub(crate) load_cpu_burst: Option<f64>,
}

/// Runs the trial. With trouble, what was measured before it is there.
pub(crate) fn run(peer: &dyn Peer, plan: &Plan) -> (Measured, Option<String>) {
    let mut measured = Measured::default();
    let trouble = attempt(peer, plan, &mut measured).err();
    (measured, trouble.map(|error| format!("{error:#}")))
}

fn attempt(peer: &dyn Peer, plan: &Plan, measured: &mut Measured) -> anyhow::Result<()> {
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    let server = Server::start(peer.command(&data_dir)?, dir.path())?;
    let sent = measure(peer, plan, &server, measured)
        .with_context(|| format!("the server's log ends with: {}", server.last_words()))?;
    // It is killed, and what it told everyone must be there nevertheless.
    drop(server);
    peer.audit(&data_dir, sent)
}

/// How many messages were sent in all.
fn measure(
    peer: &dyn Peer,
    plan: &Plan,
    server: &Server,
    measured: &mut Measured,
) -> anyhow::Result<usize> {
    let mut few = Crowd::gather(server.address, WARM_UP_CONNECTIONS, peer.wire())?;
    phases::burst(&mut few, plan.warm_up).context("while warming up")?;
    let mut sent = few.record.sent();
    drop(few);
    std::thread::sleep(plan.rest);
    let bytes_before = server.resident_bytes()?;
    let per_connection = |bytes: f64| Some((bytes - bytes_before) / plan.size as f64);

    let start = Instant::now();
    let mut crowd = Crowd::gather(server.address, plan.size, peer.wire())?;
    measured.connects_per_second = Some(plan.size as f64 / start.elapsed().as_secs_f64());
    crowd.linger(plan.rest)?;
    measured.idle_bytes = per_connection(server.resident_bytes()?);

    let before = Usage::now(server)?;
    phases::pace(&mut crowd, plan.per_second, plan.pace).context("at a pace")?;
    let used = before.until_now(server)?;
    measured.pace_p50_ms = Some(crowd.tally.latencies.quantile_ms(0.5));
    measured.pace_p99_ms = Some(crowd.tally.latencies.quantile_ms(0.99));
    measured.pace_cpu_us = Some(us_per_delivery(&used, &crowd));
    measured.load_cpu_pace = Some(used.load_part_of_core);

    let before = Usage::now(server)?;
    let took = phases::burst(&mut crowd, plan.burst).context("in a burst")?;
    let used = before.until_now(server)?;
    measured.burst_per_second = Some(crowd.tally.deliveries as f64 / took.as_secs_f64());
    measured.burst_cpu_us = Some(us_per_delivery(&used, &crowd));
    measured.load_cpu_burst = Some(used.load_part_of_core);

    crowd.linger(plan.rest)?;
    measured.loaded_bytes = per_connection(server.resident_bytes()?);
    anyhow::ensure!(crowd.size() == plan.size, "the crowd has changed its size");
    sent += crowd.record.sent();
    Ok(sent)
}

fn us_per_delivery(used: &Used, crowd: &Crowd) -> f64 {
    used.server * 1e6 / crowd.tally.deliveries.max(1) as f64
}
