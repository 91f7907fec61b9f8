//! Verdicts as they are shown.

use super::*;

fn condition(name: &'static str, value: &str, outcome: Outcome) -> Condition {
    let fix = (outcome != Outcome::Passed).then(|| "Make another.".to_owned());
    let reason = format!("because of <{name}> & \"x|y\"\n::error::%0A");
    Condition { name, value: value.to_owned(), outcome, reason, fix }
}

fn gate(outcomes: &[Outcome]) -> Gate {
    Gate {
        endpoint: "https://hub.example".to_owned(),
        subject: Some(Subject {
            fingerprint: Fingerprint::of("sample"),
            redacted: "hf_…Ab3x".to_owned(),
            place: "the variable HF_TOKEN".to_owned(),
            account: Some("alice".to_owned()),
            role: Some("write".to_owned()),
        }),
        conditions: outcomes.iter().map(|&o| condition("require", "read:acme/model", o)).collect(),
    }
}

fn rendered(gate: &Gate, format: Format) -> String {
    let mut out = Vec::new();
    gate.render(format, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn it_passes_only_if_every_condition_is_known_to_be_met() {
    use Outcome::{Failed, Passed, Unknown};
    assert_eq!(gate(&[Passed, Passed]).outcome(), Passed);
    assert_eq!(gate(&[Passed, Unknown]).outcome(), Unknown);
    assert_eq!(gate(&[Unknown, Failed, Passed]).outcome(), Failed);
}

#[test]
fn a_program_reads_null_where_nobody_knows() {
    let parsed = |outcome| -> serde_json::Value {
        serde_json::from_str(&rendered(&gate(&[Outcome::Passed, outcome]), Format::Json)).unwrap()
    };
    for (outcome, passed) in
        [(Outcome::Passed, Some(true)), (Outcome::Failed, Some(false)), (Outcome::Unknown, None)]
    {
        let json = parsed(outcome);
        assert_eq!(json["schema"], "bearhug.check/1");
        assert_eq!(json["passed"].as_bool(), passed);
        assert_eq!(json["conditions"][1]["outcome"], outcome.name());
    }
}

#[test]
fn a_person_reads_what_failed_and_what_to_do() {
    let text = rendered(&gate(&[Outcome::Passed, Outcome::Failed]), Format::Human);
    assert!(text.contains("failed  require read:acme/model\n"), "{text}");
    assert!(text.contains("  fix:  Make another.\n"), "{text}");
    assert!(
        text.ends_with("No: 1 of 2 conditions is not met · hf_…Ab3x in the variable HF_TOKEN\n"),
        "{text}"
    );
}

#[test]
fn a_reason_cannot_write_commands_or_markup() {
    let gate = gate(&[Outcome::Failed, Outcome::Unknown]);
    let annotations = gate.annotations();
    assert_eq!(annotations.len(), 2);
    for line in &annotations {
        assert!(line.starts_with("::error title=bearhug check require::"), "{line}");
        assert!(!line.contains('\n') && line.contains("%250A"), "{line}");
    }
    let rows = gate.markdown().lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows, 3, "{}", gate.markdown());
    assert!(!gate.markdown().contains("<require>"));
    let junit = rendered(&gate, Format::Junit);
    assert!(junit.contains(r#"tests="2" failures="1" errors="1""#), "{junit}");
    assert!(!junit.contains("<require>"), "{junit}");
}
