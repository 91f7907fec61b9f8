//! How a sighting's place is said to a person, on a terminal and on a page alike.

use bearhug_core::{Commit, Origin, Reach, Sighting, Step};

use crate::sanitize::visible;

/// A sighting in words, harmless to show.
pub(crate) struct Place {
    /// `path:line:column`, which editors open, or the next best.
    pub(crate) location: String,
    /// What has to be undone or looked at to see it there: `via base64`, `staged`.
    pub(crate) manner: Option<String>,
    /// Who but its owner can read the file.
    pub(crate) access: Option<String>,
    /// The commit that brought it, the one that removed it, each with its date and its author, and
    /// what keeps it.
    pub(crate) history: Vec<String>,
    /// The line it stands on.
    pub(crate) context: Option<String>,
}

impl Place {
    pub(crate) fn of(sighting: &Sighting) -> Self {
        Self {
            location: location(sighting),
            manner: manner(&sighting.origin.steps),
            access: sighting.origin.storage().and_then(|(_, mode)| access(mode?)),
            history: in_history(sighting),
            context: sighting
                .context
                .as_ref()
                .map(|line| visible(&line.trim().replace('\t', " ")).into_owned())
                .filter(|line| !line.is_empty()),
        }
    }
}

/// The commit that brought it, the one that removed it, and what keeps it, if there is a doubt.
fn in_history(sighting: &Sighting) -> Vec<String> {
    let say = |verb: &str, commit: &Commit| {
        let words = [start(&commit.id, 12), start(&commit.date, 10), &commit.author].map(visible);
        format!("{verb} {}", words.join("  "))
    };
    let history = sighting.history.as_ref();
    let removed = history.and_then(|history| history.removed.as_ref());
    let is_seen_as_file = matches!(sighting.origin.steps.first(), Some(Step::File(_)));
    let kept = history.and_then(|history| match history.reach {
        Reach::Ref if history.checked_out && !is_seen_as_file => Some("still in HEAD"),
        Reach::Ref => None,
        Reach::Stash => Some("only in the stash"),
        Reach::Reflog => Some("only in a reflog"),
        Reach::Index => Some("staged, never committed"),
        Reach::Nothing => Some("nothing leads to it"),
    });
    let parts = [
        sighting.commit.as_ref().map(|commit| say("commit", commit)),
        removed.map(|commit| say("removed", commit)),
        kept.map(str::to_owned),
    ];
    parts.into_iter().flatten().collect()
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
    if let Some(process) = process(&sighting.origin.steps) {
        return process;
    }
    let path = way(&sighting.origin);
    if was_asked(&sighting.origin.steps) {
        return path;
    }
    match (sighting.line, sighting.column) {
        _ if in_name(sighting) => format!("{path} (in its name)"),
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
        (Some(line), None) => format!("{path}:{line}"),
        (None, _) => format!("{path} @ offset {}", sighting.offset),
    }
}

/// The path and the names of the parts within, as `image.tar › layer 3 › etc/passwd`.
pub(crate) fn way(origin: &Origin) -> String {
    let path = || visible(&origin.path).into_owned();
    let mut way = process(&origin.steps).unwrap_or_else(path);
    for step in &origin.steps {
        match step {
            Step::Part(_, name) => way.extend([" › ", &visible(name)]),
            Step::Offset(at) => way.extend([" › offset ", &at.to_string()]),
            _ => {}
        }
    }
    way
}

/// What of a process holds the token, where one does: `process 4711 (python train.py) environment,
/// HF_TOKEN`.
fn process(steps: &[Step]) -> Option<String> {
    let (id, command) = steps.iter().find_map(|step| match step {
        Step::Process { id, command } => Some((id, command)),
        _ => None,
    })?;
    let part = steps.iter().find_map(|step| match step {
        Step::Variable(name) => Some(format!("environment, {}", visible(name))),
        Step::Arguments => Some("arguments".to_owned()),
        _ => None,
    });
    Some(format!(
        "process {id} ({}) {}",
        visible(command),
        part.unwrap_or_else(|| "environment".to_owned())
    ))
}

/// Whether a program was asked, whose answer has no lines that anybody could look at.
fn was_asked(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Asked(_)))
}

/// Who can read a file of this mode but its owner, and how to keep them from it.
fn access(mode: u32) -> Option<String> {
    let who = match (mode & 0o040 != 0, mode & 0o004 != 0) {
        (_, true) => "everyone on this computer",
        (true, false) => "its group",
        (false, false) => return None,
    };
    Some(format!("mode {mode:04o}: {who} can read it; chmod 600 keeps it to you"))
}

fn manner(steps: &[Step]) -> Option<String> {
    // A process is said where a path would be, and so is a program that was asked.
    let is_process = steps.iter().any(|step| matches!(step, Step::Process { .. }));
    let is_said = is_process || was_asked(steps);
    let words: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Machine { storage, .. } if !is_said => Some(storage.title.to_owned()),
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
    use bearhug_core::{Encoding, Storage};

    use super::*;

    fn sighting(steps: Vec<Step>) -> Sighting {
        Sighting {
            origin: Origin { path: "a\nb".to_owned(), steps },
            line: None,
            column: None,
            offset: 4096,
            context: None,
            commit: None,
            history: None,
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

    const FILE: Storage = Storage { name: "file", title: "token file", advice: "Delete it." };

    #[test]
    fn a_place_of_this_computer_is_named_by_what_it_is() {
        let machine = Step::Machine { storage: &FILE, mode: Some(0o640) };
        let steps = vec![machine.clone(), Step::File("a".to_owned())];
        let place = Place::of(&sighting(steps));
        assert_eq!(place.manner.unwrap(), "token file");
        let words = "mode 0640: its group can read it; chmod 600 keeps it to you";
        assert_eq!(place.access.unwrap(), words);
        let process = Step::Process { id: 4711, command: "python\ttrain.py".to_owned() };
        let variable = Step::Variable("HF_TOKEN".to_owned());
        let place = Place::of(&sighting(vec![machine, process, variable]));
        assert_eq!(place.location, r"process 4711 (python\ttrain.py) environment, HF_TOKEN");
        assert_eq!(place.manner, None);
    }

    #[test]
    fn a_program_that_was_asked_is_named_by_what_for() {
        let machine = Step::Machine { storage: &FILE, mode: None };
        let asked = sighting(vec![machine, Step::Asked("hf.co".to_owned())]);
        let place = Place::of(&Sighting { line: Some(4), column: Some(10), ..asked });
        assert_eq!((place.location.as_str(), place.manner), (r"a\nb", None));
    }

    #[test]
    fn a_mode_is_said_if_others_can_read() {
        for mode in [0o600, 0o400, 0o700, 0o733, 0o000] {
            assert_eq!(access(mode), None, "{mode:o}");
        }
        for mode in [0o644, 0o604, 0o666] {
            assert!(access(mode).unwrap().contains("everyone"), "{mode:o}");
        }
    }
}
