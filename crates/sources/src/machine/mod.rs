//! The places of this computer where tokens live, the environments of the user's processes, and the
//! programs that keep credentials.

pub mod keepers;
mod kept;
mod paths;
pub mod places;
pub mod processes;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

use bearhug_core::{Flow, Gap, GapReason, Name, Origin, Sink, Source, Step, Traces};

use crate::files::{Files, FilesError, Options};
use kept::Kept;
use places::{GROUPS, Place};

/// A computer as one user sees it. Nothing here asks the environment: the caller says what is in it.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The user's home.
    pub home: PathBuf,
    /// The folder that the user works in.
    pub work: PathBuf,
    /// The root of the file system, below which `/etc` and `/proc` are.
    pub root: PathBuf,
    /// What the variables that [`places::VARIABLES`] lists say, where they are set: one path or
    /// several.
    pub variables: BTreeMap<String, Vec<PathBuf>>,
}

/// The places that exist on a computer.
#[derive(Debug)]
pub struct Places {
    walks: Vec<(&'static Place, Files)>,
    unread: Vec<(&'static Place, PathBuf, GapReason)>,
    claimed: Arc<BTreeSet<PathBuf>>,
}

impl Places {
    /// Looks for every place on a computer. What is not there is left out; what is there in two
    /// places is read once, under the name that is listed first.
    ///
    /// # Errors
    ///
    /// If an exclude is not a glob.
    pub fn on(machine: &Machine, options: &Options) -> Result<Self, FilesError> {
        let mut search = Search::default();
        for place in GROUPS.iter().flat_map(|(_, places)| *places) {
            search.look_for(place, machine);
        }
        let claimed = Arc::new(std::mem::take(&mut search.claimed));
        let options = Options { skip: Arc::clone(&claimed), ..options.clone() };
        let mut walks = Vec::new();
        for (place, roots) in std::mem::take(&mut search.found) {
            if let Some(files) = search.files(place, roots, &options)? {
                walks.push((place, files));
            }
        }
        Ok(Self { walks, unread: search.unread, claimed })
    }

    /// The canonical paths of the files and folders that this source reads, for others to skip.
    pub fn claimed(&self) -> Arc<BTreeSet<PathBuf>> {
        Arc::clone(&self.claimed)
    }

    /// Whether this source reads what is at a path.
    pub fn covers(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| path.ancestors().any(|p| self.claimed.contains(p)))
    }
}

impl Source for Places {
    fn walk(&self, sink: &dyn Sink) {
        for (place, path, reason) in &self.unread {
            let path = path.to_string_lossy();
            let printable = sink.name(Name { within: None, path: &path, own_from: path.len() });
            let origin = Origin { steps: vec![Step::File(printable.clone())], path: printable };
            Kept::of(place, sink).gap(Gap { origin, reason: reason.clone() });
        }
        for (place, files) in &self.walks {
            if sink.flow() == Flow::Stop {
                return;
            }
            files.walk(&Kept::of(place, sink));
        }
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Traces {
        self.walks.iter().map(|(_, files)| files.trace(repository, tokens)).collect()
    }
}

/// What has been found so far.
#[derive(Default)]
struct Search {
    found: Vec<(&'static Place, Vec<PathBuf>)>,
    unread: Vec<(&'static Place, PathBuf, GapReason)>,
    claimed: BTreeSet<PathBuf>,
}

impl Search {
    fn look_for(&mut self, place: &'static Place, machine: &Machine) {
        let mut roots = Vec::new();
        for pattern in place.paths {
            let paths::Expanded { paths, refused: refusals } = paths::expand(pattern, machine);
            self.unread.extend(refusals.iter().map(|(path, e)| (place, path.clone(), refused(e))));
            for path in paths {
                match self.claim(&path, pattern.ends_with('/')) {
                    Ok(true) => roots.push(path),
                    Ok(false) => {}
                    Err(reason) => self.unread.push((place, path, reason)),
                }
            }
        }
        if !roots.is_empty() {
            self.found.push((place, roots));
        }
    }

    /// The files of a place, without what went away since it was found.
    fn files(
        &mut self,
        place: &'static Place,
        mut roots: Vec<PathBuf>,
        options: &Options,
    ) -> Result<Option<Files>, FilesError> {
        while !roots.is_empty() {
            match Files::new(roots.clone(), options.clone()) {
                Err(FilesError::Root { path, source }) => {
                    roots.retain(|root| *root != path);
                    if !is_absence(&source) {
                        self.unread.push((place, path, refused(&source)));
                    }
                }
                outcome => return outcome.map(Some),
            }
        }
        Ok(None)
    }

    /// Whether there is a folder, or a file, that no other place has.
    fn claim(&mut self, path: &Path, is_folder: bool) -> Result<bool, GapReason> {
        let looked = fs::metadata(path).and_then(|it| Ok((it, fs::canonicalize(path)?)));
        let (metadata, canonical) = match looked {
            Ok(looked) => looked,
            Err(error) if is_absence(&error) => return Ok(false),
            Err(error) => return Err(refused(&error)),
        };
        if metadata.is_dir() != is_folder || canonical == Path::new("/dev/null") {
            // A history that is a link to the null device is one that is not kept.
            return Ok(false);
        }
        if is_special(&metadata) {
            return Err(GapReason::SpecialFile);
        }
        Ok(self.claimed.insert(canonical))
    }
}

fn is_special(metadata: &Metadata) -> bool {
    !metadata.is_dir() && !metadata.is_file()
}

/// Whether an error says that nothing is there.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn refused(error: &io::Error) -> GapReason {
    GapReason::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::{fs::DirBuilder, io::Write as _, os::unix::fs::PermissionsExt as _, sync::Mutex};

    use bearhug_core::{Blob, Lead};

    use super::*;
    use crate::{Reading, stream::Overlap};

    /// Notes where everything came from.
    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl Sink for Notes {
        fn name(&self, name: Name<'_>) -> String {
            name.path.to_owned()
        }

        fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
            self.0.lock().unwrap().push(blob.origin.to_string());
            Vec::new()
        }

        fn done(&self) {}

        fn gap(&self, gap: Gap) {
            self.0.lock().unwrap().push(format!("gap {}", gap.origin));
        }

        fn flow(&self) -> Flow {
            Flow::Continue
        }
    }

