//! The places of a computer where tokens live: tables, and no code.
//!
//! A path starts with `~` (the home), `.` (the working folder), `/` or a variable of [`VARIABLES`].
//! One that ends in `/` is a folder to be searched to its bottom, any other is a file; `*` stands for
//! any part of one name. Where two places overlap the one that is listed first has the file.

mod agents;
mod builds;
mod cloud;
mod git;
mod hub;
mod research;
mod shells;
mod system;

use bearhug_core::Storage;

/// Something that keeps tokens, and where it is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What it is.
    pub storage: Storage,
    /// Where it may be.
    pub paths: &'static [&'static str],
    /// Whether it belongs to the system. What the user may not read of that is no gap: it is not
    /// where the user's tokens are.
    pub of_system: bool,
}

/// Every place, by what sort of thing it belongs to.
pub const GROUPS: [(&str, &[Place]); 8] = [
    ("Hugging Face clients", hub::PLACES),
    ("Git and logins", git::PLACES),
    ("Shells and histories", shells::PLACES),
    ("Clouds", cloud::PLACES),
    ("Editors and agents", agents::PLACES),
    ("Notebooks, experiments and data", research::PLACES),
    ("Containers and packages", builds::PLACES),
    ("The system", system::PLACES),
];

/// The variables that move a place, and where it is without them. A place is looked for where the
/// variable says and in the usual places too: another program may run without the variable.
pub const VARIABLES: &[(&str, &[&str])] = &[
    ("AWS_CONFIG_FILE", &[]),
    ("AWS_SHARED_CREDENTIALS_FILE", &[]),
    ("CLAUDE_CONFIG_DIR", &["~/.claude"]),
    ("CLOUDSDK_CONFIG", &["$XDG_CONFIG_HOME/gcloud"]),
    ("CODEX_HOME", &["~/.codex"]),
    ("CONDARC", &[]),
    ("DOCKER_CONFIG", &["~/.docker"]),
    ("GIT_CONFIG_GLOBAL", &[]),
    // huggingface_hub/constants.py of 2.4.0.
    ("HF_HOME", &["$XDG_CACHE_HOME/huggingface"]),
    ("HF_TOKEN_PATH", &[]),
    ("HISTFILE", &[]),
    ("IPYTHONDIR", &["~/.ipython"]),
    ("JUPYTER_CONFIG_DIR", &["~/.jupyter"]),
    ("KUBECONFIG", &[]),
    ("NETRC", &[]),
    ("NPM_CONFIG_USERCONFIG", &[]),
    ("PIP_CONFIG_FILE", &[]),
    ("PYTHON_HISTORY", &[]),
    ("RCLONE_CONFIG", &[]),
    ("REGISTRY_AUTH_FILE", &[]),
    ("WANDB_DIR", &[]),
    // https://specifications.freedesktop.org/basedir-spec/latest/
    ("XDG_CACHE_HOME", &["~/.cache"]),
    ("XDG_CONFIG_HOME", &["~/.config"]),
    ("XDG_DATA_HOME", &["~/.local/share"]),
    ("XDG_RUNTIME_DIR", &[]),
    ("XDG_STATE_HOME", &["~/.local/state"]),
    ("ZDOTDIR", &["~"]),
];

/// A place of the user's.
const fn own(storage: Storage, paths: &'static [&'static str]) -> Place {
    Place { storage, paths, of_system: false }
}

/// What one place is called and what to do about a token in it.
const fn storage(name: &'static str, title: &'static str, advice: &'static str) -> Storage {
    Storage { name, title, advice }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// The list that people read, which the tests of the program plant tokens by.
    const LIST: &str = include_str!("../../../../../docs/machine.md");

    #[test]
    fn the_list_for_people_is_the_table() {
        let mut list = String::new();
        for (group, places) in GROUPS {
            let _ = write!(list, "\n### {group}\n\n| what | where |\n|---|---|\n");
            for place in places {
                let paths = place.paths.join("`, `");
                let _ = writeln!(list, "| {} | `{paths}` |", place.storage.title);
            }
        }
        list.push_str("\n### Variables\n\n| variable | usual place |\n|---|---|\n");
        for (name, usual) in VARIABLES {
            let usual = usual.first().map_or_else(|| "none".to_owned(), |path| format!("`{path}`"));
            let _ = writeln!(list, "| `${name}` | {usual} |");
        }
        assert!(LIST.ends_with(&list), "the end of docs/machine.md should be:\n{list}");
    }
}
