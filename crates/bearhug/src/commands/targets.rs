//! What a scan goes through: files, histories or parts of them, and repositories elsewhere.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bearhug_core::{Origin, Source, Step};
use bearhug_guard::hunt::state::State;
use bearhug_sources::{
    files::{self, Files},
    git::{
        Layout, Repository,
        history::{self, History, Selected, Selection},
        remote,
    },
    machine::{Machine, Places, processes::Processes},
    stream::Stream,
};
use tempfile::TempDir;

use super::scan::{content, threads};
use crate::{
    cli::{self, Reading, Scan},
    error::CommandError,
    machine,
    target::{Image, Target},
};

/// Where models are, and datasets and spaces below it.
const HUB: &str = "https://huggingface.co";

/// What a scan goes through.
#[derive(Default)]
pub(crate) struct Targets {
    pub(crate) sources: Vec<Box<dyn Source>>,
    /// The source of the files and of the histories among them.
    pub(crate) files: Option<Arc<Files>>,
    /// Clones, which are removed when this is dropped.
    pub(crate) clones: Vec<TempDir>,
    /// What was asked for and is not there.
    pub(crate) note: Option<String>,
}

/// What a scan is to go through.
pub(crate) fn of(scan: &Scan, state: Option<&State>) -> Result<Targets, CommandError> {
    let mut targets = Targets::default();
    if scan.staged {
        let staged = Repository::at(".").staged(content(&scan.reading))?;
        targets.sources.push(Box::new(staged));
        return Ok(targets);
    }
    let part = part_of_history(&scan.reading.history);
    let (mut paths, mut reads_stdin, mut images) = (Vec::new(), false, Vec::new());
    for typed in &scan.paths {
        match Target::parse(typed) {
            Target::Path(path) => paths.push(path),
            Target::Stdin => reads_stdin = true,
            Target::Image(image) => images.push(image),
            Target::Repository(name) => {
                targets.add_clone(&address(&name), &scan.reading, part.as_ref())?;
            }
        }
    }
    if reads_stdin {
        let origin = Origin { path: "-".to_owned(), steps: vec![Step::Stdin] };
        let stream = Stream::new(origin, io::stdin(), content(&scan.reading));
        targets.sources.push(Box::new(stream));
    }
    targets.add_images(images, scan)?;
    if scan.paths.is_empty() && !scan.machine {
        paths.push(PathBuf::from("."));
    }
    match part {
        Some(part) => {
            for path in &paths {
                targets.add_part(path, &scan.reading, &part)?;
            }
        }
        None => targets.add_files(paths, scan, state)?,
    }
    Ok(targets)
}

/// Files and folders as a scan goes through them when nothing else is said.
pub(crate) fn of_paths(paths: Vec<PathBuf>) -> Result<Vec<Box<dyn Source>>, CommandError> {
    let files = Files::new(paths, file_options(&Reading::default(), None))?;
    Ok(vec![Box::new(files)])
}

impl Targets {
    fn add_images(&mut self, images: Vec<Image>, scan: &Scan) -> Result<(), CommandError> {
        if !images.is_empty() && scan.reading.no_archives {
            return Err(CommandError::new(
                "an image is an archive, and `--no-archives` opens none",
            )
            .hint("leave out `--no-archives`, or name the image's files")
            .usage());
        }
        for image in images {
            let source = image.source(content(&scan.reading), |name| std::env::var_os(name))?;
            self.sources.push(source);
        }
        Ok(())
    }

    /// Adds files and folders with the histories among them, and the places of this machine.
    fn add_files(
        &mut self,
        mut paths: Vec<PathBuf>,
        scan: &Scan,
        state: Option<&State>,
    ) -> Result<(), CommandError> {
        let mut options = file_options(&scan.reading, state);
        if scan.machine {
            let machine = machine::this()?;
            if scan.keyring {
                self.add_keepers(&machine);
            }
            let places = Places::on(&machine, &options)?;
            // What a place reads is told by the name of the place, and once.
            options.skip = places.claimed();
            paths.retain(|path| !places.covers(path));
            self.sources.push(Box::new(places));
            self.sources.push(Box::new(Processes::below(&machine.root)));
        }
        if !paths.is_empty() {
            let files = Arc::new(Files::new(paths, options)?);
            self.sources.push(Box::new(Arc::clone(&files)));
            self.files = Some(files);
        }
        Ok(())
    }

