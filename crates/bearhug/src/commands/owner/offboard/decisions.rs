//! What becomes of each token of somebody who leaves: by a flag, a file, or answers at a terminal.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    sync::atomic::AtomicBool,
};

use bearhug_core::{identity::IdentityId, owner::Owner};
use bearhug_view::owner::Possessions;

use super::super::{named, present};
use crate::{cli::Offboard, error::CommandError, interrupt, words};

/// What becomes of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// Somebody else answers for it, and replaces its value.
    Transfer(String),
    /// It is to be revoked.
    Kill,
}

pub(super) type Decisions = BTreeMap<IdentityId, Decision>;

/// What there is to decide about, and who can be an heir.
pub(super) struct Choice<'a> {
    pub(super) held: &'a Possessions,
    pub(super) owners: &'a [Owner],
}

impl Choice<'_> {
    /// What an heir is called in the ledger. Only who is there already can be one: a slip of the pen
    /// would leave tokens to nobody.
    pub(super) fn heir(&self, name: &str) -> Result<String, CommandError> {
        let heir = present(named(self.owners, name)?)?.name;
        if heir == self.held.owner.name {
            return Err(CommandError::new("what somebody leaves cannot go to them").usage());
        }
        Ok(heir)
    }

    /// What was decided. A token that is not in it is undecided.
    pub(super) fn decide(
        &self,
        arguments: &Offboard,
        stop: &AtomicBool,
    ) -> Result<Decisions, CommandError> {
        let owned = &self.held.owned;
        let all = |decision: Decision| owned.iter().map(|h| (h.id, decision.clone())).collect();
        Ok(match (&arguments.transfer_to, &arguments.plan) {
            (Some(name), _) => all(Decision::Transfer(self.heir(name)?)),
            _ if arguments.kill => all(Decision::Kill),
            (_, Some(path)) => self.planned(path)?,
            _ if owned.is_empty() => Decisions::new(),
            _ if io::stdin().is_terminal() && io::stderr().is_terminal() => self.asked(stop)?,
            _ => {
                return Err(CommandError::new("nobody decided what becomes of the tokens")
                    .hint("say `--transfer-to NAME`, `--kill` or `--plan FILE`; `--dry-run` only lists them")
                    .usage());
            }
        })
    }

    /// The decisions of a file, one a line: `ID,transfer,NAME` or `ID,kill`. It must decide about each.
    fn planned(&self, path: &Path) -> Result<Decisions, CommandError> {
        let text =
            fs::read_to_string(path).map_err(|error| CommandError::file("read", path, error))?;
        let mut decisions = Decisions::new();
        let lines = (1..).zip(text.lines().map(str::trim));
        for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let wrong = |why: &str| {
                CommandError::new(format!(
                    "line {number} of `{}` is no decision: {why}",
                    path.display()
                ))
                .hint("write `ID,transfer,NAME` or `ID,kill`")
                .usage()
            };
            let fields: Vec<_> = line.split(',').map(str::trim).collect();
            let (id, decision) = match fields.as_slice() {
                [id, "transfer", name] if !name.is_empty() => {
                    (*id, Decision::Transfer(self.heir(name)?))
                }
                [id, "kill"] => (*id, Decision::Kill),
                _ => return Err(wrong("it has another form")),
            };
            let meant: Vec<_> =
                self.held.owned.iter().filter(|held| held.id.to_string().starts_with(id)).collect();
            let [identity] = meant.as_slice() else {
                return Err(wrong(&format!("`{id}` does not name one of the tokens")));
            };
            decisions.insert(identity.id, decision);
        }
        if let Some(open) = self.held.owned.iter().find(|held| !decisions.contains_key(&held.id)) {
            let name = &open.name;
            return Err(CommandError::new(format!(
                "the plan does not decide about {} ({name})",
                open.id
            ))
            .hint("nothing was changed: add a line for each token")
            .usage());
        }
        Ok(decisions)
    }

    /// Asks about each token on the terminal.
    fn asked(&self, stop: &AtomicBool) -> Result<Decisions, CommandError> {
        let mut decisions = Decisions::new();
        for identity in &self.held.owned {
            let (id, name, risk) = (identity.id.short(), &identity.name, identity.assessment.risk);
            let question = words::safe(&format!(
                "{id} {name}, risk {risk}: `t NAME` transfers it, `k` kills it, nothing leaves it open: "
            ));
            loop {
                let mut out = anstream::stderr();
                drop(write!(out, "{question}").and(out.flush()));
                let line = interrupt::reading(stop, || io::stdin().lines().next().transpose())?
                    .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
                let Some(line) = line else { return Ok(decisions) };
                let decision = match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                    [] => break,
                    ["k"] => Decision::Kill,
                    ["t", name] => match self.heir(name) {
                        Ok(heir) => Decision::Transfer(heir),
                        Err(error) => {
                            words::say(&error.to_string());
                            continue;
                        }
                    },
                    _ => continue,
                };
                decisions.insert(identity.id, decision);
                break;
            }
        }
        Ok(decisions)
    }
}