    fn write(path: &Path, mode: u32) {
        DirBuilder::new().recursive(true).create(path.parent().unwrap()).unwrap();
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).unwrap();
        file.write_all(b"x").unwrap();
        file.set_permissions(fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The places of the system, which the tests of the program cannot plant anything in.
    #[test]
    fn the_places_of_the_system_are_read_below_its_root() {
        let root = tempfile::tempdir().unwrap();
        let machine = Machine {
            home: root.path().join("home"),
            work: root.path().join("work"),
            root: root.path().to_owned(),
            variables: BTreeMap::new(),
        };
        let mut expected = Vec::new();
        let of_system = GROUPS.iter().flat_map(|(_, places)| *places).filter(|p| p.of_system);
        for place in of_system {
            for pattern in place.paths {
                let end = if pattern.ends_with('/') { "deep/er" } else { "" };
                let path = format!("{}{pattern}{end}", root.path().display()).replace('*', "1");
                write(Path::new(&path), 0o644);
                expected.push(format!("machine:{} › file:{path}", place.storage.title));
            }
        }
        let options = Options {
            respect_gitignore: false,
            exclude: Vec::new(),
            max_size: None,
            skip: Arc::default(),
            history: false,
            known: BTreeMap::new(),
            threads: 2,
            reading: Reading { overlap: Overlap { before: 64, after: 64 }, containers: None },
        };
        let notes = Notes::default();
        Places::on(&machine, &options).unwrap().walk(&notes);
        let mut noted = notes.0.into_inner().unwrap();
        noted.sort();
        expected.sort();
        assert!(expected.len() > 20 && noted == expected, "{noted:#?}\n{expected:#?}");
    }
}
