//! What every measurement needs to report itself: medians, latencies, a table, a place on the disk. It does not know what is measured.

use std::time::Duration;

use comfy_table::{CellAlignment, presets::ASCII_MARKDOWN};
use hdrhistogram::Histogram;

/// The middle one of several figures; of an even number, the lower of the two in the middle.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// Latencies from a microsecond to ten minutes, to three digits.
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    pub(crate) fn new() -> Self {
        let bounds = Histogram::new_with_bounds(1, 600_000_000, 3);
        Self(bounds.expect("the bounds are in order and three digits are supported"))
    }

    pub(crate) fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.0.saturating_record(micros.max(1));
    }

    /// The latency in milliseconds that this part of all does not exceed.
    pub(crate) fn quantile_ms(&self, part: f64) -> f64 {
        self.0.value_at_quantile(part) as f64 / 1_000.0
    }
}

/// A table in Markdown: the first column is text, the others are figures.
pub(crate) fn table(heading: &[String], rows: &[Vec<String>]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(heading);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// A folder that disappears with its holder. It lies in the build folder, on the disk that one builds
/// on: the system's own place for such folders may be memory, where an fsync costs nothing.
pub(crate) fn scratch() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
}
