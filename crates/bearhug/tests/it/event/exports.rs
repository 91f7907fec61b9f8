//! What other programs make of exports.

use super::recorded;
use crate::support::{Outcome, TestEnvironment, python};

/// How many events a program in Python reads, which must find each well formed.
fn read_by_python(env: &TestEnvironment, format: &str, lines: &str) -> usize {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/oracles/events.py");
    let mut command = env.command(python());
    command.args(["-B", script, format]);
    Outcome::fed(command, lines.as_bytes()).exits(0).stdout().trim().parse().unwrap()
}

#[test]
fn every_export_has_every_event_in_order() {
    let env = recorded();
    let events = env.run(["event", "export"]).exits(0).records();
    let places: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(places, (1..=events.len() as u64).collect::<Vec<_>>());
    for format in ["ocsf", "cloudevents"] {
        let text = env.run(["event", "export", "--format", format]).exits(0).stdout();
        assert_eq!(read_by_python(&env, format, &text), events.len(), "{format}");
    }
    let some = env.run(["event", "export", "--kind", "identity.sighted"]).exits(0).records();
    assert_eq!(some.len(), 3);
}

/// With nothing but an export, Python works out every hash.
#[test]
fn an_export_proves_its_own_chain() {
    let env = recorded();
    let script = r"
import datetime, hashlib, json, struct, sys
previous, epoch = bytes(32), datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
for line in sys.stdin:
    event = json.loads(line)
    at = datetime.datetime.fromisoformat(event['at'].replace('Z', '+00:00')) - epoch
    data = b'bearhug:event:v1\0' + previous
    data += struct.pack('>Qq', event['seq'], at // datetime.timedelta(microseconds=1))
    pairs = sorted(event['details'].items(), key=lambda pair: pair[0].encode())
    for text in [event['kind'], event['actor'], event['identity'] or ''] + [t for p in pairs for t in p]:
        data += struct.pack('>I', len(text.encode())) + text.encode()
    previous = hashlib.sha256(data).digest()
    assert previous.hex() == event['hash'], event
print('sound')
";
    let lines = env.run(["event", "export"]).exits(0).out;
    let mut command = env.command(python());
    command.args(["-c", script]);
    assert_eq!(Outcome::fed(command, &lines).exits(0).stdout(), "sound\n");
}

#[test]
fn an_export_is_a_file_of_its_own_or_a_pipe_that_may_close() {
    let env = recorded();
    let text = env.run(["event", "export", "--format", "ocsf"]).exits(0).stdout();
    env.run(["event", "export", "--format", "ocsf", "-o", "out.jsonl"]).exits(0);
    assert_eq!(std::fs::read_to_string(env.path("out.jsonl")).unwrap(), text);
    env.run(["event", "export", "-o", "absent/out"]).exits(1);
    for (redirection, code) in [("| true", 0), ("> /dev/full", 1)] {
        let mut command = env.command("bash");
        let script = format!("set -o pipefail; \"$0\" event export {redirection}");
        command.args(["-c", &script]).arg(TestEnvironment::program());
        assert_eq!(Outcome::of(command).code, Some(code), "{redirection}");
    }
}
