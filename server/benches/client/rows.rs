//! What was told, as figures beside what they have to reach. It does not know how any of it was measured.

use crate::figure::{Figure, Summary, summaries};
use crate::figures::{median, table};
use crate::shown::chart::Line;
use crate::shown::target::grouped;
use crate::told::{Plan, Staying, Told, Typing};

/// Bytes of the first load. The page's tests fail above it.
const FIRST_LOAD_BYTES_MAX: f64 = 260.0 * 1_024.0;
/// Frames a second that count as smooth.
const FRAMES_MIN: f64 = 55.0;
/// Milliseconds of a frame at sixty a second.
const FRAME_MS: f64 = 1_000.0 / 60.0;
/// Milliseconds within which a key is handled, and mostly shows. When it shows is up to the next frame as well: on a page at
/// rest too it is often later.
const KEY_MS_MAX: f64 = 16.0;
/// By how much memory may grow in the second half of the messages and count as level: what collecting garbage leaves now
/// and then.
const GROWN_MIB_MAX: f64 = 2.0;
/// The same of nodes: those of the rows by which the window may be larger than it is to be.
const GROWN_NODES_MAX: f64 = 2_500.0;

const MIB: f64 = 1_024.0 * 1_024.0;

/// A table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) summaries: Vec<Summary>,
}

/// Everything that was told, in tables.
pub(crate) fn of(plan: &Plan, told: &[Told]) -> Vec<Row> {
    let row = |name, heading, rounds: &[Vec<Figure>]| Row {
        name,
        heading,
        summaries: summaries(rounds),
    };
    let all = [
        row("load", "The first load", &load(told)),
        row("scroll", "Scrolling, read back to the first", &scroll(told)),
        row("typing", "Typing while messages come", &typing(plan, told)),
        row("staying", "Memory, second half", &staying(told)),
    ];
    let is_measured = |row: &Row| !row.summaries.is_empty();
    all.into_iter().filter(is_measured).collect()
}

fn load(told: &[Told]) -> Vec<Vec<Figure>> {
    let load = told.iter().filter_map(|told| match told {
        Told::Load(load) => Some(load.bytes),
        _ => None,
    });
    load.map(|bytes| vec![Figure::less("bytes", bytes, 0).must(FIRST_LOAD_BYTES_MAX)])
        .collect()
}

/// The ways are figures beside each other: each is looked at once.
fn scroll(told: &[Told]) -> Vec<Vec<Figure>> {
    let mut figures = Vec::new();
    for told in told {
        let Told::Scroll(scroll) = told else {
            continue;
        };
        let all: f64 = scroll.between.iter().sum();
        let rate = scroll.between.len() as f64 * 1_000.0 / all;
        let longest = scroll.between.iter().copied().fold(0.0, f64::max);
        let dropped = scroll.dropped / (scroll.presented + scroll.dropped).max(1.0) * 100.0;
        let [rate_name, longest_name, late_name, dropped_name] = match scroll.way.as_str() {
            "reading" => [
                "reading: frames/s",
                "reading: longest frame, ms",
                "reading: frames late, %",
                "reading: dropped by the browser's count, %",
            ],
            _ => [
                "looking: frames/s",
                "looking: longest frame, ms",
                "looking: frames late, %",
                "looking: dropped by the browser's count, %",
            ],
        };
        let late = scroll.between.iter().filter(|ms| **ms > 1.5 * FRAME_MS);
        let late = late.count() as f64 / scroll.between.len().max(1) as f64 * 100.0;
        if figures.is_empty() {
            figures.push(Figure::plain("messages in the page", scroll.rows, 0));
            figures.push(Figure::plain("read back, s", scroll.loaded_ms / 1_000.0, 1));
        }
        figures.extend([
            Figure::more(rate_name, rate, 1)
                .must(FRAMES_MIN)
                .hoped(59.0),
            Figure::less(longest_name, longest, 0).hoped(3.0 * FRAME_MS),
            Figure::less(late_name, late, 1),
            Figure::less(dropped_name, dropped, 1),
        ]);
    }
    vec![figures]
        .into_iter()
        .filter(|all| !all.is_empty())
        .collect()
}

