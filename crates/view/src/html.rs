//! One self-contained page, for a browser or a printer.
//!
//! It runs no script and loads nothing: its own policy forbids both, so that a report of secrets
//! cannot tell anyone that it is being read, whatever a file in the tree is called.

use std::io;

use askama::Template;
use bearhug_core::{Confidence, Finding, Sighting, Storage};
use bearhug_guard::hunt::Report;

use crate::{
    place::Place,
    sanitize::visible,
    text::{bytes, duration, thousands},
    words::{self, GapGroup, is_doubtful},
};

/// How many places of one token are unfolded when the page opens.
const UNFOLDED: usize = 5;

pub(crate) fn render(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Page::of(report).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

#[derive(Template)]
#[template(path = "scan.html")]
struct Page<'a> {
    found: String,
    interrupted: bool,
    tiles: [Tile; 6],
    sections: Vec<Section>,
    /// What to say where there are no sections.
    clear: [&'static str; 2],
    gaps: Vec<GapGroup<'a>>,
    hidden: Vec<String>,
    version: &'static str,
}

/// A number worth seeing first.
struct Tile {
    label: String,
    value: String,
    /// The class that gives it weight, where the number calls for it.
    class: &'static str,
}

/// Findings under one heading.
struct Section {
    title: &'static str,
    lead: &'static str,
    cards: Vec<Card>,
}

/// A finding.
struct Card {
    redacted: String,
    title: &'static str,
    /// The class of its confidence, which the words repeat.
    level: &'static str,
    confidence: String,
    fingerprint: String,
    companion: Option<String>,
    why: String,
    /// What the Hub said.
    hub: Option<String>,
    next: Advice,
    /// What keeps the token on this computer.
    then: Vec<&'static Storage>,
    seen: Vec<Seen>,
    unfolded: bool,
}

/// Advice around the link in it.
struct Advice {
    before: &'static str,
    link: &'static str,
    after: &'static str,
}

/// A place, and the line there around the redacted value.
struct Seen {
    place: Place,
    line: Option<[String; 3]>,
}

impl<'a> Page<'a> {
    fn of(report: &'a Report) -> Self {
        let (doubtful, sure): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| is_doubtful(finding));
        let sections = [
            ("Tokens", "The surest first. Act on these.", &sure),
            ("Doubtful", "Low confidence, or placeholders: probably not credentials.", &doubtful),
        ];
        let sections = sections.map(|(title, lead, findings)| Section {
            title,
            lead,
            cards: findings.iter().map(|finding| Card::of(finding)).collect(),
        });
        Self {
            found: words::found(report),
            interrupted: report.interrupted,
            tiles: tiles(report, &sure, doubtful.len()),
            sections: sections.into_iter().filter(|section| !section.cards.is_empty()).collect(),
            clear: clear(report),
            gaps: words::gap_groups(&report.gaps),
            hidden: words::hidden(&report.hidden),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// Good news, and no better than it is.
fn clear(report: &Report) -> [&'static str; 2] {
    if report.coverage.scanned == 0 {
        ["Nothing was searched.", "There was no file to read."]
    } else if report.interrupted || !report.gaps.is_empty() {
        ["What was searched is clear.", "But not everything was searched."]
    } else if words::are_silenced(&report.hidden) {
        ["Nothing else was found.", "What is hidden is counted below."]
    } else {
        ["All clear.", "Everything was searched."]
    }
}

fn tiles(report: &Report, sure: &[&Finding], doubtful: usize) -> [Tile; 6] {
    let high = sure.iter().filter(|f| f.assessment.confidence == Confidence::High).count();
    let tile = |label: &str, n: u64, class| Tile {
        label: label.to_owned(),
        value: thousands(n),
        class: if n > 0 { class } else { "" },
    };
    [
        tile("High confidence", high as u64, "high"),
        tile("Medium confidence", (sure.len() - high) as u64, "medium"),
        tile("Doubtful", doubtful as u64, ""),
        tile("Gaps", report.gaps.len() as u64, "medium"),
        tile("Files scanned", report.coverage.scanned, ""),
        Tile {
            label: format!("Read in {}", duration(report.elapsed)),
            value: bytes(report.coverage.bytes),
            class: "",
        },
    ]
}

impl Card {
    fn of(finding: &Finding) -> Self {
        let confidence = finding.assessment.confidence.name();
        let placeholder = if finding.assessment.placeholder { ", placeholder" } else { "" };
        Self {
            redacted: visible(&finding.redacted).into_owned(),
            title: finding.kind.title(),
            level: confidence,
            confidence: format!("{confidence} confidence{placeholder}"),
            fingerprint: finding.fingerprint.to_string(),
            companion: finding.companion.as_deref().map(|text| visible(text).into_owned()),
            why: words::reasons(finding),
            hub: words::verdict(finding).map(|text| visible(&text).into_owned()),
            next: Advice::of(words::next(finding)),
            then: words::storages(finding),
            seen: finding.sightings.iter().map(|seen| Seen::of(seen, &finding.redacted)).collect(),
            unfolded: finding.sightings.len() <= UNFOLDED,
        }
    }
}

impl Advice {
    fn of(text: &'static str) -> Self {
        let start = text.find("https://").unwrap_or(text.len());
        let (before, rest) = text.split_at(start);
        let end = rest.find([' ', ',', ';']).unwrap_or(rest.len());
        let (link, after) = rest.split_at(end);
        Self { before, link, after }
    }
}

impl Seen {
    fn of(sighting: &Sighting, redacted: &str) -> Self {
        let mut place = Place::of(sighting);
        let line = place.context.take().map(|line| match line.split_once(redacted) {
            Some((before, after)) => [before, redacted, after].map(str::to_owned),
            None => [line, String::new(), String::new()],
        });
        Self { place, line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, sample};

    #[test]
    fn advice_is_split_around_its_link() {
        let Advice { before, link, after } = Advice::of("Go to https://a.example/b, then on.");
        assert_eq!((before, link, after), ("Go to ", "https://a.example/b", ", then on."));
        assert_eq!(Advice::of("Stay.").before, "Stay.");
    }

    #[test]
    fn a_hostile_name_stays_text() {
        let page = sample::rendered(Format::Html, &sample::hostile());
        for (told, shown) in [
            ("<script>alert", "&#60;script&#62;alert(1)&#60;/script&#62;"),
            ("<img", "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;"),
            ("\x1b", r"\x1b[2J\x1b]0;owned\x07.env"),
            ("\u{202e}", r"\u{202e}gpj.exe"),
        ] {
            assert!(!page.contains(told) && page.contains(shown), "{told}:\n{page}");
        }
    }

    #[test]
    fn the_page_can_neither_run_nor_load_anything() {
        let page = sample::rendered(Format::Html, &sample::scan());
        let policy = "content=\"default-src 'none'; style-src 'unsafe-inline'\"";
        assert!(page.contains(policy), "{page}");
        for active in ["<script", "src=", "url(", "@import", "<link", "<iframe", "<form"] {
            assert!(!page.contains(active), "{active}:\n{page}");
        }
        let hrefs = page.matches("href=").count();
        assert_eq!(hrefs, page.matches("href=\"https://huggingface.co/settings/").count());
    }

    #[test]
    fn every_finding_gap_and_hidden_thing_is_on_the_page() {
        let report = sample::scan();
        let page = sample::rendered(Format::Html, &report);
        for finding in &report.findings {
            assert!(page.contains(&finding.fingerprint.to_string()), "{page}");
        }
        let expected = [
            "4 tokens and 2 doubtful matches in 12 places",
            "notebooks/train.ipynb:41:18",
            "via base64",
            "commit 1d3fcd5ced44  2024-05-01  Ada Example",
            "models/weights.bin",
            "Permission denied",
            "31 placeholders",
        ];
        for text in expected {
            assert!(page.contains(text), "{text}:\n{page}");
        }
    }

    #[test]
    fn many_places_are_folded_away() {
        let page = sample::rendered(Format::Html, &sample::crowd(200));
        assert!(page.contains("<details>") && page.contains("200 places"), "{page}");
        assert!(page.contains("train.log:200:7"), "{page}");
    }

    #[test]
    fn an_empty_page_claims_no_more_than_is_so() {
        let mut report = Report::default();
        let page = sample::rendered(Format::Html, &report);
        assert!(page.contains("No tokens found") && !page.contains("<article"), "{page}");
        assert_eq!(clear(&report)[0], "Nothing was searched.");
        report.coverage.scanned = 1;
        assert_eq!(clear(&report)[0], "All clear.");
        report.hidden.placeholders = 1;
        assert_eq!(clear(&report)[0], "All clear.", "a placeholder is no token");
        report.hidden.baseline = 1;
        assert_eq!(clear(&report)[0], "Nothing else was found.");
        report.gaps = sample::scan().gaps;
        assert_eq!(clear(&report)[0], "What was searched is clear.");
    }
}
