//! What a figure has to reach, and whether it does. It does not know what is measured.

use std::fmt;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
}

impl fmt::Display for Better {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::More => "more is better",
            Self::Less => "less is better",
        })
    }
}

impl Better {
    /// Whether a figure reaches a bound.
    pub(crate) fn reaches(self, figure: f64, bound: f64) -> bool {
        match self {
            Self::More => figure >= bound,
            Self::Less => figure <= bound,
        }
    }

    /// A bound in signs and digits.
    pub(crate) fn bound(self, bound: &str) -> String {
        match self {
            Self::More => format!("≥ {bound}"),
            Self::Less => format!("≤ {bound}"),
        }
    }

    /// "met", or by how much of the bound it is missed.
    pub(crate) fn verdict(self, figure: f64, bound: f64) -> String {
        if self.reaches(figure, bound) {
            return "met".to_owned();
        }
        format!(
            "missed by {:.0} %",
            ((figure - bound) / bound).abs() * 100.0
        )
    }
}

/// Digits in groups of three, which are read more easily.
pub(crate) fn grouped(figure: f64, digits: usize) -> String {
    let text = format!("{figure:.digits$}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |rest| ("-", rest));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !part.is_empty() {
        grouped.push('.');
        grouped.push_str(part);
    }
    grouped
}
