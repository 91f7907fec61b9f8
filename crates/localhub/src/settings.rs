//! How a local Hub is to be started.

use std::path::PathBuf;

use crate::{Clock, Limits};

/// How a local Hub is to be started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that holds the bare repositories and what the CDN serves. It must exist.
    pub root: PathBuf,
    /// What time it is for expiries, windows and what is shown.
    pub clock: Clock,
    /// The port of the Hub on loopback; 0 lets the system choose.
    pub port: u16,
    /// Hugging Face's `local_cas_server`, if Xet is to be offered: without it the Hub answers as one
    /// that has no Xet.
    pub cas_server: Option<PathBuf>,
    /// How many requests are answered.
    pub limits: Limits,
}

impl Settings {
    /// A Hub that keeps its repositories below `root` and lets the system choose its ports.
    pub fn new(root: impl Into<PathBuf>, clock: Clock) -> Self {
        Self { root: root.into(), clock, port: 0, cas_server: None, limits: Limits::default() }
    }
}
