//! The names in a request: of repositories and their owners, of revisions and of files.

use bearhug_core::scope::{Name, RepoKind, Resource};

use super::Refusal;

/// The longest path of a file, in bytes: 1,000 characters (the Hub's OpenAPI document, commit).
const LONGEST: usize = 4000;

/// First segments of the Hub's own pages, which are nobody's name. A repository of such an owner would be
/// one that another sort of path leads to.
const RESERVED: [&str; 24] = [
    "api",
    "blog",
    "buckets",
    "chat",
    "collections",
    "datasets",
    "docs",
    "enterprise",
    "join",
    "kernels",
    "learn",
    "login",
    "logout",
    "models",
    "new",
    "oauth",
    "organizations",
    "papers",
    "posts",
    "pricing",
    "settings",
    "spaces",
    "tasks",
    "uploads",
];

/// A user's or an organisation's name.
pub(super) fn owner(text: &str) -> Result<Name, Refusal> {
    if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Err(Refusal::Ambiguous("a page of the Hub stands where a name should"));
    }
    name(text)
}

/// A repository, by its name and that of its owner, which old ones have not.
pub(super) fn repository(
    kind: RepoKind,
    of: Option<&str>,
    called: &str,
) -> Result<Resource, Refusal> {
    Ok(match of {
        Some(of) => Resource::Repository(kind, Some(owner(of)?), name(called)?),
        None => Resource::Repository(kind, None, owner(called)?),
    })
}

/// A repository as bodies name it: `acme/model`, or `gpt2`.
pub(super) fn id(kind: RepoKind, text: &str) -> Result<Resource, Refusal> {
    match text.split_once('/') {
        Some((of, called)) => repository(kind, Some(of), called),
        None => repository(kind, None, text),
    }
}

/// A name that no server could take for another: the Hub has none that starts or ends with a dot or a
/// dash, has two dots in a row, or ends in `.git` (`validate_repo_id` of `huggingface_hub`).
fn name(text: &str) -> Result<Name, Refusal> {
    let ends_well = |c: Option<char>| c.is_some_and(|c| !matches!(c, '.' | '-'));
    let is_git = text.len() >= 4
        && text.get(text.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".git"));
    let is_plain = ends_well(text.chars().next())
        && ends_well(text.chars().next_back())
        && !text.contains("..")
        && !is_git;
    let name = if is_plain { Name::new(text) } else { None };
    name.ok_or(Refusal::Ambiguous("a name that no user, organisation or repository can have"))
}

/// The branch or tag that is written to, without its escapes. `refs/heads/main` is `main`.
pub(super) fn revision(text: &str) -> Result<String, Refusal> {
    let short = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/"));
    let short = short.unwrap_or(text);
    // What git would look for elsewhere, or take for an expression (gitrevisions, git-check-ref-format).
    let is_elsewhere = ["heads/", "tags/", "remotes/", "-"].iter().any(|p| short.starts_with(p));
    let has_operator = short.contains(|c: char| c.is_control() || " ~^:?*[\\".contains(c))
        || ["..", "@{", "//"].iter().any(|operator| short.contains(operator));
    let ends_well = !short.ends_with(['/', '.']) && !short.starts_with(['/', '.']);
    let is_name = !short.is_empty() && short != "@" && short.len() <= 255;
    if is_elsewhere || has_operator || !ends_well || !is_name {
        return Err(Refusal::Ambiguous("a revision that is not the name of a branch or tag"));
    }
    Ok(short.to_owned())
}

/// The path of a file in a repository.
pub(super) fn file(path: &str) -> Result<&str, Refusal> {
    let is_clear = |part: &str| !matches!(part, "" | "." | "..");
    let is_path = path.len() <= LONGEST
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && path.split('/').all(is_clear);
    is_path.then_some(path).ok_or(Refusal::Ambiguous("a path of a file that can mean two"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_the_hub_has() {
        for text in ["acme", "Qwen2.5-0.5B", "__x__", "0"] {
            assert!(name(text).is_ok(), "{text}");
        }
        for text in
            ["", ".", "..", "a.", ".a", "-a", "a-", "a..b", "m.git", "m.GIT", "a%2Fb", "a b"]
        {
            assert!(name(text).is_err(), "{text}");
        }
        assert!(owner("Datasets").is_err());
        assert!(id(RepoKind::Model, "acme/datasets").is_ok());
        assert!(id(RepoKind::Model, "datasets/acme").is_err());
        assert!(id(RepoKind::Model, "api").is_err());
        assert!(id(RepoKind::Model, "acme/m/x").is_err());
    }

    #[test]
    fn revisions_have_one_name() {
        assert_eq!(revision("refs/heads/ci/x"), Ok("ci/x".into()));
        assert_eq!(revision("refs/pr/1"), Ok("refs/pr/1".into()));
        for text in
            ["heads/main", "main~1", "main^{}", "a..b", "@", "@{-1}", "", "refs/heads/", "-f"]
        {
            assert!(revision(text).is_err(), "{text}");
        }
    }

    #[test]
    fn files_have_one_path() {
        for text in ["", "/a", "a//b", "./a", "a/..", "a/", "a\\b", "a\nb"] {
            assert!(file(text).is_err(), "{text}");
        }
        assert_eq!(file("a b/\u{e9}..txt"), Ok("a b/\u{e9}..txt"));
    }
}
