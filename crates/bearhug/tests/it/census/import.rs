//! `bearhug token import`.

use bearhug_localhub::TokenSpec;
use serde_json::Value;

use super::stage::Stage;
use crate::support::{Forge, Outcome, fingerprint};

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap()
}

#[test]
fn a_table_is_taken_in_whole_and_once() {
    let stage = Stage::new();
    let mut forge = Forge::new(61);
    let (one, two) = (forge.token(), forge.token());
    let table = format!(
        "value,fingerprint,name,owner,environment,criticality,tags,resource\r\n\
         {one},,ci,ml-platform,production,high,nightly;upload,acme/model\r\n\
         ,{},train,,notebook,,,\r\n",
        fingerprint(&two)
    );
    stage.env.write("table.csv", table);
    let import = |more: &[&str]| {
        let arguments = [&["token", "import", "table.csv", "--format", "json"], more].concat();
        json(&stage.env.run(arguments).exits(0))
    };
    let told = import(&["--dry-run"]);
    assert_eq!((told["new"].as_u64(), &told["written"]), (Some(2), &Value::Bool(false)));
    let told = import(&[]);
    assert_eq!((told["new"].as_u64(), &told["written"]), (Some(2), &Value::Bool(true)));
    assert_eq!(told["lines"][1]["line"], 3);
    let stored = stage.ledger();
    let of = |value: &str| {
        let fingerprint = fingerprint(value);
        let is_it = |one: &&Value| one["versions"][0]["fingerprint"] == fingerprint;
        stored.identities.iter().find(is_it).unwrap()
    };
    assert_eq!(of(&one)["state"], "adopted");
    assert_eq!(of(&one)["ownership"]["owner"], "ml-platform");
    assert_eq!(of(&one)["purpose"]["criticality"], "high");
    assert_eq!(of(&one)["versions"][0]["last4"], one[one.len() - 4..]);
    assert_eq!(of(&two)["state"], "discovered");
    assert!(of(&two)["assessment"]["risk"].as_u64().unwrap() > 0);
    let owners = stage.env.run(["owner", "list"]).exits(0).stdout();
    assert!(owners.contains("ml-platform"), "{owners}");
    assert_eq!(import(&[])["unchanged"], 2);
    assert_eq!(stage.ledger(), stored);
}

#[test]
fn nothing_is_written_unless_all_lines_are_right() {
    let stage = Stage::new();
    let token = Forge::new(62).token();
    let table = format!("value,last4,name\n{token},,ci\n,Ab3x,nobody has it\nhf_short,,x\n");
    stage.env.write("table.csv", &table);
    let run = |more: &[&str]| stage.env.run([&["token", "import", "table.csv"], more].concat());
    let outcome = run(&[]).exits(1);
    let words = outcome.stdout();
    for part in ["line 3: nothing on record ends so", "line 4: `value` is no token", "NOTHING"] {
        assert!(words.contains(part), "{part}\n{outcome}");
    }
    assert!(stage.ledger().identities.is_empty());
    let told = json(&run(&["--partial", "--format", "json"]).exits(6));
    assert_eq!((told["new"].as_u64(), told["wrong"].as_array().unwrap().len()), (Some(1), 2));
    assert_eq!(stage.ledger().identities.len(), 1);
    let outcome = stage.env.feed(b"last4,ownr\n", &["token", "import", "-"]).exits(2);
    assert!(outcome.stderr().contains("did you mean `owner`?"), "{outcome}");
    stage.env.run(["token", "import", "absent.csv"]).exits(1);
}

#[test]
fn tables_that_are_taken_in_at_once_all_are() {
    let stage = Stage::new();
    let values = Forge::new(63).tokens(300);
    let imports: Vec<_> = ["ada", "bob", "carol"]
        .into_iter()
        .map(|owner| {
            let lines = values.iter().map(|value| format!("{value},{owner}\n"));
            stage.env.write(
                format!("{owner}.csv"),
                format!("value,backup\n{}", lines.collect::<String>()),
            );
            let mut command = stage.env.bearhug();
            command.args(["token", "import", &format!("{owner}.csv")]);
            std::thread::spawn(move || Outcome::of(command))
        })
        .collect();
    for import in imports {
        import.join().unwrap().exits(0);
    }
    assert_eq!(stage.ledger().identities.len(), 300);
}

#[test]
fn a_table_says_more_of_what_a_census_took_in() {
    let stage = Stage::new();
    let bob = stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    stage.census(&["--adopt"]);
    let last4 = &bob.value[bob.value.len() - 4..];
    let table = format!("hub_id,last4,account,owner\n{},,,bob\n,{last4},bob,carol\n", bob.id);
    let outcome = stage.env.feed(table.as_bytes(), &["token", "import", "-"]).exits(1);
    assert!(outcome.stdout().contains("line 2 is about the same token"), "{outcome}");
    let table = format!("last4,account,owner\n{last4},bob,carol\n");
    stage.env.feed(table.as_bytes(), &["token", "import", "-"]).exits(0);
    let stored = stage.ledger();
    assert_eq!(stored.listed_as(&bob.id)["ownership"]["owner"], "carol");
    assert_eq!(stored.identities.len(), 2);
}
