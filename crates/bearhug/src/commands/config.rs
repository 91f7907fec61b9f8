//! `bearhug config`.

use bearhug_view::settings::{File, Files, Format, Settings};

use super::showing;
use crate::{
    Exit,
    cli::{Config, ConfigAction, ConfigForm, ConfigPath, ConfigShow, Global, Shape},
    config::{self, Layers, Said},
    error::CommandError,
};

pub(crate) fn run(arguments: &Config, global: &Global) -> Result<Exit, CommandError> {
    match &arguments.action {
        ConfigAction::Show(arguments) => show(arguments, global)?,
        ConfigAction::Path(arguments) => path(arguments, global)?,
    }
    Ok(Exit::Clean)
}

fn show(arguments: &ConfigShow, global: &Global) -> Result<(), CommandError> {
    let config = config::load(global)?;
    let settings = Settings { settings: config.settings(), with_origin: arguments.origin };
    let format = match arguments.format {
        ConfigForm::Human => Format::Human,
        ConfigForm::Json => Format::Json,
        ConfigForm::Toml => Format::Toml,
    };
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        settings.render(format, options, out)
    })
}

fn path(arguments: &ConfigPath, global: &Global) -> Result<(), CommandError> {
    let Layers { repository, user } = Layers::here()?;
    let layers = [("repository", repository), ("user", user)];
    let files = layers.into_iter().filter_map(|(whose, source)| {
        let source = source?;
        Some(File {
            whose,
            path: source.path.display().to_string(),
            is_read: matches!(source.said, Said::Text(_)),
            remark: match source.said {
                Said::Text(_) => None,
                Said::Nothing => Some("it is not there".to_owned()),
                Said::Distrusted(why) => Some(format!("it does not count: {why}")),
            },
        })
    });
    let files = Files { files: files.collect() };
    showing::show(None, global, &mut |_, out| match arguments.format {
        Shape::Human => files.render(out),
        Shape::Json => files.render_json(out),
    })
}
