//! Who changes the ledger.

use nix::unistd::{Uid, User, gethostname};

use crate::{hub::variable, words};

/// Whoever runs this: a job of a CI service by its name, or else a user of this computer. It is what the
/// system and the service say, and no proof of anything.
pub(crate) fn name() -> String {
    // Names come from outside, and may be tokens.
    words::safe(&job().unwrap_or_else(user))
}

/// This computer's name, as it gives it itself.
pub(crate) fn host() -> String {
    let name = gethostname().map(|name| name.to_string_lossy().into_owned());
    words::safe(&name.ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned()))
}

/// The user that this runs as.
pub(crate) fn user() -> String {
    let id = Uid::effective();
    let name = User::from_uid(id).ok().flatten().map(|user| user.name);
    format!("{}@{}", name.unwrap_or_else(|| format!("uid-{id}")), host())
}

/// The job of a CI service (<https://docs.github.com/actions/reference/workflows-and-actions/variables>,
/// <https://docs.gitlab.com/ci/variables/predefined_variables/>).
fn job() -> Option<String> {
    let said = |name| variable(&[name]);
    if said("GITHUB_ACTIONS").as_deref() == Some("true") {
        let (repository, run) = (said("GITHUB_REPOSITORY")?, said("GITHUB_RUN_ID")?);
        let by = said("GITHUB_ACTOR").map_or_else(String::new, |who| format!(" by {who}"));
        return Some(format!("github:{repository} run {run}{by}"));
    }
    if said("GITLAB_CI").as_deref() == Some("true") {
        let (project, job) = (said("CI_PROJECT_PATH")?, said("CI_JOB_ID")?);
        let by = said("GITLAB_USER_LOGIN").map_or_else(String::new, |who| format!(" by {who}"));
        return Some(format!("gitlab:{project} job {job}{by}"));
    }
    None
}
