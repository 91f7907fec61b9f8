//! Who answers for the files of a repository by its own list
//! (<https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>,
//! <https://docs.gitlab.com/user/project/codeowners/reference/>).

use std::{io::Read as _, path::Path};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::opening;

/// Where a repository may have its list. The first that is there counts.
const PLACES: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The longest list that services heed, in bytes.
const LONGEST: u64 = 3 << 20;

/// The list of a repository.
#[derive(Debug)]
pub struct CodeOwners {
    place: &'static str,
    rules: Vec<Rule>,
}

/// A pattern, and those who own what it matches. They may be nobody.
#[derive(Debug)]
struct Rule {
    pattern: Gitignore,
    /// Whether it matches the files of a folder and not those below.
    is_shallow: bool,
    owners: Vec<String>,
}

impl CodeOwners {
    /// The list of the working copy in a folder, if it has one.
    pub fn of(folder: &Path) -> Option<Self> {
        let read = |place: &'static str| {
            let mut text = Vec::new();
            let file = opening::below(folder, Path::new(place)).ok()?;
            file.take(LONGEST).read_to_end(&mut text).ok()?;
            Some(Self::parse(place, &String::from_utf8_lossy(&text)))
        };
        PLACES.into_iter().find_map(read)
    }

    fn parse(place: &'static str, text: &str) -> Self {
        Self { place, rules: text.lines().filter_map(Rule::parse).collect() }
    }

    /// Where in the repository the list is.
    pub fn place(&self) -> &'static str {
        self.place
    }

    /// Who owns a file, by its path in the repository. The last pattern that matches counts.
    pub fn owners(&self, path: &str) -> &[String] {
        let rule = self.rules.iter().rev().find(|rule| rule.matches(Path::new(path)));
        rule.map_or(&[], |rule| &rule.owners)
    }
}

impl Rule {
    /// Reads a line. Comments, the headings of sections and what is no pattern are none.
    fn parse(line: &str) -> Option<Self> {
        let line = line.split_once(" #").map_or(line, |(line, _)| line).trim();
        let mut words = line.split_whitespace();
        let pattern = words.next().filter(|word| !word.starts_with(['#', '[', '^', '!']))?;
        let mut builder = GitignoreBuilder::new("");
        builder.add_line(None, pattern).ok()?;
        Some(Self {
            pattern: builder.build().ok()?,
            is_shallow: pattern.ends_with("/*"),
            owners: words.map(str::to_owned).collect(),
        })
    }

    fn matches(&self, path: &Path) -> bool {
        let is_below = || {
            let folders = path.ancestors().skip(1).filter(|folder| *folder != Path::new(""));
            folders.into_iter().any(|folder| self.pattern.matched(folder, true).is_ignore())
        };
        self.pattern.matched(path, false).is_ignore() || (!self.is_shallow && is_below())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of GitHub's documentation.
    const LIST: &str = "\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
[Section] @ignored
";

    #[test]
    fn the_last_pattern_that_matches_counts() {
        let list = CodeOwners::parse("CODEOWNERS", LIST);
        for (path, owners) in [
            ("README.md", &["@global-owner1", "@global-owner2"][..]),
            ("src/a.js", &["@js-owner"]),
            ("build/logs/x.txt", &["@octocat"]),
            ("deep/logs/x", &["@octocat"]),
            ("src/apps/a.py", &["@octocat"]),
            ("docs/a/b.md", &["@doctocat"]),
            ("scripts/deploy.sh", &["@doctocat", "@octocat"]),
            ("apps/github/x", &[]),
        ] {
            assert_eq!(list.owners(path), owners, "{path}");
        }
    }

    #[test]
    fn a_star_after_a_folder_goes_no_deeper() {
        let list = CodeOwners::parse("CODEOWNERS", "docs/* @writers\n");
        assert_eq!(list.owners("docs/a.md"), ["@writers"]);
        assert!(list.owners("docs/a/b.md").is_empty());
    }

    #[test]
    fn the_list_of_a_working_copy_is_found() {
        let folder = tempfile::tempdir().unwrap();
        assert!(CodeOwners::of(folder.path()).is_none());
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "a fixture in a folder of the test's own")]
        std::fs::write(folder.path().join("docs/CODEOWNERS"), "* @ada\n").unwrap();
        let list = CodeOwners::of(folder.path()).unwrap();
        assert_eq!((list.place(), list.owners("x")), ("docs/CODEOWNERS", &["@ada".to_owned()][..]));
    }
}
