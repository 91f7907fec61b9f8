//! `bearhug token`.

use crate::{
    Exit,
    cli::{Global, SheetForm, Token, TokenCommand},
    error::CommandError,
    interrupt,
};

mod add;
mod care;
pub(crate) mod choice;
pub(crate) mod filter;
mod import;
mod list;
mod show;

pub(crate) fn run(arguments: &Token, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    match &arguments.command {
        TokenCommand::List(list) => list::run(list, global, &stop),
        TokenCommand::Show(show) => show::run(show, global, &stop),
        TokenCommand::History(past) => show::past(past, global, &stop),
        TokenCommand::Add(add) => add::run(add, global, &stop),
        TokenCommand::Import(import) => import::run(import, global, &stop),
        TokenCommand::Adopt(adopt) => care::adopt(adopt, global, &stop),
        TokenCommand::Assign(assign) => care::assign(assign, global, &stop),
        TokenCommand::Tag(tag) => care::tag(tag, global, &stop),
        TokenCommand::Describe(describe) => care::describe(describe, global, &stop),
        TokenCommand::Confirm(confirm) => care::confirm(confirm, global, &stop),
        TokenCommand::Released(released) => care::released(released, global, &stop),
        TokenCommand::Mark(mark) => care::mark(mark, global, &stop),
        TokenCommand::Retire(retire) => care::retire(retire, global, &stop),
    }
}

impl From<SheetForm> for bearhug_view::identity::Format {
    fn from(form: SheetForm) -> Self {
        match form {
            SheetForm::Human => Self::Human,
            SheetForm::Json => Self::Json,
            SheetForm::Jsonl => Self::Jsonl,
            SheetForm::Csv => Self::Csv,
        }
    }
}
