//! `data/policy.txt`: what leases allow of what clients do.

use crate::support::{Request, lease, push};

const TABLE: &str = include_str!("../data/policy.txt");

#[test]
fn leases_allow_what_the_table_says() {
    let (mut rows, mut wrong) = (0, Vec::new());
    let mut request = Request::default();
    let mut commands = Vec::new();
    for (number, line) in TABLE.lines().enumerate() {
        let (mark, text) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match mark {
            "" | "#" => {}
            ":" => request.content_type = Some(text.to_owned()),
            ">" => request.body.extend_from_slice(format!("{text}\n").as_bytes()),
            "!" => commands.push(text.split_once(' ').expect("a command and a ref")),
            "+" | "-" => {
                rows += 1;
                let mut request = request.clone();
                if !commands.is_empty() {
                    request.body = push(&commands);
                } else if request.line.ends_with("git-receive-pack") {
                    request.body = request.body.trim_ascii().to_owned();
                }
                let decided = request.decide(&lease(text));
                if decided.is_ok() != (mark == "+") {
                    wrong.push(format!(
                        "line {}: {} {line}: {decided:?}",
                        number + 1,
                        request.line
                    ));
                }
            }
            _ => {
                request = Request::new(line, None, b"");
                commands.clear();
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows >= 150, "{rows} rows");
}
