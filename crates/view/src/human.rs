//! Words for a person at a terminal.
//!
//! Everything hangs on one vertical line: labels to its left, what they are about to its right.
//! Colour repeats what a word already says, and no line needs a wide screen to make sense.

use std::io;

use bearhug_core::Finding;
use bearhug_guard::hunt::Report;

use crate::{
    Options,
    place::Place,
    sanitize::visible,
    summary::summary,
    terminal::{Ink, width},
    text::{thousands, window, wrap},
    words::{self, is_doubtful},
};

/// The column at which everything but a label starts.
const INDENT: usize = 8;

/// How many places of one token are shown unless the user asks for all.
const PLACES: usize = 5;

pub(crate) fn render(
    report: &Report,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page { ink: Ink::new(options), width: width(options), options, out };
    let (doubtful, sure): (Vec<_>, Vec<_>) = report.findings.iter().partition(|f| is_doubtful(f));
    for finding in sure {
        page.finding(finding)?;
    }
    page.doubtful(&doubtful)?;
    summary(report, options, page.out)
}

struct Page<'a> {
    out: &'a mut dyn io::Write,
    options: &'a Options,
    width: usize,
    ink: Ink,
}

impl Page<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let confidence = finding.assessment.confidence;
        let (level, Ink { strong, faint, .. }) = (self.ink.of(confidence), self.ink);
        writeln!(
            self.out,
            "{level}{:INDENT$}{level:#}{strong}{}{strong:#}  {}  {faint}{}{faint:#}",
            confidence.name(),
            visible(&finding.redacted),
            finding.kind.title(),
            finding.fingerprint,
        )?;
        if let Some(companion) = &finding.companion {
            self.labelled("pair:", &visible(companion))?;
        }
        self.labelled("why:", &words::reasons(finding))?;
        if let Some(verdict) = words::verdict(finding) {
            self.labelled("hub:", &visible(&verdict))?;
        }
        self.places(finding)?;
        self.labelled("next:", words::next(finding))?;
        self.storages(finding)?;
        writeln!(self.out)
    }

    /// A paragraph with a label in the margin.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (i, line) in wrap(text, self.width - INDENT).iter().enumerate() {
            writeln!(self.out, "{}{line}", margin(if i == 0 { label } else { "" }))?;
        }
        Ok(())
    }

    /// What to do in each place of this computer: the place's name, and under it the rest.
    fn storages(&mut self, finding: &Finding) -> io::Result<()> {
        let Ink { strong, .. } = self.ink;
        for (i, storage) in words::storages(finding).iter().enumerate() {
            let label = if i == 0 { "then:" } else { "" };
            writeln!(self.out, "{}{strong}{}{strong:#}", margin(label), storage.title)?;
            for line in wrap(storage.advice, self.width - INDENT - 2) {
                writeln!(self.out, "{:INDENT$}  {line}", "")?;
            }
        }
        Ok(())
    }

    fn places(&mut self, finding: &Finding) -> io::Result<()> {
        let limit = if self.options.verbose { usize::MAX } else { PLACES };
        for (i, sighting) in finding.sightings.iter().take(limit).enumerate() {
            let label = if i == 0 { "seen:" } else { "" };
            self.place(label, &Place::of(sighting), &finding.redacted)?;
        }
        match finding.sightings.len().saturating_sub(limit) {
            0 => Ok(()),
            more => writeln!(
                self.out,
                "{:INDENT$}… and {} more (use --format json for all)",
                "",
                thousands(more as u64),
            ),
        }
    }

    /// A place, and what stands there a step further in. A location is never cut or broken,
    /// because it is there to be copied.
    fn place(&mut self, label: &str, place: &Place, redacted: &str) -> io::Result<()> {
        let faint = self.ink.faint;
        write!(self.out, "{}{}", margin(label), place.location)?;
        if let Some(manner) = &place.manner {
            write!(self.out, "  {manner}")?;
        }
        writeln!(self.out)?;
        let context = place.context.as_ref();
        let context = context.map(|line| window(line, redacted, self.width - INDENT - 2));
        for line in place.history.iter().chain(&context).chain(&place.access) {
            writeln!(self.out, "{:INDENT$}  {faint}{line}{faint:#}", "")?;
        }
        Ok(())
    }

    /// What is probably no credential: a line each, unless the user asks for all there is.
    fn doubtful(&mut self, findings: &[&Finding]) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let Ink { strong, .. } = self.ink;
        writeln!(self.out, "{strong}Doubtful: low confidence, or placeholders{strong:#}")?;
        if self.options.verbose {
            writeln!(self.out)?;
            return findings.iter().try_for_each(|finding| self.finding(finding));
        }
        for finding in findings {
            self.doubt(finding)?;
        }
        writeln!(self.out)
    }

    fn doubt(&mut self, finding: &Finding) -> io::Result<()> {
        let faint = self.ink.faint;
        write!(self.out, "  {}", visible(&finding.redacted))?;
        if let Some((first, others)) = finding.sightings.split_first() {
            write!(self.out, "  {}", Place::of(first).location)?;
            if !others.is_empty() {
                write!(self.out, " and {} more", thousands(others.len() as u64))?;
            }
        }
        if let Some(&reason) = finding.assessment.reasons.first() {
            write!(self.out, "  {faint}{}{faint:#}", words::reason(reason).1)?;
        }
        writeln!(self.out)
    }
}

