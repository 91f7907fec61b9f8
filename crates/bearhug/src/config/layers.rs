//! What speaks about the configuration, in the order in which it is heard.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    error::ConfigError,
    files::{self, Distrust, FILE_NAME, Said, Source},
    keys,
    node::Node,
};
use crate::error::CommandError;

/// What speaks about the configuration here.
#[derive(Debug)]
pub(crate) struct Layers {
    /// The file of the repository, if this is in one.
    pub(crate) repository: Option<Source>,
    /// The user's own file, if it is known where that would be.
    pub(crate) user: Option<Source>,
}

impl Layers {
    /// Reads what there is.
    pub(crate) fn here() -> Result<Self, CommandError> {
        let here = env::current_dir().ok();
        let repository = here.map(|here| {
            let unreadable = |error| CommandError::file("read", Path::new(FILE_NAME), error);
            files::of_repository(&here).map_err(unreadable)
        });
        let user = user_file().map(|path| {
            files::of_user(path.clone()).map_err(|error| CommandError::file("read", &path, error))
        });
        Ok(Self { repository: repository.transpose()?.flatten(), user: user.transpose()? })
    }

    /// What each says, the first word first.
    pub(super) fn said(&self) -> Result<Vec<Node>, ConfigError> {
        let mut said = Vec::new();
        if let Some(Source { name, said: Said::Text(text), .. }) = &self.repository {
            let node = Node::parse(text, name)?;
            keys::check_repository(&node)?;
            said.push(node);
        }
        if let Some(Source { name, said: Said::Text(text), .. }) = &self.user {
            said.push(Node::parse(text, name)?);
        }
        said.push(keys::of_environment(env::vars_os()).0);
        Ok(said)
    }

    /// What the user should know about what does not count.
    pub(super) fn remarks(&self) -> Vec<String> {
        let distrusted =
            [&self.repository, &self.user].into_iter().flatten().filter_map(|source| {
                let Said::Distrusted(why) = source.said else { return None };
                Some(format!("`{}` does not count: {why}{}", source.name, remedy(why)))
            });
        let mut remarks: Vec<_> = distrusted.collect();
        remarks.extend(keys::of_environment(env::vars_os()).1);
        remarks
    }
}

/// How a file would come to count, after a semicolon.
fn remedy(why: Distrust) -> &'static str {
    match why {
        Distrust::Link | Distrust::NoFile => "",
        Distrust::Stranger(_) => "; read it, and make it yours with `chown` if you agree",
        Distrust::Writable => "; take that away with `chmod o-w`",
    }
}

/// Where users keep such files
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>). A relative path there is no valid one.
fn user_file() -> Option<PathBuf> {
    let named = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let at_home =
        || env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".config"));
    Some(named.or_else(at_home)?.join("bearhug/config.toml"))
}