fn typing(plan: &Plan, told: &[Told]) -> Vec<Vec<Figure>> {
    let rounds = told.iter().filter_map(|told| match told {
        Told::Typing(typing) => Some(typing),
        _ => None,
    });
    rounds.map(|round| keys(plan, round)).collect()
}

fn keys(plan: &Plan, round: &Typing) -> Vec<Figure> {
    let (idle, busy) = (&round.idle, &round.busy);
    vec![
        Figure::more("messages written/s", round.per_second, 0).must(f64::from(plan.burst) * 0.99),
        Figure::less("all in the page after, ms", round.behind_ms, 0).hoped(1_000.0),
        Figure::less("not drawn: beyond the window", round.passed, 0).must(0.0),
        Figure::plain("keys", busy.shown.len() as f64, 0),
        Figure::plain("idle: shown, p50, ms", quantile(&idle.shown, 0.5), 1),
        Figure::plain("idle: shown, p95, ms", quantile(&idle.shown, 0.95), 1),
        Figure::plain("idle: shown, p99, ms", quantile(&idle.shown, 0.99), 1),
        Figure::plain("idle: handled, p95, ms", quantile(&idle.handled, 0.95), 1),
        Figure::less("shown, p50, ms", quantile(&busy.shown, 0.5), 1).must(KEY_MS_MAX),
        Figure::less("shown, p95, ms", quantile(&busy.shown, 0.95), 1),
        Figure::less("shown, p99, ms", quantile(&busy.shown, 0.99), 1),
        Figure::less("handled, p50, ms", quantile(&busy.handled, 0.5), 1),
        Figure::less("handled, p95, ms", quantile(&busy.handled, 0.95), 1).must(KEY_MS_MAX),
        Figure::less("handled, p99, ms", quantile(&busy.handled, 0.99), 1),
    ]
}

/// What this part of all does not exceed.
fn quantile(all: &[f64], part: f64) -> f64 {
    let mut sorted = all.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (part * sorted.len() as f64).ceil() as usize;
    sorted
        .get(at.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}

/// By how much memory grew from the middle to the end. Each is the median of three looks.
fn staying(told: &[Told]) -> Vec<Vec<Figure>> {
    let looks: Vec<&Staying> = told.iter().filter_map(Told::memory).collect();
    let Some(last) = looks.last() else {
        return Vec::new();
    };
    let middle = looks.len() / 2;
    let around = |of: fn(&Staying) -> f64, from: usize| {
        let all = looks.iter().skip(from).take(3);
        median(all.map(|look| of(look))).unwrap_or(f64::NAN)
    };
    let grown = |of: fn(&Staying) -> f64| {
        around(of, looks.len().saturating_sub(3)) - around(of, middle.saturating_sub(1))
    };
    let held = |look: &Staying| look.heap + look.program;
    vec![vec![
        Figure::plain("messages that came", f64::from(last.after), 0),
        Figure::plain("held at the end, MiB", held(last) / MIB, 1),
        Figure::less("grown, MiB", grown(held) / MIB, 2).must(GROWN_MIB_MAX),
        Figure::less("nodes grown", grown(|look| look.nodes), 0).must(GROWN_NODES_MAX),
    ]]
}

/// What the page held, look by look.
pub(crate) fn memory_to_text(told: &[Told]) -> String {
    let heading = [
        "Messages that came",
        "scripts, MiB",
        "program, MiB",
        "nodes",
        "messages in the page",
    ];
    let rows: Vec<Vec<String>> = told
        .iter()
        .filter_map(Told::memory)
        .map(|look| {
            vec![
                grouped(f64::from(look.after), 0),
                grouped(look.heap / MIB, 2),
                grouped(look.program / MIB, 2),
                grouped(look.nodes, 0),
                grouped(look.rows, 0),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    table(&heading.map(str::to_owned), &rows)
}

/// The same as lines.
pub(crate) fn memory_lines(told: &[Told]) -> Vec<Line> {
    let line = |name: &str, of: fn(&Staying) -> f64| Line {
        name: name.to_owned(),
        points: told
            .iter()
            .filter_map(Told::memory)
            .filter(|look| look.after > 0)
            .map(|look| (f64::from(look.after), of(look) / MIB))
            .collect(),
    };
    vec![
        line("scripts", |look| look.heap),
        line("program", |look| look.program),
    ]
}
