//! How a sighting's place is said to a person, on a terminal and on a page alike.

use bearhug_core::{Origin, Sighting, Step};

use crate::sanitize::visible;

/// A sighting in words, harmless to show.
pub(crate) struct Place {
    /// `path:line:column`, which editors open, or the next best.
    pub(crate) location: String,
    /// What has to be undone or looked at to see it there: `via base64`, `staged`.
    pub(crate) manner: Option<String>,
    /// The commit, its date and its author.
    pub(crate) commit: Option<String>,
    /// The line it stands on.
    pub(crate) context: Option<String>,
}

impl Place {
    pub(crate) fn of(sighting: &Sighting) -> Self {
        Self {
            location: location(sighting),
            manner: manner(&sighting.origin.steps),
            commit: sighting.commit.as_ref().map(|commit| {
                let words =
                    [start(&commit.id, 12), start(&commit.date, 10), &commit.author].map(visible);
                format!("commit {}", words.join("  "))
            }),
            context: sighting
                .context
                .as_ref()
                .map(|line| visible(&line.trim().replace('\t', " ")).into_owned())
                .filter(|line| !line.is_empty()),
        }
    }
}

/// The first characters, or all of a text that is not as expected.
fn start(text: &str, n: usize) -> &str {
    text.get(..n).unwrap_or(text)
}

/// Whether the token stands in a name and not in what the name is of.
pub(crate) fn in_name(sighting: &Sighting) -> bool {
    sighting.origin.steps.contains(&Step::Name)
}

fn location(sighting: &Sighting) -> String {
    let path = way(&sighting.origin);
    match (sighting.line, sighting.column) {
        _ if in_name(sighting) => format!("{path} (in its name)"),
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
        (Some(line), None) => format!("{path}:{line}"),
        (None, _) => format!("{path} @ offset {}", sighting.offset),
    }
}

/// The path and the names of the parts within, as `image.tar › layer 3 › etc/passwd`.
pub(crate) fn way(origin: &Origin) -> String {
    let mut way = visible(&origin.path).into_owned();
    for step in &origin.steps {
        match step {
            Step::Part(_, name) => way.extend([" › ", &visible(name)]),
            Step::Offset(at) => way.extend([" › offset ", &at.to_string()]),
            _ => {}
        }
    }
    way
}

fn manner(steps: &[Step]) -> Option<String> {
    let words: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Staged(_) => Some("staged".to_owned()),
            Step::Unpacked(container) => Some(format!("via {container}")),
            Step::Decoded(encoding) => Some(format!("via {encoding}")),
            _ => None,
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use bearhug_core::Encoding;

    use super::*;

    fn sighting(steps: Vec<Step>) -> Sighting {
        Sighting {
            origin: Origin { path: "a\nb".to_owned(), steps },
            line: None,
            column: None,
            offset: 4096,
            context: None,
            commit: None,
        }
    }

    #[test]
    fn a_place_without_lines_is_an_offset_and_a_name_is_a_name() {
        let plain = sighting(vec![Step::File("a\nb".to_owned())]);
        assert_eq!(location(&plain), r"a\nb @ offset 4096");
        let line = Sighting { line: Some(7), ..plain };
        assert_eq!(location(&line), r"a\nb:7");
        assert_eq!(location(&Sighting { column: Some(3), ..line }), r"a\nb:7:3");
        assert_eq!(location(&sighting(vec![Step::Name])), r"a\nb (in its name)");
    }

    #[test]
    fn the_way_to_see_it_lists_the_decodings_from_the_outside_in() {
        let file = Step::File("a".to_owned());
        let steps = [Encoding::Base64, Encoding::Escapes].map(Step::Decoded);
        assert_eq!(manner(std::slice::from_ref(&file)), None);
        assert_eq!(manner(&[&[file], &steps[..]].concat()).unwrap(), "via base64, via escapes");
        let staged = Step::Staged("a".to_owned());
        assert_eq!(manner(&[staged, steps[0].clone()]).unwrap(), "staged, via base64");
    }
}