fn margin(label: &str) -> String {
    format!("  {label:0$}", INDENT - 2)
}

#[cfg(test)]
mod tests {
    use bearhug_core::{Step, Storage};
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::sample;

    fn written(report: &Report, options: Options) -> String {
        let mut out = Vec::new();
        crate::render(crate::Format::Human, report, &options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_report_reads_from_the_most_urgent_to_the_least() {
        let [first, second, third, fourth] = [1, 2, 3, 4].map(sample::fingerprint);
        let key_id = sample::KEY_ID;
        let expected = format!(
            r#"high    hf_…Ab3x  user access token  {first}
  why:  looks drawn at random; a name beside it says Hugging Face
  seen: données/模型.env:3:10
          HF_TOKEN=hf_…Ab3x
        notebooks/train.ipynb:41:18
          "login(token='hf_…Ab3x')\n",
        deploy/secret.yaml:6:9  via base64
          token: aGZfUWJs…Y0RlZg==
        logs/run-1.log:1:1
          hf_…Ab3x
        logs/run-2.log:2:1
          hf_…Ab3x
        … and 2 more (use --format json for all)
  next: Revoke it at https://huggingface.co/settings/tokens (a service
        account's: in its organisation's settings), then remove it.

high    …Zk9q  S3 secret access key  {second}
  pair: {key_id}
  why:  looks drawn at random; the other half of the pair is beside it
  seen: infra/rclone.conf:12:21
          commit 1d3fcd5ced44  2024-05-01  Ada Example <ada@example.org>
          removed 7fd1a60b01f9  2024-06-01  Eve Example <eve@example.org>
          only in a reflog
          secret_access_key = …Zk9q
  next: Revoke the key pair, or the token it was made from, at
        https://huggingface.co/settings/tokens, then remove both halves.

medium  oauth_app_secret_…t0Qp  OAuth app secret  {third}
  pair: 26be6b09-91c5-47da-9861-d2d2bb7a7e36
  why:  all its letters have one case
  seen: app/settings.py:88:24
          OAUTH_CLIENT_SECRET = "oauth_app_secret_…t0Qp"
  next: Replace the secret in the application's settings at
        https://huggingface.co/settings/connected-applications, then remove it.

medium  hf_…Ab3x  user access token  {fourth}
  why:  in binary data, where nothing marks its end
  seen: cache/state.bin @ offset 1048576
  next: Revoke it at https://huggingface.co/settings/tokens (a service
        account's: in its organisation's settings), then remove it.

Doubtful: low confidence, or placeholders
  hf_lease…9xYz  tmp/x (in its name)  runs on into the text after it
  hf_…xxxx  README.md:12:8  reads like a placeholder

4 tokens and 2 doubtful matches in 12 places · scanned 1,234 files, 56.7 MB in
0.6 s

Not searched, or not fully:
  1  could not be read; check permissions and scan again
       private/id  Permission denied (os error 13)
  1  over the size limit; --max-size raises it
       models/weights.bin  3.2 GB, limit 100 MB

Hidden: 2 tokens that the baseline lists
        3 tokens that the configuration accepts
        1 sighting on a line that says bearhug:allow
        31 placeholders (--include-placeholders shows them)
        1 token of lower confidence than asked for (--min-confidence)
"#
        );
        let options = Options { width: Some(80), ..Options::default() };
        assert_eq!(written(&sample::scan(), options), expected);
    }

