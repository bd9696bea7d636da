//! How cost grows: with connections, with conversations of each person, with messages in the store. It does not
//! know what any of it has to reach.

use std::time::Duration;

use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::figures::{self, table};
use crate::plan::{Plan, newcomer, pace};
use crate::rig::usage::Usage;
use crate::rows::{idle, opening};
use crate::shown::chart::{self, Line};
use crate::shown::target::grouped;
use crate::shown::written;
use crate::talk::Talk;
use crate::town::{LOBBY, Town};

const WRITERS: usize = 20;

/// Figures over something that grows. Less is better in all of them.
pub(crate) struct Sweep {
    name: &'static str,
    across: &'static str,
    /// What is measured, with its unit. The first ones are drawn together, by their unit.
    figures: Vec<&'static str>,
    points: Vec<(usize, Vec<f64>)>,
}

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Sweep>> {
    Ok(vec![
        with_connections(plan)?,
        with_conversations(plan)?,
        with_messages(plan)?,
    ])
}

fn with_connections(plan: &Plan) -> anyhow::Result<Sweep> {
    let sizes: &[usize] = plan.pick(&[200, 800], &[100, 300, 1_000, 3_000, 10_000]);
    let mut points = Vec::new();
    for size in sizes {
        points.push((*size, one_lobby(plan, *size)?));
    }
    Ok(Sweep {
        name: "connections",
        across: "connections in one conversation, at the same deliveries/s",
        figures: vec![
            "memory per connection, KiB",
            "server CPU per delivery, µs",
            "latency p99, ms",
        ],
        points,
    })
}

fn one_lobby(plan: &Plan, size: usize) -> anyhow::Result<Vec<f64>> {
    let deliveries_per_second = plan.pick(8_000.0, 20_000.0);
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    Town::of_one_lobby(size).settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let writers = (0..WRITERS).map(|writer| writer * (size / WRITERS));
    let lobby = Talk::new(LOBBY, writers.collect(), size, 0);
    let mut crowd = Crowd::new(server.address, vec![lobby])?;
    std::thread::sleep(plan.seconds(0.2, 1.0));
    let before = server.resident_bytes()?;
    crowd.gather((0..size).map(|person| newcomer(person, [0])))?;
    crowd.linger(plan.seconds(0.5, 3.0))?;
    let kib = (server.resident_bytes()? - before) / size as f64 / 1_024.0;
    let (usage, duration) = (Usage::now(&server)?, plan.seconds(1.0, 10.0));
    let per_second = deliveries_per_second / size as f64;
    pace(
        &mut crowd,
        per_second,
        duration,
        |crowd, number, planned| crowd.send(0, number % WRITERS, planned),
    )?;
    let used = usage.until_now(&server)?;
    crowd.linger(Duration::from_millis(100))?;
    let deliveries = crowd.tally.deliveries.max(1) as f64;
    Ok(vec![
        kib,
        used.server * 1e6 / deliveries,
        crowd.tally.latencies.quantile_ms(0.99),
    ])
}

fn with_conversations(plan: &Plan) -> anyhow::Result<Sweep> {
    let counts: &[usize] = plan.pick(&[1, 20], &[1, 10, 50, 200, 1_000]);
    let connected = plan.pick(100, 500);
    let mut points = Vec::new();
    for count in counts {
        let cost = idle::of(plan, connected, connected.max(*count), *count)?;
        points.push((*count, vec![cost.kib_per_connection, cost.arrival_us / 1e3]));
    }
    Ok(Sweep {
        name: "conversations",
        across: "conversations of each person",
        figures: vec!["memory per connection, KiB", "server CPU per arrival, ms"],
        points,
    })
}

fn with_messages(plan: &Plan) -> anyhow::Result<Sweep> {
    let counts: &[usize] = plan.pick(
        &[10_000, 100_000],
        &[10_000, 100_000, 1_000_000, 10_000_000],
    );
    let mut points = Vec::new();
    for count in counts {
        let opened = opening::of(plan, *count)?;
        let quantiles = [0.5, 0.99].map(|part| opened.quantile_ms(part));
        points.push((*count, quantiles.to_vec()));
    }
    Ok(Sweep {
        name: "messages",
        across: "messages in the store",
        figures: vec![
            "opening a conversation, p50, ms",
            "opening a conversation, p99, ms",
        ],
        points,
    })
}

impl Sweep {
    pub(crate) fn to_text(&self) -> String {
        let mut heading = vec![self.across.to_owned()];
        let figures = self.figures.iter();
        heading.extend(figures.map(|figure| format!("{figure} (less is better)")));
        let rows: Vec<Vec<String>> = self
            .points
            .iter()
            .map(|(across, figures)| {
                let figures = figures.iter().map(|figure| grouped(*figure, 2));
                std::iter::once(grouped(*across as f64, 0))
                    .chain(figures)
                    .collect()
            })
            .collect();
        table(&heading, &rows)
    }

    pub(crate) fn to_json(&self) -> Value {
        let points: Vec<Value> = self
            .points
            .iter()
            .map(|(across, figures)| json!({ "at": across, "figures": figures }))
            .collect();
        json!({ "across": self.across, "figures": self.figures, "points": points })
    }

    /// Draws each figure; those that differ by their quantile only share a picture.
    pub(crate) fn draw(&self) -> anyhow::Result<()> {
        if self.name == "messages" {
            let lines: Vec<Line> = (0..self.figures.len()).map(|at| self.line(at)).collect();
            return self.keep(
                "opening",
                "opening a conversation, ms (less is better)",
                &lines,
            );
        }
        for (at, figure) in self.figures.iter().enumerate() {
            let word = figure.split([' ', ',']).find(|word| *word != "server");
            let title = format!("{figure} (less is better)");
            self.keep(
                &word.unwrap_or(figure).to_lowercase(),
                &title,
                &[self.line(at)],
            )?;
        }
        Ok(())
    }

    fn line(&self, figure: usize) -> Line {
        let points = self.points.iter();
        Line {
            name: self.figures[figure].to_owned(),
            points: points
                .map(|(across, figures)| (*across as f64, figures[figure]))
                .collect(),
        }
    }

    fn keep(&self, what: &str, title: &str, lines: &[Line]) -> anyhow::Result<()> {
        let name = format!("growth-{}-{what}.svg", self.name);
        written::keep(&name, &chart::lines(title, self.across, lines))
    }
}
