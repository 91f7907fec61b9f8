//! `bearhug hook`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bearhug_core::Source;
use bearhug_guard::hunt::baseline::Baseline;
use bearhug_sources::git::{Repository, hooks_folder};

use super::scan::{self, Accepted, default_reading};
use crate::{
    Exit,
    cli::{Global, Hook, HookAction, HookName, Hunting, Level, Reporting},
    config,
    error::CommandError,
    words,
};

/// The line by which a hook of ours is known.
const MARK: &str = "# Installed by `bearhug hook install`.";

/// What a hook that was there before is renamed to.
const KEPT: &str = "before-bearhug";

/// The name of a baseline that hooks heed without being told.
const BASELINE: &str = ".bearhug-baseline.json";

pub(crate) fn run(hook: &Hook, global: &Global) -> Result<Exit, CommandError> {
    match &hook.action {
        HookAction::Install { hooks } => each(hooks, global, install),
        HookAction::Uninstall { hooks } => each(hooks, global, uninstall),
        HookAction::Run { hook, arguments } => run_hook(*hook, arguments, global),
    }
}

impl HookName {
    fn file_name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
        }
    }
}

/// Where a hook lives, and where the one that it replaced.
struct Place {
    hook: PathBuf,
    kept: PathBuf,
}

fn each(
    hooks: &[HookName],
    global: &Global,
    act: fn(HookName, &Place) -> Result<&'static str, CommandError>,
) -> Result<Exit, CommandError> {
    let folder = hooks_folder(Path::new("."))?;
    check_is_ours(&folder)?;
    fs::create_dir_all(&folder).map_err(|e| CommandError::file("create", &folder, e))?;
    for &name in hooks {
        let place = Place {
            hook: folder.join(name.file_name()),
            kept: folder.join(format!("{}.{KEPT}", name.file_name())),
        };
        let done = act(name, &place)?;
        if !global.quiet {
            words::say(&format!("{}: {done}", place.hook.display()));
        }
    }
    Ok(Exit::Clean)
}

/// Refuses a folder of hooks that other repositories share: what is installed there would run in
/// all of them.
fn check_is_ours(folder: &Path) -> Result<(), CommandError> {
    let repository = Repository::at(".");
    let roots = [repository.path(&["--git-common-dir"]), repository.path(&["--show-toplevel"])];
    let is_inside = |root: &PathBuf| {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        folder.starts_with(root) || real(folder).starts_with(real(root))
    };
    if roots.iter().flatten().any(is_inside) {
        return Ok(());
    }
    let message = format!("`{}` holds hooks of more than this repository", folder.display());
    Err(CommandError::new(message)
        .hint("unset core.hooksPath here, or call `bearhug hook run` from the hooks there"))
}

fn install(name: HookName, place: &Place) -> Result<&'static str, CommandError> {
    let done = match state(&place.hook)? {
        State::Ours => "updated",
        State::Absent => "installed",
        State::Foreign if place.kept.exists() => {
            let message = format!("`{}` exists already", place.kept.display());
            return Err(CommandError::new(message).hint("move it away, then install again"));
        }
        State::Foreign => {
            fs::rename(&place.hook, &place.kept)
                .map_err(|e| CommandError::file("rename", &place.hook, e))?;
            "installed; the hook that was there is kept and runs first"
        }
    };
    write_hook(name, place).map_err(|e| CommandError::file("write", &place.hook, e))?;
    Ok(done)
}

fn uninstall(_name: HookName, place: &Place) -> Result<&'static str, CommandError> {
    match state(&place.hook)? {
        State::Absent => return Ok("not installed"),
        State::Foreign => return Ok("not bearhug's, left as it is"),
        State::Ours => {}
    }
    if place.kept.exists() {
        fs::rename(&place.kept, &place.hook)
            .map_err(|e| CommandError::file("rename", &place.kept, e))?;
        return Ok("removed; the hook from before is back");
    }
    fs::remove_file(&place.hook).map_err(|e| CommandError::file("remove", &place.hook, e))?;
    Ok("removed")
}

enum State {
    Absent,
    Ours,
    Foreign,
}

fn state(hook: &Path) -> Result<State, CommandError> {
    match fs::read(hook) {
        Ok(text) if String::from_utf8_lossy(&text).contains(MARK) => Ok(State::Ours),
        Ok(_) => Ok(State::Foreign),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::Absent),
        Err(error) => Err(CommandError::file("read", hook, error)),
    }
}

fn write_hook(name: HookName, place: &Place) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o755).open(&place.hook)?;
    file.write_all(script(name, &program).as_bytes())?;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