    #[test]
    fn colour_adds_nothing_but_escape_sequences() {
        let plain = written(&sample::scan(), Options::default());
        let mut colored = written(&sample::scan(), Options { color: true, ..Options::default() });
        assert!(colored.contains("\x1b[31mhigh"), "{colored}");
        for code in ["0", "1", "2", "31", "33"] {
            colored = colored.replace(&format!("\x1b[{code}m"), "");
        }
        assert_eq!(colored, plain);
    }

    #[test]
    fn lines_keep_to_the_width() {
        let mut report = sample::scan();
        let line = format!("{} hf_…Ab3x {}", "x".repeat(500), "模".repeat(500));
        report.findings[0].sightings[0].context = Some(line);
        for (given, kept) in [(None, 100), (Some(80), 80), (Some(400), 100)] {
            let text = written(&report, Options { width: given, ..Options::default() });
            assert!(text.contains("x hf_…Ab3x 模"), "{text}");
            let widest = text.lines().map(UnicodeWidthStr::width).max();
            assert!(widest <= Some(kept), "{widest:?} > {kept}:\n{text}");
        }
    }

    #[test]
    fn places_are_cut_short_unless_all_are_asked_for() {
        let report = sample::crowd(1_200);
        let text = written(&report, Options::default());
        assert!(text.contains("… and 1,195 more (use --format json for all)"), "{text}");
        assert_eq!(text.matches("train.log:").count(), 5);
        let text = written(&report, Options { verbose: true, ..Options::default() });
        assert_eq!(text.matches("train.log:").count(), 1_200);
    }

    #[test]
    fn nothing_found_is_said_plainly_and_so_is_an_interruption() {
        let mut report = Report::default();
        let nothing = "No tokens found · scanned 0 files, 0 B in 0 ms\n";
        assert_eq!(written(&report, Options::default()), nothing);
        report.interrupted = true;
        let interrupted = "Interrupted: there may be more than what is listed here.\n";
        assert_eq!(written(&report, Options::default()), format!("{interrupted}{nothing}"));
    }

    #[test]
    fn each_place_of_this_computer_has_its_advice_once() {
        const FILE: Storage = Storage { name: "f", title: "token file", advice: "Delete it." };
        const ENV: Storage = Storage { name: "e", title: "environment", advice: "Unset it." };
        let mut report = sample::crowd(3);
        for (i, storage) in [&FILE, &ENV, &FILE].into_iter().enumerate() {
            let steps = &mut report.findings[0].sightings[i].origin.steps;
            steps.insert(0, Step::Machine { storage, mode: Some(0o644) });
        }
        let text = written(&report, Options::default());
        let then = "\n  then: token file\n          Delete it.\n        environment\n          Unset it.\n\n";
        assert!(text.contains(then), "{text}");
        assert_eq!(text.matches("mode 0644").count(), 3, "{text}");
    }
}
