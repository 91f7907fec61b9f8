//! What a request's path names. It is taken apart before anything in it is decoded, so that a `%2F`
//! within a revision or a branch stays within it.

use percent_encoding::percent_decode_str;

use crate::RepoKind;

/// What may follow the name of a repository in the paths of the API; so a name of one word is told from
/// the first of two.
const API_WORDS: [&str; 29] = [
    "auth-check",
    "branch",
    "commit",
    "commits",
    "compare",
    "discussions",
    "duplicate",
    "jwt",
    "lfs-files",
    "likers",
    "paths-info",
    "preupload",
    "refs",
    "resource-group",
    "revision",
    "runtime",
    "scan",
    "secrets",
    "settings",
    "super-squash",
    "tag",
    "tree",
    "treesize",
    "user-access-request",
    "variables",
    "xet-read-token",
    "xet-write-token",
    "resolve",
    "raw",
];

/// What may follow it in the paths of the web, of git and of git-lfs.
const WEB_WORDS: [&str; 7] = [
    "ask-access",
    "git-receive-pack",
    "git-upload-pack",
    "info",
    "raw",
    "resolve",
    "user-access-report",
];

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// `/api/{models|datasets|spaces}`: the list of one kind.
    List(RepoKind),
    /// `/api/repos/{action}`, whose repository the body names.
    Action(String),
    /// `/api/validate-yaml`.
    ValidateYaml,
    /// `/api/complete_multipart`, whose query says what is complete.
    CompleteMultipart,
    /// `/api/{models|datasets|spaces}/{id}/…`.
    Api(Within),
    /// `/api/resolve-cache/{models|datasets|spaces}/{id}/{commit}/{path}`.
    Cache(Within),
    /// `/[datasets/|spaces/]{id}[.git]/…`; there are no pages.
    Web(Within),
}

/// A path within a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Within {
    pub(crate) kind: RepoKind,
    /// `acme/model`, or `gpt2`.
    pub(crate) id: String,
    /// The parts after it, each decoded.
    pub(crate) rest: Vec<String>,
}

impl Address {
    /// Where a path leads, if it leads anywhere here.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match parts.as_slice() {
            ["api", "validate-yaml"] => Some(Self::ValidateYaml),
            ["api", "complete_multipart"] => Some(Self::CompleteMultipart),
            ["api", "repos", action] => Some(Self::Action((*action).to_owned())),
            ["api", "resolve-cache", kind, rest @ ..] => {
                Within::parse(plural(kind)?, rest, &[]).map(Self::Cache)
            }
            ["api", kind] => Some(Self::List(plural(kind)?)),
            ["api", kind, rest @ ..] => {
                Within::parse(plural(kind)?, rest, &API_WORDS).map(Self::Api)
            }
            ["datasets", rest @ ..] => Self::web(RepoKind::Dataset, rest),
            ["spaces", rest @ ..] => Self::web(RepoKind::Space, rest),
            rest => Self::web(RepoKind::Model, rest),
        }
    }

    fn web(kind: RepoKind, parts: &[&str]) -> Option<Self> {
        let mut within = Within::parse(kind, parts, &WEB_WORDS).filter(|w| !w.rest.is_empty())?;
        if let Some(id) = within.id.strip_suffix(".git") {
            within.id = id.to_owned();
        }
        Some(Self::Web(within))
    }
}

impl Within {
    fn parse(kind: RepoKind, parts: &[&str], words: &[&str]) -> Option<Self> {
        let has_one_word = parts.get(1).is_none_or(|second| words.contains(second));
        let (id, rest) = parts.split_at_checked(if has_one_word { 1 } else { 2 })?;
        if id.iter().any(|part| part.is_empty() || part.contains('%')) {
            return None;
        }
        let rest: Option<Vec<String>> = rest.iter().map(|part| decoded(part)).collect();
        Some(Self { kind, id: id.join("/"), rest: together(rest?) })
    }
}

/// A part of a path without its escapes; nothing that leads elsewhere once decoded.
fn decoded(part: &str) -> Option<String> {
    let text = percent_decode_str(part).decode_utf8().ok()?;
    let leads_away = text.split('/').any(|part| part == ".." || part == ".");
    (!text.is_empty() && !leads_away && !text.contains('\0')).then(|| text.into_owned())
}

/// Makes one part of a ref that was written without escapes, as people type them: `refs/pr/1`.
fn together(mut rest: Vec<String>) -> Vec<String> {
    let is_ref = matches!(rest.as_slice(), [_, refs, space, _, ..]
        if refs == "refs" && matches!(space.as_str(), "pr" | "convert" | "heads" | "tags"));
    if is_ref {
        let name: Vec<String> = rest.drain(1..4).collect();
        rest.insert(1, name.join("/"));
    }
    rest
}

fn plural(word: &str) -> Option<RepoKind> {
    let kinds = [RepoKind::Model, RepoKind::Dataset, RepoKind::Space];
    kinds.into_iter().find(|kind| kind.plural() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(path: &str) -> (String, Vec<String>) {
        match Address::parse(path) {
            Some(Address::Api(w) | Address::Web(w) | Address::Cache(w)) => (w.id, w.rest),
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn a_slash_within_a_revision_stays_within_it() {
        let rest = |path| within(path).1;
        assert_eq!(rest("/api/models/acme/m/branch/feat%2Fx"), ["branch", "feat/x"]);
        assert_eq!(rest("/acme/m/resolve/refs%2Fpr%2F1/a/b"), ["resolve", "refs/pr/1", "a", "b"]);
        assert_eq!(rest("/acme/m/resolve/refs/pr/1/a"), ["resolve", "refs/pr/1", "a"]);
        assert_eq!(rest("/acme/m/resolve/main/a%20b%2523.txt"), ["resolve", "main", "a b%23.txt"]);
    }

    #[test]
    fn names_have_one_or_two_words() {
        assert_eq!(within("/api/models/gpt2").0, "gpt2");
        assert_eq!(within("/gpt2/resolve/main/config.json").0, "gpt2");
        assert_eq!(within("/datasets/squad.git/info/refs").0, "squad");
        assert_eq!(within("/api/datasets/acme/tree").0, "acme");
        assert_eq!(within("/api/models/acme/m/tree/main").0, "acme/m");
        assert_eq!(within("/acme/m.git/git-upload-pack").0, "acme/m");
    }

    #[test]
    fn what_leads_elsewhere_leads_nowhere() {
        for path in [
            "/acme/m/resolve/main/../x",
            "/acme/m/resolve/main/%2e%2e/x",
            "/acme/m/resolve/main//x",
            "/acme/m/resolve/..%2F..%2Fx/a",
            "/ac%6de/m/resolve/main/x",
            "/api/kernels/acme/m",
            "acme",
            "/acme",
            "/acme/m",
        ] {
            assert_eq!(Address::parse(path), None, "{path}");
        }
    }
}
