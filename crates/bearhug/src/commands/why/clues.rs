//! What a client's error says: which repository, which file, and whether something was written.
//!
//! Clients word errors in their own ways, but nearly all quote the address that failed.

use bearhug_core::scope::{RepoKind, Resource};

/// What can be read off an error, an address or a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Clues {
    /// The repository that it is about.
    pub(super) repository: Option<Resource>,
    /// The revision, as it stands in an address.
    pub(super) revision: Option<String>,
    /// The file.
    pub(super) path: Option<String>,
    /// Whether something was to be written.
    pub(super) writes: bool,
    /// The HTTP status.
    pub(super) status: Option<u16>,
}

/// Words that stand where a namespace would, and are none.
const PAGES: &[&str] = &[
    "api",
    "blog",
    "changelog",
    "chat",
    "collections",
    "docs",
    "join",
    "learn",
    "login",
    "logout",
    "new",
    "organizations",
    "papers",
    "posts",
    "pricing",
    "settings",
    "tasks",
];

/// What an address says after the repository when something is written.
const WRITES: &[&str] =
    &["commit", "preupload", "xet-write-token", "git-receive-pack", "branch", "tag", "settings"];

/// What stands before the name of a repository in the words of clients, and the kind that it tells.
const NOUNS: &[(&str, RepoKind)] = &[
    ("model", RepoKind::Model),
    ("dataset", RepoKind::Dataset),
    ("space", RepoKind::Space),
    ("repo", RepoKind::Model),
    ("repository", RepoKind::Model),
    ("repo_id", RepoKind::Model),
];

/// Reads the clues in a text. Addresses count if they are on one of the hosts.
pub(super) fn read(text: &str, hosts: &[&str]) -> Clues {
    let addresses = words(text).filter_map(|word| path_of(word, hosts));
    let mut clues = addresses.map(of_path).fold(Clues::default(), better);
    if clues.repository.is_none() {
        clues.repository = named(text);
    }
    clues.status = status(text);
    clues
}

/// Of two addresses, the one that names a repository.
fn better(one: Clues, two: Clues) -> Clues {
    if one.repository.is_none() && two.repository.is_some() { two } else { one }
}

/// What stands for the rest of a word that somebody cut short, or we did because it held a token.
const CUT: char = '…';

/// The words of a text without the punctuation around them. What was cut short stays so.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_around = |c: char| !c.is_alphanumeric() && !matches!(c, '/' | '*' | '_' | CUT);
    let splits =
        |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '<' | '>' | '(' | ')');
    text.split(splits).map(move |word| word.trim_matches(is_around)).filter(|word| !word.is_empty())
}

/// The path of an address on one of the hosts, without its query. What was cut short is no address.
fn path_of<'a>(word: &'a str, hosts: &[&str]) -> Option<&'a str> {
    if word.contains(CUT) {
        return None;
    }
    if let Some(path) = word.strip_prefix("hf://") {
        return Some(path);
    }
    let (_, rest) = word.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let (_, host) = host.rsplit_once('@').unwrap_or(("", host));
    hosts.contains(&host).then(|| path.split(['?', '#']).next().unwrap_or_default())
}

/// Reads the path of an address, of the site, the API or git.
fn of_path(path: &str) -> Clues {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let is_api = segments.first() == Some(&"api");
    while matches!(segments.first(), Some(&("api" | "resolve-cache"))) {
        segments.remove(0);
    }
    let kind = segments.first().and_then(|first| RepoKind::of_folder(first));
    if kind.is_some() {
        segments.remove(0);
    }
    let is_page = segments.first().is_some_and(|first| PAGES.contains(first));
    if kind.is_none() && (is_api || is_page) {
        return Clues::default();
    }
    // What follows the name tells where it ends: some old repositories have no namespace.
    let is_verb = |segment: &&str| {
        matches!(*segment, "resolve" | "blob" | "raw" | "tree" | "revision" | "info" | "auth-check")
            || WRITES.contains(segment)
    };
    let length = segments.iter().position(is_verb).unwrap_or(segments.len()).min(2);
    let name = segments.get(..length).unwrap_or_default().join("/");
    let name = name.strip_suffix(".git").unwrap_or(&name);
    let rest = segments.get(length..).unwrap_or_default();
    Clues {
        repository: Resource::repository(kind.unwrap_or(RepoKind::Model), name),
        revision: after_verb(rest).map(|(revision, _)| revision.to_owned()),
        path: after_verb(rest).map(|(_, path)| path.join("/")).filter(|path| !path.is_empty()),
        writes: rest.iter().any(|segment| WRITES.contains(segment))
            || path.contains("git-receive-pack"),
        status: None,
    }
}

fn after_verb<'a>(rest: &'a [&'a str]) -> Option<(&'a str, &'a [&'a str])> {
    match rest {
        ["resolve" | "blob" | "raw" | "tree" | "revision", revision, path @ ..] => {
            Some((revision, path))
        }
        _ => None,
    }
}

