//! What is listed, by whom and since when.

use serde_json::Value;

use super::recorded;

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

#[test]
fn the_latest_comes_first_and_pages_follow_one_another() {
    let env = recorded();
    let all = env.run(["event", "list", "--format", "jsonl", "--limit", "1000"]).exits(0).records();
    assert!(all.len() > 10, "{all:?}");
    let places: Vec<_> = all.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert!(places.is_sorted_by(|a, b| a > b), "{places:?}");
    let mut paged = Vec::new();
    let mut after = Vec::new();
    loop {
        let mut arguments = vec!["event".to_owned(), "list".to_owned(), "--format".to_owned()];
        arguments.extend(["json".to_owned(), "--limit".to_owned(), "4".to_owned()]);
        arguments.append(&mut after);
        let page: Value = serde_json::from_str(&env.run(arguments).exits(0).stdout()).unwrap();
        assert_eq!(page["schema"], "bearhug.events/1");
        paged.extend(page["events"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        after = vec!["--after".to_owned(), next.to_owned()];
    }
    assert_eq!(paged, all);
    env.run(["event", "list", "--after", "nonsense"]).exits(2);
}

#[test]
fn filters_narrow_what_is_listed() {
    let env = recorded();
    let listed = |arguments: &[&str]| {
        let all = [&["event", "list", "--format", "jsonl"], arguments].concat();
        env.run(all).exits(0).records()
    };
    let adopted = listed(&["--kind", "identity.adopted"]);
    assert_eq!(kinds(&adopted), ["identity.adopted"; 3]);
    assert_eq!(adopted[0]["details"]["why"], "hers");
    let two = listed(&["--kind", "identity.adopted", "--kind", "identity.discovered"]);
    assert_eq!(two.len(), 6);
    let id = adopted[0]["identity"].as_str().unwrap();
    for name in [id, &id[..12]] {
        let of_one = listed(&["--identity", name]);
        assert!(of_one.iter().all(|event| event["identity"] == id), "{of_one:?}");
        assert!(kinds(&of_one).contains(&"identity.adopted"));
    }
    let actor = adopted[0]["actor"].as_str().unwrap();
    assert_eq!(listed(&["--actor", actor]).len(), listed(&[]).len());
    assert!(listed(&["--actor", "somebody else"]).is_empty());
    let at = adopted[0]["at"].as_str().unwrap();
    assert_eq!(listed(&["--since", at]).len() + listed(&["--until", at]).len(), listed(&[]).len());
    assert!(listed(&["--until", "2020-01-01"]).is_empty());
    env.run(["event", "list", "--kind", "nonsense"]).exits(2);
    env.run(["event", "list", "--since", "yesterday"]).exits(2);
    env.run(["event", "list", "--identity", "nobody"]).exits(1);
}

#[test]
fn a_person_reads_what_happened() {
    let env = recorded();
    let text = env.run(["event", "list"]).exits(0).stdout();
    assert!(text.contains("identity.adopted") && text.contains("why: hers"), "{text}");
    let file = env.path("events.txt");
    env.run(["event", "list", "-o", "events.txt"]).exits(0);
    assert_eq!(std::fs::read_to_string(file).unwrap(), text);
}
