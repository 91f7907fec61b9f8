//! Who breaks the policy.

use std::io;

use bearhug_core::{
    identity::{Breach, IdentityId},
    policy::Mode,
};
use jiff::Timestamp;
use serde::Serialize;

use super::{line, whole};
use crate::{
    Options, Wording,
    sanitize::visible,
    sheet::Sheet,
    text::{count, thousands},
};

/// How many identities people see unless they ask for all.
const SHOWN: usize = 20;

/// The ledger held against the policy.
pub struct Check {
    /// Every breach, those of one identity together.
    pub broken: Vec<Broken>,
    /// How many identities were looked at.
    pub checked: u64,
    /// From which mode on a breach fails the check.
    pub fail_on: Mode,
}

/// A rule that an identity breaks.
#[derive(Serialize)]
pub struct Broken {
    /// Which identity.
    pub identity: IdentityId,
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The environment that it is for.
    pub environment: Option<String>,
    /// What is broken.
    #[serde(flatten)]
    pub breach: Breach,
    /// Until when that is waived, if it is.
    pub waived_until: Option<Timestamp>,
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    #[serde(flatten)]
    summary: Summary,
    breaches: &'a [Broken],
}

#[derive(Serialize)]
struct LineModel<'a> {
    schema: &'static str,
    #[serde(flatten)]
    broken: &'a Broken,
}

#[derive(Serialize)]
struct SummaryModel {
    schema: &'static str,
    #[serde(flatten)]
    summary: Summary,
}

/// Counts of breaches. Those that are waived count nowhere else.
#[derive(Serialize)]
struct Summary {
    passed: bool,
    fail_on: Mode,
    checked: u64,
    enforce: usize,
    warn: usize,
    observe: usize,
    waived: usize,
}

impl Broken {
    fn mode(&self) -> Mode {
        // What the policy does not name it takes seriously.
        Mode::of_name(&self.breach.mode).unwrap_or(Mode::Enforce)
    }
}

impl Check {
    /// Whether nothing is broken that fails the check.
    pub fn passed(&self) -> bool {
        !self.broken.iter().any(|b| b.waived_until.is_none() && b.mode() >= self.fail_on)
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        wording: Wording,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match wording {
            Wording::Human => self.human(options, out),
            Wording::Json => {
                let schema = "bearhug.policy-check/1";
                whole(&Model { schema, summary: self.summary(), breaches: &self.broken }, out)
            }
            Wording::Jsonl => {
                for broken in &self.broken {
                    line(&LineModel { schema: "bearhug.breach/1", broken }, out)?;
                }
                let schema = "bearhug.policy-check/1";
                line(&SummaryModel { schema, summary: self.summary() }, out)
            }
        }
    }

    fn summary(&self) -> Summary {
        let of = |mode| {
            let is = |b: &&Broken| b.waived_until.is_none() && b.mode() == mode;
            self.broken.iter().filter(is).count()
        };
        Summary {
            passed: self.passed(),
            fail_on: self.fail_on,
            checked: self.checked,
            enforce: of(Mode::Enforce),
            warn: of(Mode::Warn),
            observe: of(Mode::Observe),
            waived: self.broken.iter().filter(|b| b.waived_until.is_some()).count(),
        }
    }

    fn human(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let groups: Vec<_> = self.broken.chunk_by(|a, b| a.identity == b.identity).collect();
        let shown = if options.verbose { usize::MAX } else { SHOWN };
        for group in groups.iter().take(shown) {
            identity(&mut sheet, group)?;
        }
        let more = groups.len().saturating_sub(shown);
        if more > 0 {
            let more = thousands(more as u64);
            writeln!(sheet.out, "… and {more} more identities (-v lists them)\n")?;
        }
        let Summary { passed, enforce, warn, observe, waived, .. } = self.summary();
        let style = if passed { sheet.ink.strong } else { sheet.ink.alarm };
        let word = if passed { "Passed" } else { "No" };
        writeln!(
            sheet.out,
            "{style}{word}: {} of {} break a rule{style:#} · {enforce} enforced, {warn} warned of, \
             {observe} observed, {waived} waived",
            groups.len(),
            count(usize::try_from(self.checked).unwrap_or(usize::MAX), "token"),
        )
    }
}

fn identity(sheet: &mut Sheet<'_>, broken: &[Broken]) -> io::Result<()> {
    let Some(first) = broken.first() else { return Ok(()) };
    let ink = sheet.ink;
    let owner = first.owner.as_deref().unwrap_or("nobody's");
    let environment = first.environment.as_deref().unwrap_or("no environment");
    let about = format!("{owner}, {environment}");
    let (name, id) = (visible(&first.name), first.identity.short());
    let (strong, faint) = (ink.strong, ink.faint);
    writeln!(sheet.out, "{strong}{name}{strong:#}  {id}  {faint}{}{faint:#}", visible(&about))?;
    for broken in broken {
        let (style, word) = match (broken.waived_until, broken.mode()) {
            (Some(_), _) => (ink.faint, "waived"),
            (_, Mode::Enforce) => (ink.alarm, "enforce"),
            (_, Mode::Warn) => (ink.doubt, "warn"),
            (_, Mode::Observe) => (ink.faint, "observe"),
        };
        let Breach { rule, what, fix, .. } = &broken.breach;
        writeln!(sheet.out, "  {style}{word:8}{style:#}{}", visible(rule))?;
        sheet.nested(1, "", &format!("{}.", visible(what)))?;
        match broken.waived_until {
            Some(until) => sheet.nested(1, "until: ", &until.to_string())?,
            None => sheet.nested(1, "fix: ", &format!("{}.", visible(fix)))?,
        }
    }
    sheet.gap()
}
