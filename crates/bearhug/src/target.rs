//! What `bearhug scan` is told to search: paths, and images that a prefix tells from them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use bearhug_core::Source;
use bearhug_sources::{
    Reading,
    git::remote,
    images::{Archive, Engine, Layout},
};

use crate::error::CommandError;

/// One thing to search.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file or a folder.
    Path(PathBuf),
    /// The standard input.
    Stdin,
    /// An image.
    Image(Image),
    /// A repository elsewhere, by its address.
    Repository(String),
}

/// Where an image is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Image {
    /// In a file that `docker save` or a program like it wrote, under a tag or all of them.
    Archive(PathBuf, Option<String>),
    /// In a folder that is an OCI layout.
    Layout(PathBuf, Option<String>),
    /// With an engine, under a name.
    Engine(Program, String),
}

/// A program that keeps images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Docker,
    Podman,
}

impl Target {
    /// What was typed. A path that starts as something else does can be written with `./` before it.
    pub(crate) fn parse(typed: &Path) -> Self {
        let Some(text) = typed.to_str() else { return Self::Path(typed.to_owned()) };
        let image = match text.split_once(':') {
            Some(("docker-archive", rest)) => {
                let (path, tag) = path_and_tag(rest, Path::exists);
                Image::Archive(path, tag)
            }
            Some(("oci", rest)) => {
                let (path, tag) = path_and_tag(rest, Path::exists);
                Image::Layout(path, tag)
            }
            Some(("docker", name)) => Image::Engine(Program::Docker, name.to_owned()),
            Some(("podman", name)) => Image::Engine(Program::Podman, name.to_owned()),
            _ if text == "-" => return Self::Stdin,
            _ if text.starts_with("hf://") || remote::is_address(text) => {
                return Self::Repository(text.to_owned());
            }
            _ => return Self::Path(typed.to_owned()),
        };
        Self::Image(image)
    }
}

/// Takes a tag off a path. Both may hold colons, so the longest path that is there is the one meant.
fn path_and_tag(text: &str, is_there: impl Fn(&Path) -> bool) -> (PathBuf, Option<String>) {
    let cuts = text.rmatch_indices(':').map(|(at, _)| at);
    let cut = std::iter::once(text.len())
        .chain(cuts)
        .find(|at| text.get(..*at).is_some_and(|path| is_there(Path::new(path))));
    let cut = cut.or_else(|| text.find(':')).unwrap_or(text.len());
    let (path, tag) = text.split_at(cut);
    (path.into(), tag.strip_prefix(':').map(str::to_owned))
}

impl Image {
    /// Makes it ready to be read. `variable` knows the environment.
    pub(crate) fn source(
        self,
        reading: Reading,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Box<dyn Source>, CommandError> {
        Ok(match self {
            Self::Archive(path, tag) => Box::new(Archive::open(path, tag.as_deref(), reading)?),
            Self::Layout(path, tag) => Box::new(Layout::open(path, tag.as_deref(), reading)?),
            Self::Engine(program, name) => {
                let engine = Engine::at_one_of(program.sockets(variable)?)?;
                let shown = format!("{}:{name}", program.name());
                Box::new(engine.image(&name, shown, reading)?)
            }
        })
    }
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }

    /// Where the program's own client looks for its engine: where a variable says, or else in the
    /// usual places.
    fn sockets(
        self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Vec<PathBuf>, CommandError> {
        let (host, system, own) = match self {
            Self::Docker => ("DOCKER_HOST", "/var/run/docker.sock", "docker.sock"),
            Self::Podman => ("CONTAINER_HOST", "/run/podman/podman.sock", "podman/podman.sock"),
        };
        if let Some(address) = variable(host).filter(|address| !address.is_empty()) {
            let socket = address.to_str().and_then(|address| address.strip_prefix("unix://"));
            let socket = socket.ok_or_else(|| {
                CommandError::new(format!("`{host}` names no Unix socket"))
                    .hint("only engines on this machine are asked; elsewhere, run bearhug there")
            })?;
            return Ok(vec![socket.into()]);
        }
        let folder = variable("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty());
        let own = folder.map(|folder| Path::new(&folder).join(own));
        let system = PathBuf::from(system);
        // Podman's client serves its user first; Docker's has one engine by default.
        Ok(match self {
            Self::Docker => [Some(system), own].into_iter().flatten().collect(),
            Self::Podman => [own, Some(system)].into_iter().flatten().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_makes_an_image_and_a_dot_a_path() {
        let parse = |text: &str| Target::parse(Path::new(text));
        assert_eq!(parse("-"), Target::Stdin);
        for path in ["a", "./docker-archive:x", "a/docker:b", "dockerx:y", "oci", "C:x"] {
            assert_eq!(parse(path), Target::Path(path.into()));
        }
        let engine = |program, name: &str| Target::Image(Image::Engine(program, name.to_owned()));
        assert_eq!(parse("docker:a/b:1"), engine(Program::Docker, "a/b:1"));
        assert_eq!(parse("podman:a"), engine(Program::Podman, "a"));
    }

    #[test]
    fn the_longest_path_that_is_there_is_meant() {
        let there =
            |paths: &'static [&str]| move |path: &Path| paths.iter().any(|p| path == Path::new(p));
        let split = |text: &str, paths| {
            let (path, tag) = path_and_tag(text, there(paths));
            (path.to_str().unwrap().to_owned(), tag)
        };
        assert_eq!(split("a.tar", &["a.tar"]), ("a.tar".to_owned(), None));
        assert_eq!(split("a:b:c", &["a"]), ("a".to_owned(), Some("b:c".to_owned())));
        assert_eq!(split("a:b:c", &["a", "a:b"]), ("a:b".to_owned(), Some("c".to_owned())));
        assert_eq!(split("a:b:c", &["a:b:c"]), ("a:b:c".to_owned(), None));
        assert_eq!(split("a:b:c", &[]), ("a".to_owned(), Some("b:c".to_owned())));
        assert_eq!(split("", &[]), (String::new(), None));
    }

    #[test]
    fn an_engine_is_looked_for_where_its_own_client_looks() {
        let variables = |name: &str| match name {
            "XDG_RUNTIME_DIR" => Some("/run/user/7".into()),
            _ => None,
        };
        let places = |program: Program| program.sockets(variables).unwrap();
        let paths = |texts: [&str; 2]| texts.map(PathBuf::from).to_vec();
        let docker = paths(["/var/run/docker.sock", "/run/user/7/docker.sock"]);
        assert_eq!(places(Program::Docker), docker);
        let podman = paths(["/run/user/7/podman/podman.sock", "/run/podman/podman.sock"]);
        assert_eq!(places(Program::Podman), podman);
        let named = |address: &'static str| {
            Program::Docker.sockets(move |name| (name == "DOCKER_HOST").then(|| address.into()))
        };
        assert_eq!(named("unix:///a/b").unwrap(), [PathBuf::from("/a/b")]);
        assert!(named("tcp://127.0.0.1:2375").is_err());
    }
}