/// The hook. It prefers the bearhug on the PATH, so that an update takes effect, and blocks if
/// there is none any more: a check that silently does nothing is worse than none.
fn script(name: HookName, program: &Path) -> String {
    let name = name.file_name();
    let program = program.to_string_lossy().replace('\'', r"'\''");
    format!(
        r#"#!/bin/sh
{MARK}
# Remove it with `bearhug hook uninstall`.
input=
if [ {name} = pre-push ]; then input=$(cat); fi
kept="$0.{KEPT}"
if [ -x "$kept" ]; then
    printf '%s\n' "$input" | sed '/^$/d' | "$kept" "$@" || exit $?
fi
bearhug=$(command -v bearhug || printf '%s' '{program}')
if [ ! -x "$bearhug" ]; then
    echo "bearhug is not installed, so this cannot be checked for tokens." >&2
    echo "hint: install it, or remove the hook: rm '$0'" >&2
    exit 1
fi
printf '%s\n' "$input" | "$bearhug" hook run {name} "$@"
"#
    )
}

fn run_hook(hook: HookName, arguments: &[String], global: &Global) -> Result<Exit, CommandError> {
    let repository = Repository::at(".");
    // A hook heeds no other setting: how strict it is does not depend on who commits.
    let allowed = config::load(global)?.scan.allowed();
    let accepted = Accepted { baseline: baseline(&repository)?, allowed };
    let objects = match hook {
        HookName::PreCommit => repository.staged(default_reading())?,
        HookName::PrePush => {
            // Without a name nothing is known to be there already, so everything is searched.
            let remote = arguments.first().cloned().or_else(|| variable("PRE_COMMIT_REMOTE_NAME"));
            repository.pushed(
                &updates(&repository)?,
                &remote.unwrap_or_default(),
                default_reading(),
            )?
        }
    };
    let objects = Arc::new(objects);
    let sources: Vec<Box<dyn Source>> = vec![Box::new(Arc::clone(&objects))];
    let report = scan::hunt(&sources, &Hunting::default(), accepted, false)?;
    if report.interrupted {
        return Ok(Exit::Interrupted);
    }
    let shown = if report.findings.is_empty() && report.gaps.is_empty() {
        Ok(())
    } else {
        scan::show(&report, &Reporting::default(), global)
    };
    if !scan::reaches(&report, Level::Medium) {
        shown?;
        return check_all_was_read(hook, objects.unread()).map(|()| Exit::Clean);
    }
    // A report that nobody could read, say because of `git push 2>&1 | head`, stops the push too.
    if !global.quiet {
        words::say(advice(hook));
    }
    Ok(Exit::Findings)
}

/// Refuses what git did not hand over to be searched.
fn check_all_was_read(hook: HookName, unread: usize) -> Result<(), CommandError> {
    if unread == 0 {
        return Ok(());
    }
    let (act, hint) = match hook {
        HookName::PreCommit => {
            ("commit", "see what `git fsck` says; `git commit --no-verify` asks for no search")
        }
        HookName::PrePush => {
            ("push", "see what `git fsck` says; `git push --no-verify` asks for no search")
        }
    };
    let message = format!("the {act} was stopped: git failed before it had shown {unread} objects");
    Err(CommandError::new(message).hint(hint))
}

/// What a push updates, in the lines that git writes to the hook's standard input.
///
/// The pre-commit framework keeps those lines to itself and names two revisions instead, or none at
/// the first push to a remote.
fn updates(repository: &Repository) -> Result<String, CommandError> {
    let to =
        variable("PRE_COMMIT_TO_REF").or_else(|| variable("PRE_COMMIT").map(|_| "HEAD".to_owned()));
    if let Some(to) = to {
        let from = variable("PRE_COMMIT_FROM_REF").unwrap_or_default();
        let local = repository.object_id(&to)?;
        let there = repository.object_id(&from).unwrap_or_else(|_| "0".repeat(local.len()));
        return Ok(format!("refs/local {local} refs/there {there}\n"));
    }
    let mut updates = String::new();
    io::stdin()
        .read_to_string(&mut updates)
        .map_err(|e| CommandError::new("cannot read the standard input").because(e))?;
    Ok(updates)
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}

/// The accepted tokens of this working copy, if it lists them.
fn baseline(repository: &Repository) -> Result<Baseline, CommandError> {
    // A bare repository has no working copy.
    let Ok(root) = repository.path(&["--show-toplevel"]) else { return Ok(Baseline::default()) };
    let path = root.join(BASELINE);
    if path.exists() { scan::read_baseline(&path) } else { Ok(Baseline::default()) }
}

fn advice(hook: HookName) -> &'static str {
    match hook {
        HookName::PreCommit => {
            "The commit was stopped. Take the token out and stage the file again. If it is a false \
             alarm, say `bearhug:allow` in a comment on its line."
        }
        HookName::PrePush => {
            "The push was stopped. A token in a commit stays in the history: revoke it first, then \
             rewrite the commits that hold it."
        }
    }
}
