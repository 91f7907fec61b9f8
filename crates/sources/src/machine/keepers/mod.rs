//! Programs that keep credentials and give them to whoever asks: git's helpers and the keyring. They
//! may have to be unlocked, which is why they are asked with the user's consent and in no other case.
//!
//! They are asked by the programs made for it, without a shell. What these say is searched and
//! neither kept nor repeated, complaints included.

mod git;
mod host;
mod keyring;
mod program;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Name, Origin, Sink, Source, Step, Storage};
use memchr::memmem;
use zeroize::Zeroizing;

use super::{Machine, paths};
pub use git::GIT_HELPER;
pub use host::Host;
pub use keyring::{KEYCHAIN, SECRET_SERVICE};
use program::{Answer, LIMIT, Silence};

/// How long a keeper may take: a person may have to type a password.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Where keyrings lie: those of GNOME Keyring and of `KWallet`.
const KEYRINGS: [&str; 2] = ["$XDG_DATA_HOME/keyrings/*.keyring", "$XDG_DATA_HOME/kwalletd/*.kwl"];

/// What the session of a user offers. Nothing here asks the environment.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// The folders that hold programs.
    pub programs: Vec<PathBuf>,
    /// Whether there is a session bus, over which a Secret Service is asked.
    pub has_bus: bool,
    /// A host that tokens are kept for beside those of the Hub.
    pub host: Option<Host>,
}

/// Everything that a computer's keepers are to be asked.
#[derive(Debug)]
pub struct Keepers {
    questions: Vec<Question>,
    unasked: Option<&'static str>,
    has_keyrings: bool,
    folder: PathBuf,
    patience: Duration,
}

/// What one keeper is asked.
#[derive(Debug)]
struct Question {
    storage: &'static Storage,
    /// What for, in words.
    asked: String,
    /// The program and what it is started with: never a secret.
    arguments: Vec<String>,
    environment: &'static [(&'static str, &'static str)],
    input: String,
    /// What it says on its standard error if it keeps nothing, or says why that is.
    nothing: &'static [&'static str],
    /// How a line of its standard error starts that is a complaint even if it ends well.
    complaint: Option<&'static str>,
}

impl Keepers {
    /// The keepers of a computer. `patience` is what one may take for one answer.
    pub fn of(machine: &Machine, session: &Session, patience: Duration) -> Self {
        let hosts = Host::all(session.host.as_ref());
        let mut questions = git::questions(&hosts);
        let is_there = |pattern: &&str| !paths::expand(pattern, machine).paths.is_empty();
        let has_keyrings = KEYRINGS.iter().any(is_there);
        let mut unasked = None;
        if cfg!(target_os = "macos") {
            questions.extend(keyring::of_keychain(&hosts));
        } else {
            unasked = session.lack();
            if unasked.is_none() {
                questions.extend(keyring::of_secret_service(&hosts, has_keyrings));
            }
        }
        // The root is no repository whose configuration could name a program to run, as the folder
        // that is searched may be.
        Self { questions, unasked, has_keyrings, folder: machine.root.clone(), patience }
    }

    /// Why the keyring is not asked although nothing is missed: there seems to be none. Where there
    /// is one, it is a gap.
    pub fn note(&self) -> Option<&'static str> {
        self.unasked.filter(|_| !self.has_keyrings)
    }
}

impl Session {
    /// What it lacks for a Secret Service to be asked.
    fn lack(&self) -> Option<&'static str> {
        let is_file = |folder: &PathBuf| folder.join(keyring::SECRET_TOOL).is_file();
        if !self.programs.iter().any(is_file) {
            Some("`secret-tool`, which asks it, is not installed (Debian: libsecret-tools)")
        } else if !self.has_bus {
            Some("there is no session bus to ask it over")
        } else {
            None
        }
    }
}

impl Source for Keepers {
    fn walk(&self, sink: &dyn Sink) {
        let mut asking = Asking { sink, told: Vec::new(), gaps: BTreeSet::new() };
        if let Some(why) = self.unasked.filter(|_| self.has_keyrings) {
            asking.gap(origin(&SECRET_SERVICE, None), why.to_owned());
        }
        let mut silent = BTreeSet::new();
        for question in &self.questions {
            if sink.flow() == Flow::Stop {
                return;
            }
            if silent.contains(question.storage) {
                continue;
            }
            let mut command = question.command(&self.folder);
            match program::ask(&mut command, question.input.as_bytes(), self.patience, sink) {
                Ok(answer) => asking.hear(question, &answer),
                Err(Silence::Stopped) => return,
                // It would make the user wait once more for every question.
                Err(silence) => {
                    silent.insert(question.storage);
                    asking.missed(question, &silence, self.patience);
                }
            }
        }
    }
}

impl Question {
    fn command(&self, folder: &Path) -> Command {
        let (program, arguments) =
            self.arguments.split_first().map_or(("", &[][..]), |(p, rest)| (p.as_str(), rest));
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment.iter().copied()).current_dir(folder);
        command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
        command
    }

    /// Why an answer is not all there is, if it is not.
    fn lack(&self, answer: &Answer) -> Option<String> {
        if answer.out.is_cut || answer.err.is_cut {
            return Some(format!("it says more than {LIMIT} bytes, of which the rest is unread"));
        }
        let Some(code) = answer.code else { return Some("a signal ended it".to_owned()) };
        let said: Zeroizing<_> = String::from_utf8_lossy(&answer.err.bytes).into_owned().into();
        let is_complaint = |line: &str| {
            let is_known = self.nothing.iter().any(|words| line.contains(words));
            let is_marked = self.complaint.is_some_and(|start| line.starts_with(start));
            !is_known && !line.trim().is_empty() && (code != 0 || is_marked)
        };
        let is_whole = !said.lines().any(is_complaint);
        (!is_whole).then(|| {
            let what = if code == 0 { "holds something back" } else { "failed" };
            format!(
                "it {what}, maybe for want of being unlocked; its words are not repeated, since \
                 they may hold a secret"
            )
        })
    }
}

