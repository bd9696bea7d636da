//! The table: medians of all trials, and what could not be measured. It does not know how anything was measured.

use crate::figures::{median, table};
use crate::peer::Peer;
use crate::trial::Measured;

/// Which way is better.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

struct Row {
    name: &'static str,
    /// `None` for a row that is shown to judge the others by.
    better: Option<Better>,
    digits: usize,
    of: fn(&Measured) -> Option<f64>,
}

const ROWS: [Row; 10] = [
    Row {
        name: "burst: deliveries/s",
        better: Some(Better::More),
        digits: 0,
        of: |measured| measured.burst_per_second,
    },
    Row {
        name: "burst: server CPU per delivery, us",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.burst_cpu_us,
    },
    Row {
        name: "paced: latency p50, ms",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_p50_ms,
    },
    Row {
        name: "paced: latency p99, ms",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_p99_ms,
    },
    Row {
        name: "paced: server CPU per delivery, us",
        better: Some(Better::Less),
        digits: 2,
        of: |measured| measured.pace_cpu_us,
    },
    Row {
        name: "memory per idle connection, KiB",
        better: Some(Better::Less),
        digits: 1,
        of: |measured| measured.idle_bytes.map(|bytes| bytes / 1024.0),
    },
    Row {
        name: "memory per connection after the load, KiB",
        better: Some(Better::Less),
        digits: 1,
        of: |measured| measured.loaded_bytes.map(|bytes| bytes / 1024.0),
    },
    Row {
        name: "connections greeted/s",
        better: Some(Better::More),
        digits: 0,
        of: |measured| measured.connects_per_second,
    },
    Row {
        name: "the load's own CPU, paced, % of a core",
        better: None,
        digits: 0,
        of: |measured| measured.load_cpu_pace.map(|part| part * 100.0),
    },
    Row {
        name: "the load's own CPU, burst, % of a core",
        better: None,
        digits: 0,
        of: |measured| measured.load_cpu_burst.map(|part| part * 100.0),
    },
];

/// Everything that was measured.
pub(crate) struct Results {
    peers: Vec<&'static str>,
    trials: Vec<Trial>,
}

struct Trial {
    peer: usize,
    size: usize,
    measured: Measured,
    trouble: Option<String>,
}

impl Results {
    pub(crate) fn new(peers: &[Box<dyn Peer>]) -> Self {
        Self {
            peers: peers.iter().map(|peer| peer.name()).collect(),
            trials: Vec::new(),
        }
    }

    pub(crate) fn add(
        &mut self,
        peer: usize,
        size: usize,
        measured: Measured,
        trouble: Option<String>,
    ) {
        self.trials.push(Trial {
            peer,
            size,
            measured,
            trouble,
        });
    }

    /// Whether every trial came to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.trials.iter().all(|trial| trial.trouble.is_none())
    }

    /// A table for each number of connections, and what went wrong.
    pub(crate) fn to_text(&self) -> String {
        let mut sizes: Vec<usize> = self.trials.iter().map(|trial| trial.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let mut parts: Vec<String> = sizes.iter().map(|size| self.table(*size)).collect();
        for trial in &self.trials {
            if let Some(trouble) = &trial.trouble {
                let (peer, size) = (self.peers[trial.peer], trial.size);
                parts.push(format!("{peer} with {size} connections: {trouble}"));
            }
        }
        parts.join("\n\n")
    }

    fn table(&self, size: usize) -> String {
        let mut heading = vec![format!("{size} connections")];
        heading.extend(self.peers.iter().map(|peer| (*peer).to_owned()));
        let others = self.peers.iter().skip(1);
        heading.extend(others.map(|other| format!("{} : {other}", self.peers[0])));
        heading.push("better is".to_owned());
        let rows: Vec<Vec<String>> = ROWS.iter().map(|row| self.row(row, size)).collect();
        table(&heading, &rows)
    }

    fn row(&self, row: &Row, size: usize) -> Vec<String> {
        let figures: Vec<Option<f64>> = (0..self.peers.len())
            .map(|peer| self.median(row, peer, size))
            .collect();
        let shown = |figure: &Option<f64>| {
            figure.map_or_else(
                || "-".to_owned(),
                |figure| format!("{figure:.*}", row.digits),
            )
        };
        let mut cells = vec![row.name.to_owned()];
        cells.extend(figures.iter().map(shown));
        for other in figures.iter().skip(1) {
            cells.push(match (row.better, figures[0], other) {
                (Some(_), Some(ours), Some(theirs)) => format!("{:.2}", ours / theirs),
                _ => "-".to_owned(),
            });
        }
        let better = match row.better {
            Some(Better::More) => "more",
            Some(Better::Less) => "less",
            None => "",
        };
        cells.push(better.to_owned());
        cells
    }

    fn median(&self, row: &Row, peer: usize, size: usize) -> Option<f64> {
        let trials = self.trials.iter();
        median(
            trials
                .filter(|trial| trial.peer == peer && trial.size == size)
                .filter_map(|trial| (row.of)(&trial.measured)),
        )
    }
}

/// One line about a trial, for whoever waits.
pub(crate) fn progress(peer: &str, size: usize, round: usize, measured: &Measured) -> String {
    let figures: Vec<String> = ROWS
        .iter()
        .map(|row| {
            let figure = (row.of)(measured);
            figure.map_or_else(
                || "-".to_owned(),
                |figure| format!("{figure:.*}", row.digits),
            )
        })
        .collect();
    format!(
        "round {round}, {size} connections, {peer}: {}",
        figures.join("  ")
    )
}
