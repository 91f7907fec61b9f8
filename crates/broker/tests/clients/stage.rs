//! A local Hub with two people, a broker before it, and a lease for each of them.

use std::{io::BufReader, path::PathBuf, process::Command, sync::Arc};

use bearhug_broker::{
    Book, Broker, Clock, Durability, Journal, Settings, Upstream,
    journal::{Record, Verdict, read},
};
use bearhug_core::{
    Kind, Token,
    lease::{Lease, LeaseId, LeaseValue, Terms},
    lending::{Keeper, Permit},
};
use bearhug_localhub::{Hub, Limits, Running, Sizes, TokenSpec, World};
use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use tokio::{net::TcpListener, runtime::Runtime};
use tokio_util::sync::CancellationToken;

use crate::recorder::Recorder;

/// The people, whose names are those of the vault's entries too.
const PEOPLE: [&str; 2] = ["alice", "bob"];

pub(crate) struct Stage {
    hub: Running,
    pub(crate) book: Arc<Book>,
    /// The wire to the broker, which clients take for the Hub.
    pub(crate) wire: Recorder,
    folder: tempfile::TempDir,
    /// The leases of alice, who has `alice/…`, and of bob.
    pub(crate) alice: String,
    pub(crate) bob: String,
    tokens: Vec<String>,
    _runtime: Runtime,
}

