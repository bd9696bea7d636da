//! What the script is to do, and what it tells. They do not know what the figures have to be.

use serde::{Deserialize, Serialize};

/// The numbers of what is done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Plan {
    /// Messages of the conversation that is scrolled through.
    pub(crate) scrolled: u32,
    /// Milliseconds that each way of scrolling takes.
    scrolled_ms: u32,
    /// Pixels a second.
    speeds: Speeds,
    /// Times that one types on an idle page and in a burst, in turns.
    rounds: u32,
    /// Messages that are there when one begins to type.
    before: u32,
    /// Messages a second of a burst.
    pub(crate) burst: u32,
    /// Seconds of a burst.
    burst_secs: u32,
    /// Messages that come while memory is looked at.
    pub(crate) stayed: u32,
    /// Messages between two looks at it.
    step: u32,
    /// Messages a second meanwhile.
    rate: u32,
    /// The only row that is measured, if there is one.
    pub(crate) only: Option<String>,
}

#[derive(Serialize)]
struct Speeds {
    /// As a wheel is turned to read.
    reading: u32,
    /// As one looks for something.
    looking: u32,
}

impl Plan {
    pub(crate) fn of(quick: bool) -> Self {
        let pick = |quickly, fully| if quick { quickly } else { fully };
        Self {
            scrolled: pick(1_000, 10_000),
            scrolled_ms: pick(4_000, 10_000),
            speeds: Speeds {
                reading: 2_000,
                looking: 12_000,
            },
            rounds: pick(1, 3),
            before: 400,
            burst: 500,
            burst_secs: pick(4, 10),
            stayed: pick(4_000, 100_000),
            step: pick(1_000, 10_000),
            rate: 500,
            only: None,
        }
    }
}

/// A line of the script.
#[derive(Deserialize)]
#[serde(tag = "row", rename_all = "lowercase")]
pub(crate) enum Told {
    Load(Load),
    Scroll(Scroll),
    Typing(Typing),
    Staying(Staying),
}

/// What is loaded until one can write.
#[derive(Deserialize)]
pub(crate) struct Load {
    pub(crate) bytes: f64,
    pub(crate) files: f64,
}

/// One way of scrolling through all that was said.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scroll {
    pub(crate) way: String,
    /// Messages that stand in the page.
    pub(crate) rows: f64,
    /// Milliseconds until they did.
    pub(crate) loaded_ms: f64,
    /// Milliseconds between frames.
    pub(crate) between: Vec<f64>,
    /// Frames that came on the screen, by the browser's own count.
    pub(crate) presented: f64,
    /// Those that did not.
    pub(crate) dropped: f64,
}

/// One turn of typing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Typing {
    round: u32,
    pub(crate) idle: Keys,
    pub(crate) busy: Keys,
    /// Messages a second that were written.
    pub(crate) per_second: f64,
    /// Milliseconds from the last one's being on disk until it stood in the page.
    pub(crate) behind_ms: f64,
    /// Messages that were not drawn, because more came at once than the page's window holds.
    pub(crate) passed: f64,
}

/// Milliseconds that keys took.
#[derive(Deserialize)]
pub(crate) struct Keys {
    /// Until the page had done all that it does because of it.
    pub(crate) handled: Vec<f64>,
    /// Until the frame was drawn that shows it.
    pub(crate) shown: Vec<f64>,
}

/// What the page holds at one time, in bytes.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Staying {
    /// How many messages came before.
    pub(crate) after: u32,
    pub(crate) heap: f64,
    pub(crate) program: f64,
    pub(crate) nodes: f64,
    /// Messages that stand in the page.
    pub(crate) rows: f64,
}

impl Told {
    pub(crate) fn in_short(&self) -> String {
        match self {
            Self::Load(load) => format!("loaded {} files", load.files),
            Self::Scroll(scroll) => {
                format!("scrolled through {} rows: {}", scroll.rows, scroll.way)
            }
            Self::Typing(typing) => format!(
                "round {}: {} keys while {:.0} messages a second came",
                typing.round + 1,
                typing.busy.shown.len(),
                typing.per_second
            ),
            Self::Staying(staying) => {
                format!("after {} messages: {} nodes", staying.after, staying.nodes)
            }
        }
    }

    pub(crate) fn memory(&self) -> Option<&Staying> {
        match self {
            Self::Staying(staying) => Some(staying),
            _ => None,
        }
    }
}
