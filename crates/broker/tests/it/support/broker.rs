//! A broker with a lease.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bearhug_broker::{Book, Broker, Clock, Durability, Journal, Settings, Upstream};
use bearhug_core::{
    Kind, Token,
    lease::{Lease, LeaseValue, Terms},
    lending::{Keeper, Permit},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Connection;

struct OneToken(Arc<Token>);

impl Keeper for OneToken {
    fn open(&self, permit: &Permit) -> Result<Arc<Token>, String> {
        if permit.entry() == "main" { Ok(Arc::clone(&self.0)) } else { Err("there is none".into()) }
    }
}

/// A broker, and a lease that lets its holder write `acme/m`.
pub(crate) struct Lab {
    pub(crate) host: String,
    pub(crate) book: Arc<Book>,
    pub(crate) lease: Lease,
    pub(crate) value: String,
    pub(crate) journal: PathBuf,
    later: Arc<AtomicI64>,
    pub(crate) stop: CancellationToken,
    _folder: TempDir,
}

/// The value and the record of a lease with some terms, good for an hour.
pub(crate) fn holder(terms: Terms) -> (String, Lease) {
    let value = LeaseValue::generate(rand::random::<u64>);
    let now = Timestamp::now();
    let lease = Lease {
        id: value.id(),
        workload: "train".into(),
        account: None,
        entry: "main".into(),
        parent: None,
        terms,
        reason: None,
        created_at: now,
        expires_at: now + SignedDuration::from_hours(1),
        revoked: None,
    };
    #[expect(clippy::disallowed_methods, reason = "a lease of this test's own")]
    let value = value.expose_secret().to_owned();
    (value, lease)
}

pub(crate) fn terms(scope: &[&str]) -> Terms {
    Terms {
        scope: scope.iter().map(|text| text.parse().expect("what this test wrote")).collect(),
        ..Terms::default()
    }
}

impl Lab {
    pub(crate) async fn new(upstream: &str) -> Self {
        Self::with(upstream, &super::token(), terms(&["write:acme/m"])).await
    }

    pub(crate) async fn with(upstream: &str, token: &str, terms: Terms) -> Self {
        let folder = TempDir::new().expect("a folder");
        let journal = folder.path().join("journal");
        let later = Arc::new(AtomicI64::new(0));
        let shift = Arc::clone(&later);
        let clock = Clock::new(move || {
            Timestamp::now() + SignedDuration::from_secs(shift.load(Ordering::SeqCst))
        });
        let book = Arc::new(Book::new(Arc::new(clock)));
        let (value, lease) = holder(terms);
        book.insert(lease.clone()).expect("a new lease");
        let keeper = OneToken(Arc::new(Token::new(Kind::UserToken, token.to_owned())));
        let mut settings = Settings::new(Upstream::new(upstream).expect("an address"));
        settings.head = Duration::from_millis(300);
        settings.idle = Duration::from_secs(2);
        let written = Journal::open(&journal, Durability::Kernel).expect("a journal");
        let broker = Broker::new(settings, Arc::new(keeper), Arc::clone(&book), written)
            .expect("certificates");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let stop = CancellationToken::new();
        tokio::spawn(Arc::new(broker).serve(listener, stop.clone()));
        Self { host, book, lease, value, journal, later, stop, _folder: folder }
    }

    /// Lets the wall clock jump.
    pub(crate) fn jump(&self, seconds: i64) {
        self.later.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection::open(&self.host).await
    }

    /// The head of a request with the lease, up to where more headers may follow.
    pub(crate) fn head(&self, line: &str) -> String {
        format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n",
            self.host, self.value
        )
    }

    /// What the journal holds.
    pub(crate) fn written(&self) -> String {
        std::fs::read_to_string(&self.journal).expect("a file")
    }

    /// Waits until the journal holds a text: nobody else waits for how requests end.
    pub(crate) async fn until_written(&self, text: &str) {
        let is_there = async {
            while !self.written().contains(text) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), is_there).await.expect("it is written");
    }
}
