//! One run of a seed: what happened, and what must hold and does not. It does not know how either is found.

use crate::bug::Bug;
use crate::figures::Figures;
use crate::play::Play;
use crate::template::Template;
use crate::verdict;

/// What became of a run.
#[derive(Debug)]
pub struct Outcome {
    /// How much happened.
    pub figures: Figures,
    /// What happened, line by line, where that was wanted.
    pub trace: String,
    /// What must hold and does not.
    pub faults: Vec<String>,
}

/// Plays what a seed decides, and looks whether what must hold does.
///
/// # Errors
/// When the machine fails, and never because of what is looked for.
pub async fn run(
    template: &Template,
    seed: u64,
    bug: Option<Bug>,
    traces: bool,
) -> anyhow::Result<Outcome> {
    let mut play = Play::begin(template, seed, bug, traces).await?;
    play.act().await?;
    let faults = match play.come_to_rest().await {
        Ok(()) => verdict::faults(&mut play).await?,
        Err(unrest) => vec![unrest],
    };
    let faults = faults.iter().map(|fault| play.trace.named(fault)).collect();
    let (figures, trace) = play.end().await;
    Ok(Outcome {
        figures,
        trace,
        faults,
    })
}
