//! What a connection takes of memory while nothing happens, for someone who is in many conversations. It does
//! not know what is said there.

use std::time::{Duration, Instant};

use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::figures;
use crate::plan::{Plan, newcomer};
use crate::rig::usage::Usage;
use crate::town::Town;

/// Conversations that everyone is in, besides the Lobby.
const CONVERSATIONS: usize = 50;
/// Connections that come and go before memory is first looked at.
const WARM_UP: usize = 60;

/// What arriving and staying cost.
pub(crate) struct Cost {
    pub(crate) kib_per_connection: f64,
    pub(crate) greeted_per_second: f64,
    /// Processor time of the server for each who arrived.
    pub(crate) arrival_us: f64,
}

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let people = plan.pick(300, 2_000);
    let cost = of(plan, people, people, CONVERSATIONS)?;
    Ok(vec![
        Figure::less(
            "idle: memory per signed-in connection in 50 conversations, KiB",
            cost.kib_per_connection,
            1,
        )
        .must(8.0)
        .hoped(4.0),
        Figure::more("idle: greeted/s", cost.greeted_per_second, 0),
    ])
}

/// With so many connected, of so many people who are each in so many groups.
pub(crate) fn of(
    plan: &Plan,
    connected: usize,
    people: usize,
    conversations: usize,
) -> anyhow::Result<Cost> {
    let town = Town::woven(people, conversations);
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    town.settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let rest = plan.seconds(0.7, 3.0);
    let mut crowd = Crowd::new(server.address, Vec::new())?;
    crowd.gather((0..WARM_UP.min(connected)).map(|person| newcomer(person, [])))?;
    crowd.leave(connected);
    std::thread::sleep(rest + Duration::from_millis(500));

    let bytes_before = server.resident_bytes()?;
    let (start, before) = (Instant::now(), Usage::now(&server)?);
    crowd.gather((0..connected).map(|person| newcomer(person, [])))?;
    let elapsed = start.elapsed();
    let used = before.until_now(&server)?;
    crowd.linger(rest)?;
    let grown = server.resident_bytes()? - bytes_before;
    Ok(Cost {
        kib_per_connection: grown / connected as f64 / 1_024.0,
        greeted_per_second: connected as f64 / elapsed.as_secs_f64(),
        arrival_us: used.server * 1e6 / connected as f64,
    })
}