fn origin(storage: &'static Storage, asked: Option<String>) -> Origin {
    let mut steps = vec![Step::Machine { storage, mode: None }];
    let mut path = storage.title.to_owned();
    if let Some(asked) = asked {
        path = format!("{path} for {asked}");
        steps.push(Step::Asked(asked));
    }
    Origin { path, steps }
}

/// Who is told, and what they know already.
struct Asking<'a> {
    sink: &'a dyn Sink,
    /// What was delivered. Questions overlap, and their answers with them.
    told: Vec<Zeroizing<Vec<u8>>>,
    gaps: BTreeSet<Gap>,
}

impl Asking<'_> {
    fn hear(&mut self, question: &Question, answer: &Answer) {
        let origin = self.origin(question);
        let said = [&answer.out.bytes, &answer.err.bytes];
        for item in said.into_iter().flat_map(|said| items(said)) {
            if !self.told.iter().any(|told| told[..] == *item) {
                self.told.push(Zeroizing::new(item.to_vec()));
                drop(self.sink.blob(&Blob::whole(&origin, item)));
                self.sink.done();
            }
        }
        if let Some(why) = question.lack(answer) {
            self.gap(origin, why);
        }
    }

    fn missed(&mut self, question: &Question, silence: &Silence, patience: Duration) {
        let why = match silence {
            // Nothing that is not installed keeps anything.
            Silence::NotInstalled | Silence::Stopped => return,
            Silence::Failed(error) => format!("it cannot be asked: {error}"),
            Silence::TimedOut => format!(
                "no answer within {} s, maybe for want of being unlocked; it is not asked again",
                patience.as_secs()
            ),
        };
        self.gap(self.origin(question), why);
    }

    /// A host comes from the environment, and its name might be a token.
    fn origin(&self, question: &Question) -> Origin {
        let path = question.asked.as_str();
        let printable = self.sink.name(Name { within: None, path, own_from: path.len() });
        origin(question.storage, Some(printable))
    }

    fn gap(&mut self, origin: Origin, why: String) {
        let gap = Gap { origin, reason: GapReason::Unreadable(why) };
        if self.gaps.insert(gap.clone()) {
            self.sink.gap(gap);
        }
    }
}

/// The items of an answer. `secret-tool` starts each with a line that has its path in brackets.
fn items(said: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inner = memmem::find_iter(said, b"\n[/").map(|at| at + 1);
    let mut start = 0;
    inner
        .chain([said.len()])
        .map(move |end| {
            let item = said.get(start..end).unwrap_or_default();
            start = end;
            item
        })
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keepers_have_words_and_stand_in_the_list_for_people() {
        let list = include_str!("../../../../../docs/machine.md");
        for storage in [GIT_HELPER, SECRET_SERVICE, KEYCHAIN] {
            assert!(list.contains(&format!("\n| {} | `", storage.title)), "{}", storage.name);
            assert!(storage.advice.ends_with('.') && !storage.advice.contains("  "), "{storage:?}");
        }
    }

    #[test]
    fn a_keeper_is_not_asked_again_once_it_has_hung() {
        let mut questions = git::questions(&Host::all(None));
        for question in &mut questions {
            question.arguments = ["sleep", "999"].map(str::to_owned).to_vec();
        }
        let count = questions.len();
        let patience = Duration::from_millis(200);
        let folder = PathBuf::from("/");
        let keepers = Keepers { questions, unasked: None, has_keyrings: false, folder, patience };
        let gaps = Gaps::default();
        let started = std::time::Instant::now();
        keepers.walk(&gaps);
        assert!(count == 4 && started.elapsed() < Duration::from_secs(10));
        let gaps = gaps.0.into_inner().unwrap();
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!(gaps[0].origin.path, "git credential helper for huggingface.co");
    }

    /// Collects gaps.
    #[derive(Default)]
    struct Gaps(std::sync::Mutex<Vec<Gap>>);

    impl Sink for Gaps {
        fn name(&self, name: Name<'_>) -> String {
            name.path.to_owned()
        }

        fn blob(&self, _: &Blob<'_>) -> Vec<bearhug_core::Lead> {
            Vec::new()
        }

        fn done(&self) {}

        fn gap(&self, gap: Gap) {
            self.0.lock().unwrap().push(gap);
        }

        fn flow(&self) -> Flow {
            Flow::Continue
        }
    }

    #[test]
    fn items_start_with_a_path_in_brackets() {
        let said = b"[/1]\nsecret = a\n[b]\n[/2]\nsecret = c\n";
        let found: Vec<_> = items(said).collect();
        assert_eq!(found, [&b"[/1]\nsecret = a\n[b]\n"[..], b"[/2]\nsecret = c\n"]);
        assert_eq!(items(b"password=x\n").count(), 1);
        assert_eq!(items(b"").count(), 0);
    }
}
