//! Showing a report where it was asked for.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use anstream::{AutoStream, ColorChoice};

use crate::{
    cli::{Color, Global},
    error::CommandError,
    output, words,
};

/// Writes a report to a file, or to the standard output, with every token in it redacted: names of
/// files and of repositories come from outside, and may be tokens.
pub(crate) fn show(
    output: Option<&Path>,
    global: &Global,
    render: &mut dyn FnMut(&bearhug_view::Options, &mut dyn io::Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let options = options(output, global);
    let mut page = Vec::new();
    render(&options, &mut page).map_err(CommandError::stdout)?;
    let page = words::safe(&String::from_utf8_lossy(&page));
    let mut write = |out: &mut dyn io::Write| out.write_all(page.as_bytes());
    match output {
        Some(path) => output::write_file(path, &mut write),
        None => match output::write_stdout(&mut write) {
            // Whoever reads has seen enough. What the report comes to is still the exit code's to say.
            Err(error) if error.is_closed_pipe() => Ok(()),
            outcome => outcome,
        },
    }
}

/// Shows something to a person beside the report, with every token in it redacted.
pub(crate) fn show_on_stderr(
    global: &Global,
    render: &mut dyn FnMut(&bearhug_view::Options, &mut dyn io::Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let options = bearhug_view::Options { color: false, width: None, verbose: global.verbose };
    let mut page = Vec::new();
    render(&options, &mut page).map_err(CommandError::stdout)?;
    words::say(&String::from_utf8_lossy(&page));
    Ok(())
}

/// How to write for people there.
pub(crate) fn options(output: Option<&Path>, global: &Global) -> bearhug_view::Options {
    let to_terminal = output.is_none() && io::stdout().is_terminal();
    let color = match global.color {
        // Asks for a terminal and heeds NO_COLOR, CLICOLOR and TERM.
        Color::Auto => to_terminal && AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    };
    let width = terminal_size::terminal_size().filter(|_| to_terminal).map(|(w, _)| w.0.into());
    bearhug_view::Options { color, width, verbose: global.verbose }
}
