//! A figure with its unit, beside what it has to reach. It does not know how it was measured.

use serde_json::{Value, json};

use crate::figures::{median, table};
use crate::shown::target::{Better, grouped};

/// One figure of one round.
#[derive(Clone)]
pub(crate) struct Figure {
    /// What it is, with its unit.
    pub(crate) name: &'static str,
    /// `None` for one that is shown to judge the others by.
    better: Option<Better>,
    digits: usize,
    value: f64,
    must: Option<f64>,
    hoped: Option<f64>,
}

impl Figure {
    pub(crate) fn more(name: &'static str, value: f64, digits: usize) -> Self {
        Self::new(name, Some(Better::More), value, digits)
    }

    pub(crate) fn less(name: &'static str, value: f64, digits: usize) -> Self {
        Self::new(name, Some(Better::Less), value, digits)
    }

    /// One that is neither good nor bad.
    pub(crate) fn plain(name: &'static str, value: f64, digits: usize) -> Self {
        Self::new(name, None, value, digits)
    }

    pub(crate) fn must(self, bound: f64) -> Self {
        Self {
            must: Some(bound),
            ..self
        }
    }

    pub(crate) fn hoped(self, bound: f64) -> Self {
        Self {
            hoped: Some(bound),
            ..self
        }
    }

    pub(crate) fn value(&self) -> f64 {
        self.value
    }

    fn new(name: &'static str, better: Option<Better>, value: f64, digits: usize) -> Self {
        Self {
            name,
            better,
            digits,
            value,
            must: None,
            hoped: None,
        }
    }
}

/// A figure of all rounds.
pub(crate) struct Summary {
    /// As the first round had it.
    figure: Figure,
    median: f64,
    /// By which part of the median the rounds lie apart.
    spread: f64,
}

/// Puts rounds of the same figures together.
pub(crate) fn summaries(rounds: &[Vec<Figure>]) -> Vec<Summary> {
    let Some(first) = rounds.first() else {
        return Vec::new();
    };
    let summary = |(at, figure): (usize, &Figure)| {
        let values: Vec<f64> = rounds.iter().map(|round| round[at].value).collect();
        let median = median(values.iter().copied()).unwrap_or(f64::NAN);
        let largest = values.iter().copied().fold(f64::MIN, f64::max);
        let smallest = values.iter().copied().fold(f64::MAX, f64::min);
        Summary {
            figure: figure.clone(),
            median,
            spread: if median == 0.0 {
                0.0
            } else {
                (largest - smallest) / median
            },
        }
    };
    first.iter().enumerate().map(summary).collect()
}

impl Summary {
    fn cells(&self) -> Vec<String> {
        let Figure {
            name,
            better,
            digits,
            must,
            hoped,
            ..
        } = &self.figure;
        let judged = |bound: &Option<f64>| match (bound, better) {
            (Some(bound), Some(better)) => format!(
                "{}: {}",
                better.bound(&grouped(*bound, if bound.fract() == 0.0 { 0 } else { 2 })),
                better.verdict(self.median, *bound)
            ),
            _ => String::new(),
        };
        vec![
            better.map_or_else(|| (*name).to_owned(), |better| format!("{name} ({better})")),
            grouped(self.median, *digits),
            format!("{:.0} %", self.spread * 100.0),
            judged(must),
            judged(hoped),
        ]
    }

    pub(crate) fn to_json(&self) -> Value {
        let Figure {
            name,
            better,
            must,
            hoped,
            ..
        } = &self.figure;
        let met = |bound: &Option<f64>| {
            let (better, bound) = ((*better)?, (*bound)?);
            Some(better.reaches(self.median, bound))
        };
        json!({
            "name": name,
            "better": better.map(|better| better.to_string()),
            "median": self.median,
            "spread": self.spread,
            "must": must,
            "must_met": met(must),
            "hoped": hoped,
            "hoped_met": met(hoped),
        })
    }
}

/// All of them under one heading.
pub(crate) fn to_text(heading: &str, summaries: &[Summary]) -> String {
    let heading = [heading, "median", "spread", "must", "hoped"].map(str::to_owned);
    let rows: Vec<Vec<String>> = summaries.iter().map(Summary::cells).collect();
    table(&heading, &rows)
}
