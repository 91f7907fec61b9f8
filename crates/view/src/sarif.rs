//! SARIF 2.1.0, the exchange format of code scanning services and editors.
//!
//! The structs spell the part of the standard that is used
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>); [`location`]
//! has the parts about where things are.

mod location;

use std::{collections::BTreeSet, io};

use bearhug_core::{Confidence, Finding, Gap, Kind, Sighting};
use bearhug_guard::hunt::Report;
use serde::Serialize;

use crate::{
    json::harmless,
    model::{permissions, steps},
    sanitize::visible,
    words,
};
use location::{Location, uri};

pub(crate) fn render(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run::of(report)],
    };
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&log)?))
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
}

impl<'a> Run<'a> {
    fn of(report: &'a Report) -> Self {
        let kinds: BTreeSet<_> = report.findings.iter().map(|finding| finding.kind).collect();
        let results = report.findings.iter().flat_map(|finding| {
            finding.sightings.iter().map(|sighting| Outcome::of(finding, sighting))
        });
        Self {
            tool: Tool {
                driver: Driver {
                    name: "bearhug",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: kinds.into_iter().map(Rule::of).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: !report.interrupted,
                tool_execution_notifications: report.gaps.iter().map(Notification::of).collect(),
            }],
            column_kind: "utf16CodeUnits",
            results: results.collect(),
        }
    }
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    help: Message,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 2],
}

impl Rule {
    fn of(kind: Kind) -> Self {
        Self {
            id: kind.name(),
            short_description: Message::new(format!("Hugging Face {}", kind.title())),
            help: Message::new(words::advice(kind)),
            properties: RuleProperties { tags: ["security", "secret"] },
        }
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// A `result`, which in Rust is another word.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'static str,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints,
    properties: Properties<'a>,
}

/// What services match the results of two runs by. The first says which token it is, wherever it
/// has moved; the second keeps its places apart.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "bearhug/fingerprint/v1")]
    token: String,
    #[serde(rename = "bearhug/place/v1")]
    place: String,
}

#[derive(Serialize)]
struct Properties<'a> {
    confidence: &'static str,
    placeholder: bool,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    impact: Vec<&'static str>,
    origin: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reach: Option<&'static str>,
}

impl<'a> Outcome<'a> {
    fn of(finding: &'a Finding, sighting: &'a Sighting) -> Self {
        let confidence = finding.assessment.confidence;
        let (storage, mode) = sighting.origin.storage().unzip();
        let history = sighting.history.as_ref();
        let told = finding.told.as_ref();
        let text = format!(
            "{} {}, {} confidence: {}.",
            finding.kind.title(),
            visible(&finding.redacted),
            confidence.name(),
            words::reasons(finding),
        );
        Self {
            rule_id: finding.kind.name(),
            level: match confidence {
                Confidence::High => "error",
                Confidence::Medium => "warning",
                Confidence::Low => "note",
            },
            message: Message::new(text),
            locations: [Location::of(sighting)],
            partial_fingerprints: Fingerprints {
                token: finding.fingerprint.to_string(),
                place: format!("{}:{}", finding.fingerprint, uri(&sighting.origin.path)),
            },
            properties: Properties {
                confidence: confidence.name(),
                placeholder: finding.assessment.placeholder,
                verdict: finding.verdict.name(),
                account: told.and_then(|told| told.account.as_deref()),
                role: told.and_then(|told| told.role.as_deref()),
                impact: told.iter().flat_map(|told| &told.impacts).map(|i| i.name()).collect(),
                origin: steps(&sighting.origin),
                storage: storage.map(|storage| storage.name),
                mode: mode.flatten().map(permissions),
                advice: storage.map(|storage| storage.advice),
                commit: sighting.commit.as_ref().map(|commit| commit.id.as_str()),
                removed: history.and_then(|h| Some(h.removed.as_ref()?.id.as_str())),
                reach: history.map(|h| h.reach.name()),
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    descriptor: Descriptor,
    level: &'static str,
    message: Message,
    locations: [Location<'static>; 1],
}

#[derive(Serialize)]
struct Descriptor {
    id: &'static str,
}

impl Notification {
    fn of(gap: &Gap) -> Self {
        Self {
            descriptor: Descriptor { id: gap.reason.name() },
            level: "warning",
            message: Message::new(words::gap_detail(&gap.reason)),
            locations: [Location::of_path(&gap.origin.path)],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{Format, sample};

    fn run(report: &Report) -> Value {
        let text = sample::rendered(Format::Sarif, report);
        let mut log: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(log["version"], "2.1.0");
        log["runs"][0].take()
    }

    #[test]
    fn each_kind_that_was_found_is_one_rule() {
        let run = run(&sample::scan());
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["user_token", "oauth_app_secret", "s3_secret_key", "lease"]);
        let results = run["results"].as_array().unwrap();
        assert!(results.iter().all(|result| ids.contains(&result["ruleId"].as_str().unwrap())));
    }

    #[test]
    fn a_sighting_is_a_result() {
        let report = sample::scan();
        let run = run(&report);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 12);
        let name = sample::fingerprint(1).to_string();
        let expected = json!({
            "ruleId": "user_token", "level": "error",
            "message": {"text": "user access token hf_…Ab3x, high confidence: \
                                 looks drawn at random; a name beside it says Hugging Face."},
            "locations": [{"physicalLocation": {
                "artifactLocation": {
                    "uri": "donn%C3%A9es/%E6%A8%A1%E5%9E%8B.env", "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 3, "startColumn": 10},
                "contextRegion": {"startLine": 3, "snippet": {"text": "HF_TOKEN=hf_…Ab3x"}},
            }}],
            "partialFingerprints": {
                "bearhug/fingerprint/v1": name,
                "bearhug/place/v1": format!("{name}:donn%C3%A9es/%E6%A8%A1%E5%9E%8B.env"),
            },
            "properties": {
                "confidence": "high", "placeholder": false, "verdict": "unverified",
                "origin": ["file:données/模型.env"],
            },
        });
        assert_eq!(results[0], expected);
        let levels: Vec<_> =
            results.iter().map(|result| result["level"].as_str().unwrap()).collect();
        assert_eq!(levels[7..], ["error", "warning", "warning", "note", "note"]);
    }

    #[test]
    fn a_gap_is_a_notification_and_an_interruption_a_failure() {
        let mut report = sample::scan();
        let invocation = run(&report)["invocations"][0].take();
        assert_eq!(invocation["executionSuccessful"], true);
        let expected = json!({
            "descriptor": {"id": "oversized"}, "level": "warning",
            "message": {"text": "over the size limit (3.2 GB, limit 100 MB): --max-size raises it"},
            "locations": [{"physicalLocation": {"artifactLocation": {
                "uri": "models/weights.bin", "uriBaseId": "%SRCROOT%",
            }}}],
        });
        assert_eq!(invocation["toolExecutionNotifications"][0], expected);
        report.interrupted = true;
        assert_eq!(run(&report)["invocations"][0]["executionSuccessful"], false);
    }
}
