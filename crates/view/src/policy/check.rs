//! Who breaks the policy.

use std::io;

use bearhug_core::{
    identity::{Breach, IdentityId},
    policy::Mode,
};
use jiff::Timestamp;
use serde::Serialize;

use super::{line, until, whole};
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
    /// The only rules that were looked at. Where none is named, all were.
    pub rules: Vec<&'static str>,
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
    /// The environments that it is for or was seen in.
    pub environments: Vec<String>,
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
        !self.broken.iter().any(|broken| self.fails(broken))
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
        let failed = groups.iter().filter(|group| group.iter().any(|b| self.fails(b))).count();
        let verdict = self.verdict(failed as u64);
        writeln!(
            sheet.out,
            "{style}{verdict}{style:#} · breaches: {enforce} enforced, {warn} warned of, \
             {observe} observed, {waived} waived",
        )
    }

    /// What is to be said of all, given how many identities fail the check.
    fn verdict(&self, failed: u64) -> String {
        let checked = count(usize::try_from(self.checked).unwrap_or(usize::MAX), "token");
        let rule = match self.fail_on {
            Mode::Enforce => "rule that is enforced",
            Mode::Warn => "rule that is enforced or warned of",
            Mode::Observe => "rule",
        };
        let verdict = match (failed, self.checked) {
            (0, 1) => format!("Passed: the only token breaks no {rule}"),
            (0, _) => format!("Passed: none of {checked} breaks a {rule}"),
            (1, _) => format!("Failed: 1 of {checked} breaks a {rule}"),
            _ => format!("Failed: {} of {checked} break a {rule}", thousands(failed)),
        };
        let is_waived = |b: &Broken| b.waived_until.is_some() && b.mode() >= self.fail_on;
        let unless = if self.broken.iter().any(is_waived) { ", unless waived" } else { "" };
        let only = if self.rules.is_empty() {
            String::new()
        } else {
            format!(" (looked at {} only)", self.rules.join(", "))
        };
        format!("{verdict}{unless}{only}")
    }

    /// Whether this fails the check.
    fn fails(&self, broken: &Broken) -> bool {
        broken.waived_until.is_none() && broken.mode() >= self.fail_on
    }
}

fn identity(sheet: &mut Sheet<'_>, broken: &[Broken]) -> io::Result<()> {
    let Some(first) = broken.first() else { return Ok(()) };
    let ink = sheet.ink;
    let owner = first.owner.as_deref().unwrap_or("nobody's");
    let environments = first.environments.join(", ");
    let environments = if environments.is_empty() { "no environment" } else { &environments };
    let about = format!("{owner}, {environments}");
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
            Some(end) => sheet.nested(1, "until: ", &until(end))?,
            None => sheet.nested(1, "fix: ", &format!("{}.", visible(fix)))?,
        }
    }
    sheet.gap()
}

#[cfg(test)]
mod tests {
    use bearhug_core::Fingerprint;
    use serde_json::Value;

    use super::*;

    fn broken(n: usize, mode: Mode, waived_until: Option<Timestamp>) -> Broken {
        let breach = Breach {
            rule: "owner-required".to_owned(),
            mode: mode.name().to_owned(),
            what: "nobody answers for it".to_owned(),
            fix: "say who does".to_owned(),
        };
        Broken {
            identity: IdentityId::of_token(Fingerprint::of(&n.to_string())),
            name: format!("publish-{n}\u{1b}[2J"),
            owner: None,
            environments: vec!["ci".to_owned()],
            breach,
            waived_until,
        }
    }

    fn check(broken: Vec<Broken>, fail_on: Mode) -> Check {
        Check { broken, checked: 120, fail_on, rules: Vec::new() }
    }

    fn rendered(check: &Check, wording: Wording) -> String {
        let mut out = Vec::new();
        check.render(wording, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_is_as_serious_and_not_waived_fails() {
        use Mode::{Enforce, Observe, Warn};
        let until = Some(Timestamp::UNIX_EPOCH);
        for (mode, waived, fail_on, passes) in [
            (Enforce, None, Enforce, false),
            (Enforce, until, Enforce, true),
            (Warn, None, Enforce, true),
            (Warn, None, Warn, false),
            (Observe, None, Warn, true),
            (Observe, None, Observe, false),
        ] {
            assert_eq!(check(vec![broken(1, mode, waived)], fail_on).passed(), passes);
        }
        assert!(check(Vec::new(), Observe).passed());
    }

    #[test]
    fn people_see_what_is_wrong_and_what_to_do() {
        let all = vec![
            broken(1, Mode::Enforce, None),
            broken(1, Mode::Warn, Some(Timestamp::UNIX_EPOCH)),
        ];
        let id = all.first().map(|b| b.identity.short()).unwrap();
        let expected = format!(
            "\
publish-1\\x1b[2J  {id}  nobody's, ci
  enforce owner-required
          nobody answers for it.
          fix: say who does.
  waived  owner-required
          nobody answers for it.
          until: the end of 1969-12-31 (UTC)

Failed: 1 of 120 tokens breaks a rule that is enforced · breaches: 1 enforced, 0 warned of, 0 observed, 1 waived
"
        );
        assert_eq!(rendered(&check(all, Mode::Enforce), Wording::Human), expected);
    }

    #[test]
    fn the_verdict_says_no_more_than_was_looked_at() {
        let enforced = |waived| vec![broken(1, Mode::Enforce, waived)];
        let (all, until) = (Vec::new, Some(Timestamp::UNIX_EPOCH));
        for (broken, checked, rules, verdict) in [
            (all(), 1, vec![], "Passed: the only token breaks no rule that is enforced"),
            (all(), 0, vec![], "Passed: none of 0 tokens breaks a rule that is enforced"),
            (enforced(None), 1, vec![], "Failed: 1 of 1 token breaks a rule that is enforced"),
            (
                enforced(until),
                2,
                vec!["owner-required", "max-age"],
                "Passed: none of 2 tokens breaks a rule that is enforced, unless waived (looked at \
                 owner-required, max-age only)",
            ),
        ] {
            let check = Check { checked, rules, ..check(broken, Mode::Enforce) };
            let text = rendered(&check, Wording::Human);
            assert!(text.contains(&format!("{verdict} · breaches: ")), "{text}");
        }
    }

    #[test]
    fn a_long_list_is_cut_and_said_to_be() {
        let all = (0..25).map(|n| broken(n, Mode::Observe, None)).collect();
        let text = rendered(&check(all, Mode::Enforce), Wording::Human);
        assert!(text.contains("… and 5 more identities (-v lists them)"), "{text}");
        let end = "Passed: none of 120 tokens breaks a rule that is enforced · breaches: 0 enforced, \
                   0 warned of, 25 observed, 0 waived\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn programs_read_the_same_in_one_object_and_in_lines() {
        let all = || vec![broken(1, Mode::Enforce, None), broken(2, Mode::Warn, None)];
        let check = check(all(), Mode::Enforce);
        let whole: Value = serde_json::from_str(&rendered(&check, Wording::Json)).unwrap();
        let lines: Vec<Value> = rendered(&check, Wording::Jsonl)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let [first, _, summary] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!(first["schema"], "bearhug.breach/1");
        assert_eq!(first["rule"], whole["breaches"][0]["rule"]);
        assert_eq!(
            (&summary["passed"], &summary["enforce"]),
            (&whole["passed"], &whole["enforce"])
        );
    }
}
