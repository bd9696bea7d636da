//! What a server and its load used of the processor between two moments. It does not know for what.

use std::time::{Duration, Instant};

use super::process::{Server, own_processor_time};

/// Processor time at one moment.
pub(crate) struct Usage {
    at: Instant,
    server: Duration,
    load: Duration,
}

pub(crate) struct Used {
    /// Of the server, in seconds.
    pub(crate) server: f64,
    /// Of this process, as a part of one core.
    pub(crate) load_part_of_core: f64,
}

impl Usage {
    pub(crate) fn now(server: &Server) -> anyhow::Result<Self> {
        Ok(Self {
            at: Instant::now(),
            server: server.processor_time()?,
            load: own_processor_time()?,
        })
    }

    pub(crate) fn until_now(&self, server: &Server) -> anyhow::Result<Used> {
        let now = Self::now(server)?;
        let load = now.load.saturating_sub(self.load).as_secs_f64();
        Ok(Used {
            server: now.server.saturating_sub(self.server).as_secs_f64(),
            load_part_of_core: load / (now.at - self.at).as_secs_f64(),
        })
    }
}
