//! What is measured of each peer, and what Parley has to reach. It does not know how anything is measured.

use crate::shown::target::Better;
use crate::trial::Measured;

pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// `None` for a row that is shown to judge the others by.
    pub(crate) better: Option<Better>,
    pub(crate) digits: usize,
    pub(crate) of: fn(&Measured) -> Option<f64>,
    pub(crate) targets: &'static [Target],
    /// What a picture of the row is called, if there is one.
    pub(crate) picture: Option<&'static str>,
}

/// What has to be reached with so many connections.
pub(crate) struct Target {
    pub(crate) connections: usize,
    pub(crate) is_hope: bool,
    pub(crate) bound: Bound,
}

#[derive(Clone, Copy)]
pub(crate) enum Bound {
    Is(f64),
    /// So many times the figure of a peer.
    Times(f64, &'static str),
}

use Bound::{Is, Times};

const fn must(connections: usize, bound: Bound) -> Target {
    Target {
        connections,
        is_hope: false,
        bound,
    }
}

const fn hoped(connections: usize, bound: Bound) -> Target {
    Target {
        connections,
        is_hope: true,
        bound,
    }
}

pub(crate) const ROWS: [Row; 10] = [
    Row {
        name: "burst: deliveries/s",
        better: Some(Better::More),
        digits: 0,
        of: |measured| measured.burst_per_second,
        targets: &[
            must(1_000, Is(1_200_000.0)),
            must(1_000, Times(15.0, "socket.io")),
            must(1_000, Times(0.5, "floor")),
            hoped(1_000, Times(0.8, "floor")),
        ],
        picture: Some("burst"),
    },
    Row {
        name: "burst: server CPU per delivery, µs",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.burst_cpu_us,
        targets: &[],
        picture: None,
    },
    Row {
        name: "paced: latency p50, ms",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_p50_ms,
        targets: &[],
        picture: None,
    },
    Row {
        name: "paced: latency p99, ms",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_p99_ms,
        targets: &[
            must(1_000, Times(2.0, "floor")),
            must(10_000, Is(250.0)),
            hoped(10_000, Is(150.0)),
        ],
        picture: Some("p99"),
    },
    Row {
        name: "paced: server CPU per delivery, µs",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_cpu_us,
        targets: &[
            must(1_000, Times(1.3, "floor")),
            hoped(1_000, Times(1.15, "floor")),
        ],
        picture: Some("cpu"),
    },
    Row {
        name: "memory per idle connection, KiB",
        better: Some(Better::Less),
        digits: 1,
        of: |measured| measured.idle_bytes.map(|bytes| bytes / 1024.0),
        targets: &[],
        picture: Some("memory"),
    },
    Row {
        name: "memory per connection after the load, KiB",
        better: Some(Better::Less),
        digits: 1,
        of: |measured| measured.loaded_bytes.map(|bytes| bytes / 1024.0),
        targets: &[],
        picture: None,
    },
    Row {
        name: "connections greeted/s",
        better: Some(Better::More),
        digits: 0,
        of: |measured| measured.connects_per_second,
        targets: &[],
        picture: None,
    },
    Row {
        name: "the load's own CPU, paced, % of a core",
        better: None,
        digits: 0,
        of: |measured| measured.load_cpu_pace.map(|part| part * 100.0),
        targets: &[],
        picture: None,
    },
    Row {
        name: LOAD_IN_A_BURST,
        better: None,
        digits: 0,
        of: |measured| measured.load_cpu_burst.map(|part| part * 100.0),
        targets: &[],
        picture: None,
    },
];

/// The row that says when the load was what limited a burst.
pub(crate) const LOAD_IN_A_BURST: &str = "the load's own CPU, burst, % of a core";
