//! `POST /api/validate-yaml`: what the Hub has to say about the head of a README.

use axum::body::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::call::{Answer, answer, json};

#[derive(Debug, Deserialize)]
struct Card {
    content: String,
}

/// Says whether there is metadata, and whether it has an end. Its fields are not judged.
pub(crate) async fn validate(body: Body) -> Answer {
    let Card { content } = json(body).await?;
    let message = |text: &str| vec![json!({ "message": text })];
    let (errors, warnings): (Vec<Value>, Vec<Value>) = match metadata(&content) {
        Metadata::Whole => (vec![], vec![]),
        Metadata::Open => (message("The metadata has no end"), vec![]),
        Metadata::None => (vec![], message("empty or missing yaml metadata in repo card")),
    };
    answer(json!({ "errors": errors, "warnings": warnings }))
}

#[derive(Debug, PartialEq, Eq)]
enum Metadata {
    Whole,
    Open,
    None,
}

/// Metadata stands between two lines of three dashes, of which the first is the first line.
fn metadata(content: &str) -> Metadata {
    let mut lines = content.lines().map(str::trim_end);
    if lines.next() != Some("---") {
        return Metadata::None;
    }
    let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "---").collect();
    let has_end = content.lines().skip(1).any(|line| line.trim_end() == "---");
    match (has_end, body.iter().all(|line| line.trim().is_empty())) {
        (false, _) => Metadata::Open,
        (true, true) => Metadata::None,
        (true, false) => Metadata::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_found_at_the_start_only() {
        assert_eq!(metadata("---\nlicense: mit\n---\n# A model\n"), Metadata::Whole);
        assert_eq!(metadata("---\nlicense: mit\n# A model\n"), Metadata::Open);
        assert_eq!(metadata("---\n\n---\n"), Metadata::None);
        assert_eq!(metadata("# A model\n---\nlicense: mit\n---\n"), Metadata::None);
    }
}
