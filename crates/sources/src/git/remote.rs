//! Repositories elsewhere, cloned by git itself so that they can be read here.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::GitError;

/// How an address of a repository starts. A path on this machine has none of these.
const SCHEMES: [&str; 6] = ["https://", "http://", "ssh://", "git://", "file://", "git@"];

/// Whether a text is the address of a repository elsewhere.
pub fn is_address(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

/// The address without the name and password that it may hold.
pub fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Clones a repository with everything that the server shows: all branches and tags, and the refs
/// of pull requests where it offers them.
///
/// No hook is run, no template copied and no other program started than those of git, and nobody is
/// asked for a password: git's own helpers answer, or nobody does.
///
/// # Errors
///
/// If git cannot be run or fails.
pub fn clone(address: &str, into: &Path) -> Result<(), GitError> {
    let output = Command::new("git")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never"])
        .args(["clone", "--quiet", "--mirror", "--template=", "--", address])
        .arg(into)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::Start)?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(GitError::Failed { command: "clone".to_owned(), stderr })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_paths_and_lose_their_passwords() {
        for address in ["https://h/x", "ssh://h/x", "git@h:x", "file:///x"] {
            assert!(is_address(address), "{address}");
        }
        for path in [".", "https", "a/https://b", "C:\\x"] {
            assert!(!is_address(path), "{path}");
        }
        assert_eq!(without_password("https://ada:secret@h:8/x@y"), "https://h:8/x@y");
        assert_eq!(without_password("git@h:x"), "git@h:x");
    }
}
