//! The end of a report in words: how much was found and read, what was not, and what is hidden.

use std::io;

use bearhug_core::Gap;
use bearhug_guard::hunt::Report;

use crate::{
    Options,
    sanitize::visible,
    terminal::{Ink, width},
    text::{bytes, count, duration, thousands, wrap},
    words::{self, GapGroup},
};

/// How many gaps of one sort are named unless the user asks for all.
const EXAMPLES: usize = 3;

/// Writes the summary of a report for a person: what was found and read, every gap, and what is
/// hidden.
///
/// [`render`](crate::render) ends the human format with it. For other formats a caller can say it
/// beside the data, so that what a format has no place for does not go unsaid.
pub fn summary(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let Ink { strong, doubt, .. } = Ink::new(options);
    if report.interrupted {
        let text = "Interrupted: there may be more than what is listed here.";
        writeln!(out, "{doubt}{text}{doubt:#}")?;
    }
    let searched = format!(
        "{} · scanned {}, {} in {}",
        words::found(report),
        count(usize::try_from(report.coverage.scanned).unwrap_or(usize::MAX), "file"),
        bytes(report.coverage.bytes),
        duration(report.elapsed),
    );
    for line in wrap(&searched, width(options)) {
        writeln!(out, "{strong}{line}{strong:#}")?;
    }
    gaps(&report.gaps, options, out)?;
    let hidden = words::hidden(&report.hidden);
    for (i, words) in hidden.iter().enumerate() {
        let label = if i == 0 { "\nHidden: " } else { "        " };
        writeln!(out, "{label}{words}")?;
    }
    Ok(())
}

fn gaps(gaps: &[Gap], options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let Ink { strong, faint, .. } = Ink::new(options);
    let groups = words::gap_groups(gaps);
    let number = |group: &GapGroup<'_>| thousands(group.gaps.len() as u64);
    let Some(digits) = groups.iter().map(|group| number(group).len()).max() else { return Ok(()) };
    writeln!(out, "\n{strong}Not searched, or not fully:{strong:#}")?;
    let limit = if options.verbose { usize::MAX } else { EXAMPLES };
    for group in &groups {
        writeln!(out, "  {:>digits$}  {}; {}", number(group), group.what, group.lift)?;
        for gap in group.gaps.iter().take(limit) {
            let path = visible(&gap.origin.path);
            match words::gap_particulars(&gap.reason) {
                Some(text) => writeln!(out, "  {:digits$}    {path}  {faint}{text}{faint:#}", "")?,
                None => writeln!(out, "  {:digits$}    {path}", "")?,
            }
        }
        let more = group.gaps.len().saturating_sub(limit);
        if more > 0 {
            let more = thousands(more as u64);
            writeln!(out, "  {:digits$}    … and {more} more (-v lists them)", "")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bearhug_core::{GapReason, Origin};

    use super::*;

    #[test]
    fn gaps_are_grouped_and_their_numbers_line_up() {
        let gap = |n: usize, reason| Gap {
            origin: Origin { path: format!("p{n}"), steps: Vec::new() },
            reason,
        };
        let mut report = Report::default();
        report.gaps.extend((1..=12).map(|n| gap(n, GapReason::SpecialFile)));
        report.gaps.push(gap(13, GapReason::SightingsCut { dropped: 4_321 }));
        let mut out = Vec::new();
        summary(&report, &Options::default(), &mut out).unwrap();
        let expected = "\
No tokens found · scanned 0 files, 0 B in 0 ms

Not searched, or not fully:
  12  special files; pipes, sockets and devices are never opened
        p1
        p2
        p3
        … and 9 more (-v lists them)
   1  with more sightings than a report keeps; clear those shown and scan again
        p13  4,321 more
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
