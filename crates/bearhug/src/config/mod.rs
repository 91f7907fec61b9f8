//! How bearhug is set up: defaults, then the repository's `bearhug.toml`, then the user's own file, then
//! the environment. What is said later holds, key by key, and flags have the last word.

mod environments;
mod error;
mod files;
mod keys;
mod layers;
mod node;
mod origin;
mod reading;
mod sections;
mod shown;

use std::path::Path;

use bearhug_core::{policy::Policy, risk::Weights};
use serde::{Deserialize as _, de::DeserializeOwned};

pub(crate) use environments::Environments;
pub(crate) use error::{ConfigError, nearest};
pub(crate) use files::Said;
pub(crate) use layers::Layers;
pub(crate) use sections::Scan;
pub(crate) use shown::written;

use crate::{cli::Global, error::CommandError, words};
use node::Node;
use sections::Sections;

/// How bearhug is set up.
#[derive(Debug)]
pub(crate) struct Config {
    /// What identities are held to.
    pub(crate) policy: Policy,
    /// How much each factor of a risk counts.
    pub(crate) weights: Weights,
    /// The address of the ledger, if one is named.
    pub(crate) ledger: Option<String>,
    /// The path of the vault, if one is named.
    pub(crate) vault: Option<String>,
    /// How scans go.
    pub(crate) scan: Scan,
    /// Which environment a source belongs to.
    pub(crate) environments: Environments,
    /// What was said, and where.
    said: Node,
}

/// How bearhug is set up here. Says which files do not count, and why.
pub(crate) fn load(global: &Global) -> Result<Config, CommandError> {
    let layers = Layers::here()?;
    if !global.quiet {
        for remark in layers.remarks() {
            words::say(&format!("warning: {remark}"));
        }
    }
    Ok(Config::of(&layers)?)
}

/// Reads another file of ours, in which what is wrong is told in the same way.
pub(crate) fn read_file<T: DeserializeOwned>(path: &Path) -> Result<T, CommandError> {
    let text = files::named(path).map_err(|error| CommandError::file("read", path, error))?;
    let name = path.display().to_string();
    let node = Node::parse(&text, &name);
    node.and_then(|node| T::deserialize(&node)).map_err(|error| {
        CommandError::new("the file cannot be used")
            .because(error)
            .hint("docs/policy.md shows what it is like")
    })
}

impl Config {
    fn of(layers: &Layers) -> Result<Self, ConfigError> {
        let mut said = Node::empty();
        for layer in layers.said()? {
            // Each must make sense by itself, also where another hides it.
            Sections::deserialize(&layer)?;
            said.overlay(layer);
        }
        let Sections { policy, risk, ledger, scan, vault } = Sections::deserialize(&said)?;
        let environments = Environments::new(&scan.environments);
        let (ledger, vault) = (ledger.address, vault.path);
        Ok(Self { policy, weights: risk, ledger, vault, scan, environments, said })
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::new("the configuration cannot be used")
            .because(error)
            .hint("docs/config.md lists what can be set; `bearhug config path` lists what is read")
    }
}
