//! The token that the clients of the Hub would use here, and those that they keep.
//!
//! The rules are those of `huggingface_hub` (`utils/_auth.py`, `constants.py`): an identity to be
//! exchanged comes first, then `HF_TOKEN` and `HUGGING_FACE_HUB_TOKEN`, then the file that
//! `hf auth login` writes.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use bearhug_core::{Token, risk::Keeping};

use super::{Place, in_text, read, whole};
use crate::{error::CommandError, hub};

/// The variables that hold a token, the first one first.
const VARIABLES: [&str; 2] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

/// The token that clients would use, if there is one.
///
/// # Errors
///
/// If they would exchange an identity for a token, which does not exist before they do.
pub(crate) fn in_use() -> Result<Option<(Token, Place)>, CommandError> {
    if hub::variable(&["HF_OIDC_RESOURCE"]).is_some() {
        return Err(CommandError::new(
            "clients would exchange this job's identity for a token (HF_OIDC_RESOURCE is set), so there \
             is none to look at before they do",
        )
        .hint("name the token with `--env NAME` or `--file PATH`, or unset HF_OIDC_RESOURCE"));
    }
    for name in VARIABLES {
        let value = env::var_os(name).and_then(|value| whole(&value.to_string_lossy()));
        if let Some(token) = value {
            let place =
                Place { name: format!("the variable {name}"), keeping: Keeping::Environment };
            return Ok(Some((token, place)));
        }
    }
    let path = token_file()?;
    let content = if_there(&path)?;
    Ok(content.and_then(|(text, place)| whole(&text).map(|token| (token, place))))
}

/// As [`in_use`], where nothing can be done without one.
pub(crate) fn required() -> Result<(Token, Place), CommandError> {
    in_use()?.ok_or_else(|| {
        CommandError::new("there is no token here: clients would ask the Hub as anybody")
            .hint("log in with `hf auth login`, set HF_TOKEN, or name the token with `--env` or `--file`")
            .not_authenticated()
    })
}

/// Every token that clients keep: in the file of the current one, and in that of all (an INI file by
/// Python's client, JSON by the Rust one).
pub(crate) fn cached() -> Result<Vec<(Token, Place)>, CommandError> {
    let current = token_file()?;
    let all = current.with_file_name("stored_tokens");
    let mut tokens = Vec::new();
    for path in [&current, &all] {
        if let Some((text, place)) = if_there(path)? {
            tokens.extend(in_text(&text).into_iter().map(|token| (token, place.clone())));
        }
    }
    if tokens.is_empty() {
        return Err(CommandError::new(format!("no token is kept in {}", current.display()))
            .hint("log in with `hf auth login`, or set HF_HOME to where you did")
            .not_authenticated());
    }
    Ok(tokens)
}

fn if_there(path: &Path) -> Result<Option<(zeroize::Zeroizing<String>, Place)>, CommandError> {
    match read::open(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::file("read", path, error)),
    }
}

/// The file of the current token.
fn token_file() -> Result<PathBuf, CommandError> {
    if let Some(path) = path_in("HF_TOKEN_PATH") {
        return expanded(path);
    }
    if let Some(home) = path_in("HF_HOME") {
        return Ok(expanded(home)?.join("token"));
    }
    let cache = match path_in("XDG_CACHE_HOME") {
        Some(cache) => expanded(cache)?,
        None => home()?.join(".cache"),
    };
    Ok(cache.join("huggingface/token"))
}

fn path_in(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The path with a `~` at its start replaced, as Python's `expanduser` does for one's own.
fn expanded(path: PathBuf) -> Result<PathBuf, CommandError> {
    match path.strip_prefix("~") {
        Ok(rest) => Ok(home()?.join(rest)),
        Err(_) => Ok(path),
    }
}

fn home() -> Result<PathBuf, CommandError> {
    env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
        CommandError::new("it is unknown where your home is").hint("set HOME to its path")
    })
}
