//! What holds of any path and any body.

use bearhug_broker::routes::Route;
use proptest::prelude::*;

use crate::support::{Request, push};

/// Paths made of what the table knows, and of what could lead elsewhere.
fn a_path() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "api",
        "models",
        "datasets",
        "spaces",
        "buckets",
        "acme",
        "m",
        "gpt2",
        "tree",
        "main",
        "resolve",
        "raw",
        "commit",
        "branch",
        "xet-write-token",
        "resolve-cache",
        "info",
        "refs",
        "a.txt",
        "m.git",
        "..",
        ".",
        "%2e%2e",
        ".%2E",
        "%2e",
        "a%2F..%2Fb",
        "feat%2Fx",
        "%252e%252e",
        "",
        "...",
        "M",
        "ACME",
    ]);
    prop::collection::vec(part, 1..8).prop_map(|parts| format!("/{}", parts.join("/")))
}

fn a_method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])
}

/// What the head of a request needs, if it is not refused.
fn head(line: &str) -> Option<Vec<String>> {
    let route = Request::new(line, Some("application/x-ndjson"), b"").route(false);
    let (Route::Known(operation) | Route::Passing(operation, _)) = route else { return None };
    Some(operation.needs.iter().chain(&operation.partly).map(ToString::to_string).collect())
}

/// A commit or a batch, right or wrong.
fn a_body() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        r#"{"key":"header","value":{"summary":"x"}}"#,
        r#"{"key":"file","value":{"content":"QUJD","path":"a/b","encoding":"base64"}}"#,
        r#"{"key":"file","value":{"path":"a","oldPath":"b"}}"#,
        r#"{"value":{"path":"\u00e9\"\\"},"key":"deletedFile"}"#,
        r#"{"key":"deletedFolder","value":{"path":"x/"}}"#,
        r#"{"key":"deletedEntry","value":{"path":"x","n":[1,{"path":"y"}]}}"#,
        "{\"key\":",
        "\n",
        "\n",
        "\n",
        "\r",
        " ",
        "}",
        "\"",
        "\\",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_path_with_dots_is_known(method in a_method(), path in a_path()) {
        let plain = path.to_lowercase().replace("%2e", ".").replace("%2f", "/");
        let has_dots = plain.split('/').any(|part| matches!(part, "." | ".." | "..."));
        let is_known = head(&format!("{method} {path}")).is_some();
        prop_assert!(!(has_dots && is_known), "{path}");
    }

    /// Whatever a server makes of the escapes, it is about what was decided about.
    #[test]
    fn escapes_do_not_change_what_is_meant(method in a_method(), path in a_path(), at in any::<prop::sample::Index>()) {
        let at = at.index(path.len());
        let byte = path.as_bytes()[at];
        let escaped = format!("{}%{byte:02x}{}", &path[..at], &path[at + 1..]);
        let given = head(&format!("{method} {path}"));
        if let Some(needs) = head(&format!("{method} {escaped}")) && let Some(given) = given {
            prop_assert_eq!(needs, given, "{} and {}", path, escaped);
        }
    }

    #[test]
    fn case_does_not_change_what_is_needed(path in a_path()) {
        let upper = path.replace("/acme/m", "/ACME/M");
        let needs = |path: &str| head(&format!("GET {path}")).map(|needs| needs.join(" ").to_lowercase());
        prop_assert_eq!(needs(&path), needs(&upper));
    }

    #[test]
    fn pieces_of_a_body_need_what_the_whole_does(body in a_body(), piece in 1usize..40) {
        let line = "POST /api/models/acme/m/commit/main";
        let request = Request::new(line, Some("application/x-ndjson"), body.as_bytes());
        prop_assert_eq!(request.operations(piece), request.operations(1 << 20));
    }

    /// Compared with another reader of JSON: what is let through are lines of objects, and what they name
    /// is what it reads.
    #[test]
    fn lines_are_read_as_others_read_them(body in a_body()) {
        let line = "POST /api/models/acme/m/commit/main";
        let request = Request::new(line, Some("application/x-ndjson"), body.as_bytes());
        let Ok(operations) = request.operations(3) else { return Ok(()) };
        let mut expected = Vec::new();
        for line in body.lines().filter(|line| !line.trim().is_empty()) {
            let value: serde_json::Value = serde_json::from_str(line).expect("an object");
            let path = value["value"]["path"].as_str().unwrap_or_default();
            let old = value["value"]["oldPath"].as_str();
            match value["key"].as_str().expect("a key") {
                "header" => {}
                "file" => {
                    expected.push(format!("write:acme/m@main,paths={path},no-delete"));
                    expected.extend(old.map(|old| format!("write:acme/m@main,paths={old}")));
                }
                "deletedFile" => expected.push(format!("write:acme/m@main,paths={path}")),
                "deletedFolder" => expected.push(format!("write:acme/m@main,paths={path}**")),
                _ => {
                    expected.push(format!("write:acme/m@main,paths={path}"));
                    expected.push(format!("write:acme/m@main,paths={path}/**"));
                }
            }
        }
        let needs: Vec<_> = operations[1].needs.iter().map(ToString::to_string).collect();
        prop_assert_eq!(needs, expected);
    }

    #[test]
    fn pieces_of_a_push_need_what_the_whole_does(
        commands in prop::collection::vec((prop::sample::select(vec!["make", "move", "drop"]), "refs/(heads|tags|pr)/[a-z]{1,9}"), 0..6),
        cut in 0usize..600,
        piece in 1usize..90,
    ) {
        let commands: Vec<_> = commands.iter().map(|(what, name)| (*what, name.as_str())).collect();
        let mut body = push(&commands);
        body.truncate(cut.max(1));
        let content_type = Some("application/x-git-receive-pack-request");
        let request = Request::new("POST /acme/m/git-receive-pack", content_type, &body);
        prop_assert_eq!(request.operations(piece), request.operations(1 << 20));
    }
}
