//! What is wrong with a file is told by its line and by what was probably meant.

use super::{repository, write_own};
use crate::support::TestEnvironment;

/// Texts that are no configuration, and what is said of each.
const MISTAKES: &[(&str, &str)] = &[
    ("[polciy]", "1: there is no `polciy`; did you mean `policy`?"),
    (
        "[policy]\nmax-age = 3",
        "2: there is no `policy.max-age`; did you mean `policy.max-age-days`?",
    ),
    (
        "policy.owner_required = true",
        "1: there is no `policy.owner_required`; did you mean `policy.owner-required`?",
    ),
    (
        "[policy]\nmode = 'enforced'",
        "2: `policy.mode` is one of `observe`, `warn`, `enforce`; did you mean `enforce`?",
    ),
    (
        "[policy.modes]\nmax-age = 'warn'",
        "2: there is no `policy.modes.max-age`; did you mean `policy.modes.max-age-days`?",
    ),
    (
        "[policy]\nforbidden-storage = [\n  'copied',\n  'sheared_file',\n]",
        "4: `policy.forbidden-storage` is one of",
    ),
    ("[policy]\nmax-age-days = '30'", "2: `policy.max-age-days`: this is text, and should be u32"),
    ("[policy]\nmax-age-days = -30", "2: `policy.max-age-days`: this should be u32"),
    (
        "[policy]\nowner-required = 1",
        "2: `policy.owner-required`: this is a whole number, and should be a boolean",
    ),
    ("[risk]\nscoop = 3", "2: there is no `risk.scoop`; did you mean `risk.scope`?"),
    ("[risk]\nscope = 70000", "2: `risk.scope`: this should be u16"),
    (
        "[scan]\nallow = ['fp_n3g4p6t6dvaewwyzvcznr3thlu']",
        "2: `scan.allow`: this is a list, and should be",
    ),
    ("[scan.allow]\nfp_1 = 'x'", "2: `scan.allow`: "),
    ("[scan.environments]\n'a[' = 'x'", "2: `scan.environments`: this is no pattern of paths"),
    ("[scan]\nalow.x = 'y'", "2: there is no `scan.alow`; did you mean `scan.allow`?"),
    ("a = 1\na = 2", "2: "),
    ("[policy\n", "1: "),
    ("policy = 7", "1: `policy`: this is a whole number, and should be"),
];

#[test]
fn a_mistake_is_told_by_its_place() {
    for (text, expected) in MISTAKES {
        let env = repository(text);
        for command in [&["config", "show"][..], &["scan", "."], &["policy", "show"]] {
            let outcome = env.run(command).exits(1);
            let told = outcome.stderr();
            assert!(outcome.out.is_empty(), "{outcome}");
            assert!(told.contains(&format!("bearhug.toml:{expected}")), "{text}: {told}");
            assert!(told.contains("\nhint: "), "{told}");
        }
        // The same in the user's own file.
        let env = TestEnvironment::new();
        write_own(&env, text);
        let told = env.run(["config", "show"]).exits(1).stderr();
        assert!(told.contains(expected), "{text}: {told}");
    }
}

/// A later word does not hide that an earlier one makes no sense.
#[test]
fn every_file_must_make_sense_by_itself() {
    let env = repository("[policy]\nmode = 'enforced'");
    write_own(&env, "[policy]\nmode = 'warn'");
    assert!(env.run(["config", "show"]).exits(1).stderr().contains("bearhug.toml:2"));
}

#[test]
fn an_empty_file_and_a_comment_are_configurations() {
    for text in ["", "\n", "# nothing\n", "[policy]\n", "\u{feff}# as Windows has it\n"] {
        repository(text).run(["config", "show"]).exits(0);
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let env = repository("");
    std::fs::write(env.path("bearhug.toml"), b"# \xff\n").unwrap();
    assert!(env.run(["scan", "."]).exits(1).stderr().contains("no UTF-8 text from byte 2 on"));
    env.write("bearhug.toml", vec![b'#'; (1 << 20) + 1]);
    assert!(env.run(["scan", "."]).exits(1).stderr().contains("larger than 1048576 bytes"));
    env.write("bearhug.toml", vec![b'#'; 1 << 20]);
    env.run(["scan", "."]).exits(0);
    for text in [
        "a.".repeat(400_000) + "a = 1",
        "[".repeat(900_000),
        "a = ".to_owned() + &"[".repeat(900_000),
    ] {
        env.write("bearhug.toml", text);
        env.run(["scan", "."]).exits(1);
    }
}
