//! `bearhug localhub`.

use std::{
    fs,
    io::{self, IsTerminal as _, Write},
    path::Path,
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use bearhug_localhub::{Clock, Hub, Planted, Running, Seed, Settings};
use jiff::Timestamp;

use crate::{
    Exit,
    cli::{Global, Localhub},
    error::CommandError,
    interrupt, output, words,
};

pub(crate) fn run(arguments: &Localhub, global: &Global) -> Result<Exit, CommandError> {
    let seed = match &arguments.seed {
        Some(path) => read_seed(path)?,
        None => Seed::minimal(),
    };
    let stop = interrupt::flag()?;
    let scratch;
    let root = if let Some(root) = &arguments.root {
        fs::create_dir_all(root).map_err(|error| CommandError::file("create", root, error))?;
        root.as_path()
    } else {
        scratch = tempfile::tempdir().map_err(|error| {
            CommandError::new("there is no place for the repositories").because(error)
        })?;
        scratch.path()
    };
    let settings = Settings {
        port: arguments.port,
        cas_server: arguments.cas_server.clone(),
        ..Settings::new(root, Clock::new(Timestamp::now))
    };
    let hub = Hub::start(settings).map_err(|error| {
        let hint = "another program may have the port: name another one with `--port`";
        CommandError::new("the local Hub cannot start").because(error).hint(hint)
    })?;
    let planted = hub
        .plant(&seed)
        .map_err(|error| CommandError::new("the seed cannot be planted").because(error))?;
    output::write_stdout(&mut |out| announce(out, &hub, &planted))?;
    if !global.quiet {
        words::say("It stops with Ctrl-C, and forgets its accounts and tokens.\n");
    }
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(50));
    }
    Ok(Exit::Clean)
}

fn read_seed(path: &Path) -> Result<Seed, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file("read", path, error))?;
    Seed::parse(&text).map_err(|error| {
        CommandError::new(format!("`{}` is no seed", path.display()))
            .because(error)
            .hint("docs/localhub.md shows what a seed may have")
            .usage()
    })
}

/// What the Hub is and who may use it. Values of tokens are shown on a terminal and nowhere else.
fn announce(out: &mut dyn Write, hub: &Running, planted: &[Planted]) -> io::Result<()> {
    let shows_values = io::stdout().is_terminal();
    writeln!(out, "HF_ENDPOINT={}", hub.endpoint())?;
    if !planted.is_empty() {
        writeln!(out)?;
    }
    for token in planted {
        let value =
            if shows_values { token.issued.value.as_str() } else { "shown on a terminal only" };
        writeln!(out, "{}  {} ({})  {value}", token.holder, token.name, token.role)?;
    }
    out.flush()
}
