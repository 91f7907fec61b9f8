//! The token that the clients of the Hub would use here, and those that they keep.
//!
//! The rules are those of `huggingface_hub` (`utils/_auth.py`, `utils/_headers.py`, `constants.py`):
//! nothing if `HF_HUB_DISABLE_IMPLICIT_TOKEN` says so, or else an identity to be exchanged, then
//! `HF_TOKEN` or `HUGGING_FACE_HUB_TOKEN`, then the file that `hf auth login` writes.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use bearhug_core::{Token, risk::Keeping};

use super::{Place, in_text, read, whole};
use crate::{error::CommandError, hub};

/// The variables that hold a token, the first one first.
const VARIABLES: [&str; 2] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

/// The variable that keeps clients from sending a token of their own accord.
const DISABLED: &str = "HF_HUB_DISABLE_IMPLICIT_TOKEN";

/// The token that clients would use, if there is one.
///
/// # Errors
///
/// If they would exchange an identity for a token, which does not exist before they do.
pub(crate) fn in_use() -> Result<Option<(Token, Place)>, CommandError> {
    if is_disabled() {
        return Ok(None);
    }
    if hub::variable(&["HF_OIDC_RESOURCE"]).is_some() {
        return Err(CommandError::new(
            "clients would exchange this job's identity for a token (HF_OIDC_RESOURCE is set) and send \
             none that is stored, so there is none to look at before they do",
        )
        .hint("name the token with `--env NAME` or `--file PATH`, or unset HF_OIDC_RESOURCE"));
    }
    let values = VARIABLES.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    // The first that is not empty counts, even if there is but white space in it.
    let value = values.into_iter().find(|(_, value)| !value.is_empty());
    if let Some((name, value)) = value
        && let Some(token) = whole(&value.to_string_lossy())
    {
        let place = Place { name: format!("the variable {name}"), keeping: Keeping::Environment };
        return Ok(Some((token, place)));
    }
    let path = token_file()?;
    let content = if_there(&path)?;
    Ok(content.and_then(|(text, place)| whole(&text).map(|token| (token, place))))
}

/// Whether clients send no token unless their caller gives one.
pub(crate) fn is_disabled() -> bool {
    let value = env::var_os(DISABLED).map(|value| value.to_string_lossy().to_uppercase());
    value.is_some_and(|value| ["1", "ON", "YES", "TRUE"].contains(&value.as_str()))
}

/// As [`in_use`], where nothing can be done without one.
pub(crate) fn required() -> Result<(Token, Place), CommandError> {
    in_use()?.ok_or_else(|| {
        if is_disabled() {
            return CommandError::new(format!(
                "clients would ask the Hub as anybody: {DISABLED} is set, so they send no token that \
                 their caller does not give them"
            ))
            .hint("unset it, or name the token with `--env` or `--file`")
            .not_authenticated();
        }
        CommandError::new("there is no token here: clients would ask the Hub as anybody")
            .hint("log in with `hf auth login`, set HF_TOKEN, or name the token with `--env` or `--file`")
            .not_authenticated()
    })
}

/// Every token that clients keep: in the file of the current one, and in that of all (an INI file by
/// Python's client, JSON by the Rust one).
pub(crate) fn cached() -> Result<Vec<(Token, Place)>, CommandError> {
    let files = files()?;
    let mut tokens = Vec::new();
    for path in &files {
        if let Some((text, place)) = if_there(path)? {
            tokens.extend(in_text(&text).into_iter().map(|token| (token, place.clone())));
        }
    }
    if tokens.is_empty() {
        let [current, _] = files;
        return Err(CommandError::new(format!("no token is kept in {}", current.display()))
            .hint("log in with `hf auth login`, or set HF_HOME to where you did")
            .not_authenticated());
    }
    Ok(tokens)
}

/// The files that clients keep tokens in: that of the current one, and that of all.
pub(crate) fn files() -> Result<[PathBuf; 2], CommandError> {
    let current = token_file()?;
    let all = current.with_file_name("stored_tokens");
    Ok([current, all])
}

/// The text of a file of tokens, if it is there.
pub(crate) fn text_of(path: &Path) -> Result<Option<zeroize::Zeroizing<String>>, CommandError> {
    Ok(if_there(path)?.map(|(text, _)| text))
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
    env::var_os(variable).map(PathBuf::from)
}

/// The path with a `~` at its start replaced, as Python's `expanduser` does for one's own, and then
/// its variables, as `expandvars` does.
fn expanded(path: PathBuf) -> Result<PathBuf, CommandError> {
    let path = match path.strip_prefix("~") {
        Ok(rest) => home()?.join(rest),
        Err(_) => path,
    };
    Ok(match path.to_str() {
        Some(text) => with_variables(text, |name| env::var_os(name)?.into_string().ok()).into(),
        None => path,
    })
}

/// A text with `$NAME` and `${NAME}` replaced. Variables that are not set stay as they are, and what
/// is put in is not looked at again.
fn with_variables(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let braced = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let (name, next) = braced.unwrap_or_else(|| {
            let is_other = |c: char| !c.is_ascii_alphanumeric() && c != '_';
            after.split_at(after.find(is_other).unwrap_or(after.len()))
        });
        let written = after.strip_suffix(next).unwrap_or(after);
        match value(name).filter(|_| !name.is_empty()) {
            Some(value) => expanded.push_str(&value),
            None => expanded.extend(["$", written]),
        }
        rest = next;
    }
    expanded + rest
}

fn home() -> Result<PathBuf, CommandError> {
    env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
        CommandError::new("it is unknown where your home is").hint("set HOME to its path")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Python's `os.path.expandvars` makes of the same texts.
    #[test]
    fn variables_are_replaced_as_python_does() {
        let value = |name: &str| match name {
            "A" => Some("/a".to_owned()),
            "B_1" => Some("$A".to_owned()),
            _ => None,
        };
        for (text, expected) in [
            ("$A/token", "/a/token"),
            ("${A}x/$B_1", "/ax/$A"),
            ("$A$A", "/a/a"),
            ("x$Ab/$", "x$Ab/$"),
            ("${A", "${A"),
            ("${}$/$é", "${}$/$é"),
            ("${NONE}/$A", "${NONE}//a"),
            ("plain", "plain"),
        ] {
            assert_eq!(with_variables(text, value), expected, "{text}");
        }
    }
}