    /// Adds the programs that keep credentials, before what takes longer: whoever has to unlock
    /// something is still there.
    fn add_keepers(&mut self, machine: &Machine) {
        let keepers = machine::keepers(machine);
        self.note = keepers.note().map(|why| format!("note: no keyring was asked: {why}"));
        self.sources.push(Box::new(keepers));
    }

    /// Adds a part of the history of a repository here.
    fn add_part(
        &mut self,
        path: &Path,
        reading: &Reading,
        part: &Selection,
    ) -> Result<(), CommandError> {
        let layout = Layout::around(path).ok_or_else(|| {
            CommandError::new(format!("`{}` is no git repository", path.display()))
                .hint("`--since`, `--branch` and `--range` read histories")
                .usage()
        })?;
        let shown = path.to_string_lossy().trim_end_matches('/').to_owned();
        let history = History::new(layout, shown, history_options(reading));
        self.sources.push(Box::new(Selected::new(history, part)?));
        Ok(())
    }

    /// Adds the history of a repository elsewhere, or a part of it.
    fn add_clone(
        &mut self,
        address: &str,
        reading: &Reading,
        part: Option<&Selection>,
    ) -> Result<(), CommandError> {
        let folder = tempfile::Builder::new().prefix("bearhug-").tempdir().map_err(|error| {
            CommandError::new("cannot make a folder for a clone").because(error)
        })?;
        let path = folder.path().join("clone.git");
        remote::clone(address, &path)
            .map_err(|error| CommandError::from(error).hint("see whether `git ls-remote` can"))?;
        let layout = Layout::around(&path)
            .ok_or_else(|| CommandError::new("git made no clone that can be read"))?;
        let shown = remote::without_password(address);
        let history = History::new(layout, shown, history_options(reading));
        match part {
            Some(part) => self.sources.push(Box::new(Selected::new(history, part)?)),
            None => self.sources.push(Box::new(history)),
        }
        self.clones.push(folder);
        Ok(())
    }
}

/// The part of histories that is asked for, if not all of them.
fn part_of_history(history: &cli::Histories) -> Option<Selection> {
    let cli::Histories { since, branch, range, .. } = history;
    let selection = Selection { since: *since, branch: branch.clone(), range: range.clone() };
    let is_all = since.is_none() && branch.is_none() && range.is_none();
    (!is_all).then_some(selection)
}

/// The address of a repository elsewhere.
pub(super) fn address(target: &str) -> String {
    let Some(name) = target.strip_prefix("hf://") else { return target.to_owned() };
    let hub = std::env::var_os("HF_ENDPOINT").and_then(|hub| hub.into_string().ok());
    let hub = hub.unwrap_or_else(|| HUB.to_owned());
    // Models have no folder of their own there.
    let name = name.strip_prefix("models/").unwrap_or(name);
    format!("{}/{name}", hub.trim_end_matches('/'))
}

fn history_options(reading: &Reading) -> history::Options {
    history::Options { threads: threads(reading), reading: content(reading) }
}

fn file_options(reading: &Reading, state: Option<&State>) -> files::Options {
    files::Options {
        respect_gitignore: reading.respect_gitignore,
        exclude: reading.exclude.clone(),
        max_size: reading.max_size,
        history: !reading.history.no_history,
        skip: Arc::default(),
        known: state.map(|state| state.read().clone()).unwrap_or_default(),
        threads: threads(reading),
        reading: content(reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_on_the_hub_have_addresses() {
        assert_eq!(address("https://h/x"), "https://h/x");
        assert!(address("hf://models/ada/poet").ends_with("/ada/poet"));
        assert!(!address("hf://models/ada/poet").contains("models"));
        assert!(address("hf://datasets/ada/poems").ends_with("/datasets/ada/poems"));
    }
}