struct Vault(Vec<(&'static str, Arc<Token>)>);

impl Keeper for Vault {
    fn open(&self, permit: &Permit) -> Result<Arc<Token>, String> {
        let entry = self.0.iter().find(|(name, _)| *name == permit.entry());
        entry.map(|(_, token)| Arc::clone(token)).ok_or_else(|| "there is none".to_owned())
    }
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::start(None)
    }

    /// With a Hub that offers Xet. `./test` says where its store's program is.
    pub(crate) fn with_xet() -> Self {
        let program = std::env::var_os("BEARHUG_TEST_CAS_SERVER").expect("run ./test once");
        Self::start(Some(program.into()))
    }

    fn start(cas_server: Option<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("hub");
        std::fs::create_dir(&root).expect("a folder");
        let clock = bearhug_localhub::Clock::new(Timestamp::now);
        let settings = bearhug_localhub::Settings {
            cas_server,
            limits: Limits::generous(),
            ..bearhug_localhub::Settings::new(root, clock)
        };
        let hub = Hub::start(settings).expect("a hub");
        // Large files are sent in parts from sizes on that a test can afford.
        hub.world().set_sizes(Sizes { regular: 1 << 20, single: 1 << 20, part: 400_000 });
        let tokens = PEOPLE.map(|person| {
            hub.world().add_user(person);
            hub.world().issue(person, TokenSpec::write("full")).value
        });
        let book = Arc::new(Book::new(Arc::new(Clock::new(Timestamp::now))));
        let [alice, bob] = PEOPLE.map(|person| lease(&book, person, &["manage:*", "discuss:*"]));
        let entry = |(person, token): (_, &String)| {
            (person, Arc::new(Token::new(Kind::UserToken, token.clone())))
        };
        let vault = Vault(PEOPLE.into_iter().zip(&tokens).map(entry).collect());
        let journal = Journal::open(&folder.path().join("journal"), Durability::Kernel);
        let settings = Settings::new(Upstream::new(hub.endpoint()).expect("an address"));
        let runtime = Runtime::new().expect("a runtime");
        let address = runtime.block_on(async {
            let (vault, book) = (Arc::new(vault), Arc::clone(&book));
            let broker = Broker::new(settings, vault, book, journal.expect("a journal"));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("its address");
            let broker = Arc::new(broker.expect("a broker"));
            tokio::spawn(broker.serve(listener, CancellationToken::new()));
            address
        });
        let (wire, tokens) = (Recorder::start(address), tokens.to_vec());
        Self { hub, book, wire, folder, alice, bob, tokens, _runtime: runtime }
    }

    /// What the Hub knows.
    pub(crate) fn world(&self) -> &World {
        self.hub.world()
    }

    /// Where the Hub is, which no client is to hear of.
    pub(crate) fn hub_address(&self) -> &str {
        self.hub.endpoint()
    }

    /// Where its CDN is, to which they go by themselves.
    pub(crate) fn cdn_address(&self) -> &str {
        self.hub.cdn()
    }

    /// The token behind a person's leases.
    pub(crate) fn token(&self, person: &str) -> &str {
        let at = PEOPLE.iter().position(|name| *name == person).expect("a person");
        &self.tokens[at]
    }

    /// A folder for what is nobody's; it is gone afterwards.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// The settings of all clients.
    pub(crate) fn settle(&self, command: &mut Command) {
        command
            .env("HF_ENDPOINT", self.wire.endpoint())
            .env("HF_HOME", self.folder("home"))
            .env("HF_HUB_DISABLE_TELEMETRY", "1")
            .env("HF_HUB_DISABLE_PROGRESS_BARS", "1")
            .env("ALICE", &self.alice)
            .env("BOB", &self.bob);
    }

    /// Holds what happened to what must hold, whatever it was: no token went over the wire, and nobody went
    /// past the broker.
    pub(crate) fn assert_is_sound(&self) {
        assert!(self.wire.length() > 1_000, "nothing went over the wire");
        let forms = self.tokens.iter().flat_map(|token| {
            let pairs = [format!("user:{token}"), format!("any:{token}"), format!("{token}:")];
            pairs.map(|pair| BASE64.encode(pair.as_bytes())).into_iter().chain([token.clone()])
        });
        assert!(!self.wire.heard(&forms.collect::<Vec<_>>()), "a token came back");
        let passed = self.visits().len();
        assert_eq!(passed, self.forwarded(), "requests of the Hub, and those the journal has");
    }

    /// The requests that reached the Hub's own origin, and not its CDN's or its store's.
    fn visits(&self) -> Vec<String> {
        let visits = self.hub.world().requests();
        let is_own = |visit: &String| {
            let path = visit.split(' ').nth(1).unwrap_or_default();
            !["/_localhub", "/v1/", "/v2/", "/simulation/"]
                .iter()
                .any(|start| path.starts_with(start))
                && !path.contains("?x-id=")
        };
        visits.into_iter().filter(is_own).collect()
    }

    /// How many requests the journal says were sent on.
    fn forwarded(&self) -> usize {
        let journal = std::fs::File::open(self.folder.path().join("journal")).expect("a journal");
        let mut forwarded = 0;
        let read = read(BufReader::new(journal), |record| {
            if let Record::Decision(decision) = record {
                let is_own = decision.operation.as_deref() == Some("whoami");
                forwarded += usize::from(decision.verdict == Verdict::Allowed && !is_own);
            }
        });
        read.expect("a journal");
        forwarded
    }

    /// Another lease of a person's, and its name.
    pub(crate) fn lease(&self, person: &str, scope: &[&str]) -> (String, LeaseId) {
        let value = lease(&self.book, person, scope);
        let id = LeaseId::of(&value);
        (value, id)
    }
}

/// Makes a lease, and gives its value.
fn lease(book: &Book, person: &str, scope: &[&str]) -> String {
    let value = LeaseValue::generate(rand::random::<u64>);
    let now = Timestamp::now();
    let scope = scope.iter().map(|text| text.parse().expect("a scope")).collect();
    book.insert(Lease {
        id: value.id(),
        workload: person.to_owned(),
        account: None,
        entry: person.to_owned(),
        parent: None,
        terms: Terms { scope, ..Terms::default() },
        reason: None,
        created_at: now,
        expires_at: now + SignedDuration::from_hours(1),
        revoked: None,
    })
    .expect("a new lease");
    value.expose_secret().to_owned()
}

/// Runs a command, which shall succeed, and gives what it printed.
pub(crate) fn say(command: &mut Command) -> String {
    let output = command.output().expect("a program");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}\n{complained}");
    said
}