/// A repository that is named in words: alone, or after a noun.
fn named(text: &str) -> Option<Resource> {
    let is_alone = words(text).nth(1).is_none();
    let mut noun = is_alone.then_some(RepoKind::Model);
    for word in words(text) {
        if let Some(kind) = noun.filter(|_| is_alone || word.contains('/')) {
            let repository = match word.split_once('/').map(|(first, _)| RepoKind::of_folder(first))
            {
                Some(Some(_)) => Resource::parse(word),
                _ => Resource::repository(kind, word),
            };
            let repository = repository.filter(|r| matches!(r, Resource::Repository(..)));
            if repository.is_some() {
                return repository;
            }
        }
        let word = word.to_lowercase();
        noun = NOUNS.iter().find(|(noun, _)| *noun == word).map(|(_, kind)| *kind);
    }
    None
}

/// The first number that is an HTTP status of a failure.
fn status(text: &str) -> Option<u16> {
    let numbers = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let is_failure = |status: &u16| matches!(status, 401..=404 | 409 | 429 | 500..=504);
    numbers.filter_map(|number| number.parse().ok()).find(is_failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clues(text: &str) -> Clues {
        read(text, &["huggingface.co", "hf.co", "127.0.0.1:8080"])
    }

    fn repository(text: &str) -> String {
        clues(text).repository.map_or(String::new(), |resource| resource.to_string())
    }

    /// As `huggingface_hub`, `transformers`, git and llama.cpp print them.
    #[test]
    fn errors_of_real_clients_name_the_repository() {
        let cases = [
            (
                "404 Client Error. (Request ID: Root=1-67)\n\nRepository Not Found for url: \
                 https://huggingface.co/acme/model/resolve/main/config.json.\nPlease make sure you \
                 specified the correct `repo_id` and `repo_type`.",
                "acme/model",
            ),
            (
                "huggingface_hub.errors.GatedRepoError: 403 Client Error. Cannot access gated repo for \
                 url https://huggingface.co/datasets/acme/train/resolve/main/a.parquet.",
                "datasets/acme/train",
            ),
            (
                "OSError: acme/model is not a local folder and is not a valid model identifier listed on \
                 'https://huggingface.co/models'",
                "",
            ),
            (
                "remote: Invalid username\nfatal: Authentication failed for 'https://huggingface.co/acme/model/'",
                "acme/model",
            ),
            (
                "fatal: repository 'https://user@huggingface.co/spaces/acme/demo.git/' not found",
                "spaces/acme/demo",
            ),
            ("Access to model meta-llama/Llama-3 is restricted.", "meta-llama/Llama-3"),
            ("Access to dataset acme/train is restricted.", "datasets/acme/train"),
            ("cannot find repo `spaces/acme/demo`", "spaces/acme/demo"),
            ("curl: (22) https://hf.co/gpt2/resolve/main/x?download=true 401", "gpt2"),
            ("http://127.0.0.1:8080/api/datasets/acme/train/revision/main", "datasets/acme/train"),
            ("hf://datasets/acme/train/a.csv", "datasets/acme/train"),
            ("acme/model", "acme/model"),
            ("datasets/acme/train", "datasets/acme/train"),
            ("gpt2", "gpt2"),
            ("https://evil.example/acme/model", ""),
            ("https://huggingface.co/settings/tokens", ""),
            ("https://huggingface.co/api/whoami-v2 failed", ""),
            ("something went wrong", ""),
            ("https://huggingface.co/acme/model/resolve/hf_…Ab3x/x", ""),
            ("https://huggingface.co/acme/model/resolve/hf_…", ""),
            ("model acme/hf_…Ab3x", ""),
            ("model acme/hf_…", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(repository(text), expected, "{text}");
        }
    }

    #[test]
    fn an_address_tells_the_revision_the_file_and_whether_it_writes() {
        let read = clues("https://huggingface.co/acme/model/resolve/v1/sub/config.json");
        assert_eq!(read.revision.as_deref(), Some("v1"));
        assert_eq!(read.path.as_deref(), Some("sub/config.json"));
        assert!(!read.writes);
        let wrote =
            clues("403 Forbidden: https://huggingface.co/api/models/acme/model/commit/main");
        assert!(wrote.writes && wrote.status == Some(403));
        assert!(
            clues("https://huggingface.co/acme/m.git/info/refs?service=git-receive-pack")
                .repository
                .is_some()
        );
    }

    #[test]
    fn any_piece_of_an_error_can_be_read() {
        let error = "403 é Forbidden: https://user@huggingface.co/api/datasets/acme/m.git/commit/main?x#y \
                     Access to dataset 'hf://spaces/acme/demo' 模型 repo `a/b`://:::///";
        let cuts: Vec<usize> = error.char_indices().map(|(at, _)| at).collect();
        for &from in &cuts {
            for &to in cuts.iter().filter(|to| **to >= from) {
                clues(&error[from..to]);
            }
        }
    }

    #[test]
    fn a_status_is_a_number_of_its_own() {
        assert_eq!(clues("error 429 Too Many Requests").status, Some(429));
        assert_eq!(clues("took 1.404 s, id a404").status, None);
    }
}
