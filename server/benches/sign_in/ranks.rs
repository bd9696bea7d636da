//! Two samples compared by rank. It does not know what they are of.

/// How one sample lies to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Comparison {
    /// By how much the first is larger: the median of all differences (Hodges and Lehmann).
    pub(crate) shift: f64,
    /// Where that lies with a certainty of 95 %: from here …
    pub(crate) low: f64,
    /// … to here.
    pub(crate) high: f64,
    /// How often one of the first is larger than one of the second: a half when they do not differ.
    pub(crate) larger: f64,
    /// How likely so much or more of a difference is when there is none (Mann and Whitney, two-sided).
    pub(crate) p: f64,
}

/// Compares two samples of a hundred or more each: the normal approximation is taken.
pub(crate) fn compare(one: &[f64], other: &[f64]) -> Comparison {
    let mut differences: Vec<f64> = one
        .iter()
        .flat_map(|first| other.iter().map(move |second| first - second))
        .collect();
    differences.sort_by(f64::total_cmp);
    let pairs = differences.len() as f64;
    let below = differences.partition_point(|difference| *difference < 0.0);
    let up_to = differences.partition_point(|difference| *difference <= 0.0);
    let wins = pairs - (below + up_to) as f64 / 2.0;
    let spread = (pairs * (one.len() + other.len() + 1) as f64 / 12.0).sqrt();
    let z = (wins - pairs / 2.0) / spread;
    let at = |rank: f64| {
        let last = differences.len() - 1;
        differences[(rank.max(0.0) as usize).min(last)]
    };
    Comparison {
        shift: at(pairs / 2.0),
        low: at(pairs / 2.0 - 1.96 * spread),
        high: at(pairs / 2.0 + 1.96 * spread),
        larger: wins / pairs,
        p: 2.0 * beyond(z.abs()),
    }
}

/// The part of the normal distribution beyond `z`, for a `z` that is not negative (Abramowitz and
/// Stegun, 26.2.17: right to seven digits).
fn beyond(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let terms = [
        1.330_274_429,
        -1.821_255_978,
        1.781_477_937,
        -0.356_563_782,
        0.319_381_530,
    ];
    density * terms.iter().fold(0.0, |sum, term| (sum + term) * t)
}
