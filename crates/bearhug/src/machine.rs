//! This computer, as the environment describes it.

use std::{collections::BTreeMap, env, path::PathBuf};

use bearhug_sources::machine::{
    Machine,
    keepers::{Host, Keepers, PATIENCE, Session},
    places::VARIABLES,
};

use crate::error::CommandError;

/// Reads the environment, which libraries do not.
pub(crate) fn this() -> Result<Machine, CommandError> {
    let home = env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
        CommandError::new("it is unknown where your home is").hint("set HOME to its path")
    })?;
    let variables: BTreeMap<_, _> =
        VARIABLES.iter().map(|(name, _)| ((*name).to_owned(), paths(name))).collect();
    Ok(Machine { home, work: PathBuf::from("."), root: PathBuf::from("/"), variables })
}

/// The programs that keep credentials here.
pub(crate) fn keepers(machine: &Machine) -> Keepers {
    let has_bus = !paths("DBUS_SESSION_BUS_ADDRESS").is_empty()
        || paths("XDG_RUNTIME_DIR").iter().any(|folder| folder.join("bus").exists());
    let endpoint = env::var_os("HF_ENDPOINT").unwrap_or_default();
    let host = Host::of(&endpoint.to_string_lossy());
    let session = Session { programs: paths("PATH"), has_bus, host };
    Keepers::of(machine, &session, PATIENCE)
}

/// The paths that a variable says. One like `KUBECONFIG` is a list of them, while elsewhere a colon
/// belongs to the path, so both are looked for: what is not there is not missed.
fn paths(variable: &str) -> Vec<PathBuf> {
    let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Vec::new();
    };
    let mut paths: Vec<_> =
        env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()).collect();
    if paths.len() > 1 {
        paths.insert(0, PathBuf::from(value));
    }
    paths
}
