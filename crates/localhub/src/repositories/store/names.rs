//! What may be handed to git as a name: object ids, names of refs, paths.

use std::fmt;

/// The id of a git object: 40 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct Sha(String);

impl Sha {
    /// The id that a text is, if it is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == 40
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_id.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a name may stand behind `refs/heads/` or `refs/tags/` (git-check-ref-format).
pub(crate) fn is_ref_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let has_case_of_lock =
            part.get(part.len().saturating_sub(5)..).is_some_and(|end| end == ".lock");
        !part.is_empty() && !part.starts_with(['.', '-']) && !has_case_of_lock
    };
    name.len() <= 255
        && name.split('/').all(is_part)
        && !name.ends_with('.')
        && !name.contains("..")
        && !name.contains("@{")
        && name != "@"
        && !name.contains(|c: char| c.is_control() || " ~^:?*[\\".contains(c))
}

/// Whether a path may be a file's in a repository: relative, without empty or dotted parts, and none
/// that a checkout would take for its own `.git`.
pub(crate) fn is_path(path: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.eq_ignore_ascii_case(".git")
    };
    path.len() <= 4096 && path.split('/').all(is_part) && !path.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_git_reads_as_syntax_are_no_names() {
        for name in ["main", "feat/x", "v1.0", "größe", "a-b_c"] {
            assert!(is_ref_name(name), "{name}");
        }
        let syntax =
            ["", "-x", "a..b", "a^", "a:b", "a//b", "/a", "a/", "x.lock", "@", "a@{1}", "a b"];
        for name in syntax {
            assert!(!is_ref_name(name), "{name}");
        }
    }

    #[test]
    fn paths_stay_inside() {
        for path in ["a", "a/b.txt", ".gitattributes", "ü ñ/+#?.bin"] {
            assert!(is_path(path), "{path}");
        }
        for path in ["", "/a", "a/", "../a", "a/./b", ".git/config", "a/.GIT/x", "a\nb", "a\0"] {
            assert!(!is_path(path), "{path:?}");
        }
    }
}
