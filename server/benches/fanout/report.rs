//! The tables: medians of all trials beside what they have to reach, and what could not be measured. It does
//! not know how anything was measured.

use serde_json::{Value, json};

use crate::figures::table;
use crate::results::{Results, is_void};
use crate::rows::{Bound, LOAD_IN_A_BURST, ROWS, Row, Target};
use crate::shown::target::{Better, grouped};
use crate::shown::{chart, written};
use crate::trial::Measured;

/// The load is what limits from about here on, in % of a core: it has one thread.
const LOAD_IS_THE_LIMIT: f64 = 90.0;

/// What was measured, and the same build beside itself.
pub(crate) struct Report<'a> {
    pub(crate) results: &'a Results,
    pub(crate) control: &'a Results,
}

impl Report<'_> {
    /// A table for each number of connections, and what went wrong.
    pub(crate) fn to_text(&self) -> String {
        let mut parts = Vec::new();
        for size in self.results.sizes() {
            parts.push(self.table(size));
            parts.extend(self.limits(size));
        }
        parts.extend(self.troubles());
        parts.join("\n\n")
    }

    /// The same for programs.
    pub(crate) fn to_json(&self, rounds: usize) -> Value {
        let tables: Vec<Value> = self
            .results
            .sizes()
            .into_iter()
            .map(|size| {
                let rows: Vec<Value> = ROWS.iter().map(|row| self.row_json(row, size)).collect();
                json!({ "connections": size, "rows": rows })
            })
            .collect();
        json!({
            "bench": "fanout",
            "rounds": rounds,
            "peers": self.results.peers,
            "tables": tables,
            "troubles": self.troubles(),
        })
    }

    /// Draws the rows that have a picture.
    pub(crate) fn draw(&self) -> anyhow::Result<()> {
        for size in self.results.sizes() {
            for row in &ROWS {
                let (Some(picture), Some(better)) = (row.picture, row.better) else {
                    continue;
                };
                let peers = self.results.peers.iter().map(|peer| (*peer).to_owned());
                let figures = self.results.figures(row, size).into_iter();
                let known = peers.zip(figures);
                let known: Vec<(String, f64)> = known
                    .filter_map(|(peer, figure)| Some((peer, figure?)))
                    .collect();
                let title = format!(
                    "{} connections, {} ({better})",
                    grouped(size as f64, 0),
                    row.name
                );
                let name = format!("fanout-{size}-{picture}.svg");
                written::keep(&name, &chart::bars(&title, &known, row.digits))?;
            }
        }
        Ok(())
    }

    fn table(&self, size: usize) -> String {
        let peers = &self.results.peers;
        let mut heading = vec![format!("{} connections", grouped(size as f64, 0))];
        heading.extend(peers.iter().map(|peer| (*peer).to_owned()));
        let others = peers.iter().skip(1);
        heading.extend(others.map(|other| format!("{} : {other}", peers[0])));
        heading.extend(["control", "must", "hoped"].map(str::to_owned));
        let rows: Vec<Vec<String>> = ROWS.iter().map(|row| self.row(row, size)).collect();
        table(&heading, &rows)
    }

    fn row(&self, row: &Row, size: usize) -> Vec<String> {
        let figures = self.results.figures(row, size);
        let mut cells = vec![match row.better {
            Some(better) => format!("{} ({better})", row.name),
            None => row.name.to_owned(),
        }];
        cells.extend(figures.iter().map(|figure| shown(*figure, row.digits)));
        for other in figures.iter().skip(1) {
            cells.push(match (row.better, figures[0], other) {
                (Some(_), Some(ours), Some(theirs)) => format!("{:.2}", ours / theirs),
                _ => "-".to_owned(),
            });
        }
        let Some(better) = row.better else {
            cells.extend([const { String::new() }; 3]);
            return cells;
        };
        let difference = self.control.difference(row, size);
        let void = if is_void(difference) { ": void" } else { "" };
        cells.push(match difference {
            Some(part) => format!("{:.1} %{void}", part * 100.0),
            None => "void".to_owned(),
        });
        for is_hope in [false, true] {
            let targets = row.targets.iter();
            let of_kind =
                targets.filter(|target| target.is_hope == is_hope && target.connections == size);
            let judged = of_kind.map(|target| self.judge(target, better, row, &figures));
            cells.push(judged.collect::<Vec<_>>().join("; "));
        }
        cells
    }

    fn judge(&self, target: &Target, better: Better, row: &Row, figures: &[Option<f64>]) -> String {
        let words = better.bound(&match target.bound {
            Bound::Is(bound) => grouped(bound, 0),
            Bound::Times(factor, peer) => format!("{factor} × {peer}"),
        });
        let bound = self.bound(target, figures);
        match (figures[0], bound) {
            (Some(figure), Some(bound)) => {
                let void = is_void(self.control.difference(row, target.connections));
                let void = if void { " (void)" } else { "" };
                format!("{words}: {}{void}", better.verdict(figure, bound))
            }
            _ => format!("{words}: not measured"),
        }
    }

    fn bound(&self, target: &Target, figures: &[Option<f64>]) -> Option<f64> {
        match target.bound {
            Bound::Is(bound) => Some(bound),
            Bound::Times(factor, peer) => {
                let at = self.results.peers.iter().position(|name| *name == peer)?;
                Some(factor * figures[at]?)
            }
        }
    }

    fn row_json(&self, row: &Row, size: usize) -> Value {
        let figures = self.results.figures(row, size);
        let by_peer: serde_json::Map<String, Value> = self
            .results
            .peers
            .iter()
            .zip(&figures)
            .map(|(peer, figure)| ((*peer).to_owned(), json!(figure)))
            .collect();
        let difference = self.control.difference(row, size);
        let targets = row
            .targets
            .iter()
            .filter(|target| target.connections == size);
        let targets: Vec<Value> = targets
            .map(|target| {
                let bound = self.bound(target, &figures);
                let met = row.better.zip(figures[0]).zip(bound);
                json!({
                    "hoped": target.is_hope,
                    "bound": bound,
                    "met": met.map(|((better, figure), bound)| better.reaches(figure, bound)),
                })
            })
            .collect();
        json!({
            "name": row.name,
            "better": row.better.map(|better| better.to_string()),
            "figures": by_peer,
            "control": difference,
            "void": row.better.map(|_| is_void(difference)),
            "targets": targets,
        })
    }

    /// Where the load itself was the limit.
    fn limits(&self, size: usize) -> Vec<String> {
        let Some(row) = ROWS.iter().find(|row| row.name == LOAD_IN_A_BURST) else {
            return Vec::new();
        };
        let peers = self.results.peers.iter();
        let with_part = peers.zip(self.results.figures(row, size));
        let limited =
            with_part.filter(|(_, part)| part.is_some_and(|part| part > LOAD_IS_THE_LIMIT));
        limited
            .map(|(peer, _)| {
                format!("{peer}, {size} connections: the load was the limit of the burst, not the server.")
            })
            .collect()
    }

    fn troubles(&self) -> Vec<String> {
        let mut troubles = self.control.troubles();
        troubles.extend(self.results.troubles());
        troubles
    }
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| grouped(figure, digits))
}

/// One line about a trial, for whoever waits.
pub(crate) fn progress(peer: &str, size: usize, round: usize, measured: &Measured) -> String {
    let figures: Vec<String> = ROWS
        .iter()
        .map(|row| shown((row.of)(measured), row.digits))
        .collect();
    format!(
        "round {round}, {size} connections, {peer}: {}",
        figures.join("  ")
    )
}
