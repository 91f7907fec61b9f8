//! Turns the paths of the tables into those of one computer.

use std::{fs, io, path::PathBuf};

use super::{Machine, is_absence, places::VARIABLES};

/// The paths that a pattern stands for.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// Where something may be. Whether it is there is another question, but where a `*` stood.
    pub(super) paths: Vec<PathBuf>,
    /// Folders whose names were needed for a `*` and may not be listed.
    pub(super) refused: Vec<(PathBuf, io::Error)>,
}

/// Every path that a pattern of the tables stands for on this computer.
pub(super) fn expand(pattern: &str, machine: &Machine) -> Expanded {
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    let paths = match first {
        "~" => vec![machine.home.clone()],
        "." => vec![machine.work.clone()],
        "" => vec![machine.root.clone()],
        variable => values(variable.trim_start_matches('$'), machine),
    };
    let mut expanded = Expanded { paths, refused: Vec::new() };
    for part in rest.split('/').filter(|part| !part.is_empty()) {
        expanded.descend(part);
    }
    expanded
}

/// Where a variable says that something is, and where it is without the variable.
fn values(variable: &str, machine: &Machine) -> Vec<PathBuf> {
    let said = machine.variables.get(variable).into_iter().flatten();
    let mut paths: Vec<_> = said.map(|path| absolute(path.clone(), machine)).collect();
    let usual = VARIABLES.iter().filter(|(name, _)| *name == variable);
    for pattern in usual.flat_map(|(_, patterns)| *patterns) {
        paths.extend(expand(pattern, machine).paths);
    }
    paths
}

/// A path as programs read it from a variable: relative to the working folder, or after a `~` to
/// the home.
fn absolute(path: PathBuf, machine: &Machine) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => machine.home.join(rest),
        Err(_) => machine.work.join(path),
    }
}

impl Expanded {
    /// Goes one name further down from every path.
    fn descend(&mut self, part: &str) {
        let Some((start, end)) = part.split_once('*') else {
            for path in &mut self.paths {
                if part == ".." {
                    path.pop();
                } else {
                    path.push(part);
                }
            }
            return;
        };
        let mut matching = Vec::new();
        for folder in std::mem::take(&mut self.paths) {
            match names(&folder) {
                Ok(names) => matching.extend(
                    names
                        .into_iter()
                        .filter(|name| fits(name, start, end))
                        .map(|name| folder.join(name)),
                ),
                Err(error) if is_absence(&error) => {}
                Err(error) => self.refused.push((folder, error)),
            }
        }
        self.paths = matching;
    }
}

/// What a folder holds, in order of name. Nothing in the tables needs a name that is not UTF-8.
fn names(folder: &std::path::Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

fn fits(name: &str, start: &str, end: &str) -> bool {
    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs::OpenOptions, path::Path};

    use super::*;
    use crate::machine::places::GROUPS;

    fn machine(home: &Path, variables: &[(&str, &str)]) -> Machine {
        let variables = variables
            .iter()
            .map(|(name, path)| ((*name).to_owned(), vec![PathBuf::from(path)]))
            .collect::<BTreeMap<_, _>>();
        Machine { home: home.to_owned(), work: "/work".into(), root: "/".into(), variables }
    }

    fn expanded(pattern: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let paths = expand(pattern, &machine(Path::new("/home/ada"), variables)).paths;
        paths.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn a_variable_adds_a_path_and_takes_none_away() {
        assert_eq!(expanded("~/.netrc", &[]), ["/home/ada/.netrc"]);
        assert_eq!(expanded("/etc/environment", &[]), ["/etc/environment"]);
        assert_eq!(expanded("$HF_HOME/token", &[]), ["/home/ada/.cache/huggingface/token"]);
        assert_eq!(
            expanded("$HF_HOME/token", &[("XDG_CACHE_HOME", "/c"), ("HF_HOME", "~/hf")]),
            ["/home/ada/hf/token", "/c/huggingface/token", "/home/ada/.cache/huggingface/token"]
        );
        assert_eq!(expanded("$HF_TOKEN_PATH", &[("HF_TOKEN_PATH", "t")]), ["/work/t"]);
        assert_eq!(expanded("$HF_TOKEN_PATH/../b", &[("HF_TOKEN_PATH", "/a/t")]), ["/a/b"]);
        assert!(expanded("$HF_TOKEN_PATH", &[]).is_empty());
    }

    #[test]
    fn a_star_stands_for_a_part_of_one_name() {
        let home = tempfile::tempdir().unwrap();
        for name in [".env", ".env.local", ".envrc", "x.env", "a.json", ".json"] {
            drop(OpenOptions::new().write(true).create_new(true).open(home.path().join(name)));
        }
        let found = |pattern| {
            let paths = expand(pattern, &machine(home.path(), &[])).paths;
            paths
                .iter()
                .filter_map(|p| p.file_name()?.to_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("~/.env*"), [".env", ".env.local", ".envrc"]);
        assert_eq!(found("~/*.json"), [".json", "a.json"]);
        assert!(found("~/nowhere/*").is_empty());
    }

    #[test]
    fn every_path_of_the_tables_can_be_read() {
        let set: Vec<_> = VARIABLES.iter().map(|(name, _)| (*name, "/set")).collect();
        let machine = machine(Path::new("/nowhere"), &set);
        for place in GROUPS.iter().flat_map(|(_, places)| *places) {
            for pattern in place.paths {
                let is_known =
                    ["~/", "./", "/", "$"].iter().any(|start| pattern.starts_with(start));
                assert!(is_known, "{pattern}");
                let expanded = expand(pattern, &machine);
                assert!(!expanded.paths.is_empty() || pattern.contains('*'), "{pattern}");
                assert!(pattern.split('/').all(|part| part.matches('*').count() < 2), "{pattern}");
            }
        }
    }

    #[test]
    fn places_have_names_of_their_own_and_words_to_the_point() {
        let mut names = std::collections::BTreeSet::new();
        for place in GROUPS.iter().flat_map(|(_, places)| *places) {
            let storage = &place.storage;
            assert!(names.insert(storage.name) && names.insert(storage.title), "{}", storage.name);
            assert!(storage.advice.ends_with('.') && !storage.advice.contains("  "), "{storage:?}");
        }
    }
}
