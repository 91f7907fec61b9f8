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

/// One name for a repository, however it is reached: `https`, host and path. None for a path on this
/// machine.
pub fn canonical(address: &str) -> Option<String> {
    let (host, path) = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or_default();
            // A port of ssh says nothing about where people look at the repository.
            let is_web = matches!(scheme, "http" | "https");
            (if is_web { host } else { host.split(':').next().unwrap_or_default() }, path)
        }
        // As scp writes it: `git@host:path`. A slash before the colon makes it a path.
        None => {
            let (host, path) = address.split_once(':').filter(|(host, _)| !host.contains('/'))?;
            (host.rsplit('@').next().unwrap_or_default(), path)
        }
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty()).then(|| format!("https://{}/{path}", host.to_ascii_lowercase()))
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
    fn a_repository_has_one_name_however_it_is_reached() {
        for address in [
            "https://github.com/acme/model",
            "https://ada:secret@GitHub.com/acme/model.git",
            "git@github.com:acme/model.git",
            "ssh://git@github.com:22/acme/model.git/",
            "git://github.com/acme/model",
        ] {
            let name = canonical(address);
            assert_eq!(name.as_deref(), Some("https://github.com/acme/model"), "{address}");
        }
        assert_eq!(canonical("http://h:8/x").as_deref(), Some("https://h:8/x"));
        for path in ["/srv/git/x.git", "../x", "file:///srv/x", "./a:b", ""] {
            assert_eq!(canonical(path), None, "{path}");
        }
    }

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
