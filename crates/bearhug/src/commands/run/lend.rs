//! A command that is given a lease.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Command,
    sync::Arc,
};

use bearhug_broker::{Book, Broker, Clock, Durability, Ending, Journal, Settings, Upstream};
use bearhug_core::{
    Token,
    lease::{Lease, LeaseId, LeaseValue, Terms},
    lending::{Keeper, Permit},
    scope::{Access, Action, Resource, Scope},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use tokio::{net::TcpListener, runtime::Runtime, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    environment::Changes,
    process::{self, Signals},
    record::{self, Ledgering, Tally},
};
use crate::{
    Exit,
    cli::{Global, Run},
    config,
    error::CommandError,
    words,
};

/// For how long the lease lives at most. It is in this process alone and ends with the command, which may
/// take weeks, and sleep meanwhile.
const TERM: SignedDuration = SignedDuration::from_hours(24 * 365);
/// How many threads move bytes. One is enough for a client, and two keep one slow file from the others.
const THREADS: usize = 2;

/// The token of one command, which is in no vault.
struct Pocket(Arc<Token>);

impl Keeper for Pocket {
    fn open(&self, _permit: &Permit) -> Result<Arc<Token>, String> {
        Ok(Arc::clone(&self.0))
    }
}

/// What is lent, and of whom.
pub(super) struct Loan {
    pub(super) token: Arc<Token>,
    /// The name of the token's account on the Hub, where that is known.
    pub(super) account: Option<String>,
    /// The address of the Hub.
    pub(super) hub: String,
}

/// Runs a command with a lease, beside a broker that ends with it.
pub(super) fn run(
    mut command: Command,
    mut changes: Changes,
    loan: Loan,
    (arguments, global): (&Run, &Global),
) -> Result<Exit, CommandError> {
    let journal = record::path(arguments.record.as_deref())?;
    let configured = config::load(global)?.ledger;
    let (value, lease) = lease(arguments, &command, loan.account.clone());
    let token = loan.token.fingerprint();
    let hub = loan.hub.clone();
    let lending = Lending::start(loan, lease.clone(), &journal)?;
    give(&mut changes, &hub, &lending.endpoint, &value);
    changes.apply(&mut command);
    if !global.quiet {
        words::say(&format!(
            "lending {} to {} until it ends ({})",
            lease.terms.scope,
            command.get_program().display(),
            lease.id.short(),
        ));
    }
    let signals = Signals::hold()?;
    let program = command.get_program().to_owned();
    let ended = command
        .spawn()
        .map_err(|error| process::unstarted(&program, error))
        .and_then(|child| process::attend(child, signals));
    let outliving = lending.end();
    let tally = record::close(
        &journal,
        &Ledgering {
            lease: &lease,
            token,
            which: &arguments.ledger,
            configured: configured.as_deref(),
            is_kept: arguments.record.is_some(),
        },
    );
    report(&tally, &outliving, global);
    Ok(Exit::Child(process::code(ended?)))
}

#[expect(clippy::disallowed_methods, reason = "the lease is what the command is to have")]
fn give(changes: &mut Changes, hub: &str, endpoint: &str, value: &LeaseValue) {
    changes.lend(hub, endpoint, value.expose_secret());
}

/// What the user allows: to read, unless something is said.
pub(super) fn scope(allow: &[Access]) -> Scope {
    if allow.is_empty() {
        return Scope::from_iter([Access::new(Action::Read, Resource::All(None))]);
    }
    allow.iter().cloned().collect()
}

fn lease(arguments: &Run, command: &Command, account: Option<String>) -> (LeaseValue, Lease) {
    let value = LeaseValue::generate(rand::random::<u64>);
    let now = Timestamp::now();
    let program = command.get_program().to_string_lossy();
    let workload = program.rsplit('/').next().unwrap_or("command").to_owned();
    let lease = Lease {
        id: value.id(),
        workload: words::safe(&workload),
        account,
        entry: "run".to_owned(),
        parent: None,
        terms: Terms {
            scope: scope(&arguments.allow),
            requests: arguments.requests.map(Into::into),
            bytes: arguments.bytes.map(Into::into),
            ..Terms::default()
        },
        reason: arguments.reason.clone(),
        created_at: now,
        expires_at: now.checked_add(TERM).unwrap_or(now),
        revoked: None,
    };
    (value, lease)
}

/// A broker for one lease.
struct Lending {
    endpoint: String,
    lease: LeaseId,
    book: Arc<Book>,
    runtime: Runtime,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Lending {
    fn start(loan: Loan, lease: Lease, journal: &Path) -> Result<Self, CommandError> {
        let failed = |error| CommandError::new("no broker can be started").because(error);
        let upstream = Upstream::new(&loan.hub).ok_or_else(|| {
            CommandError::new(format!("no broker can stand before `{}`", loan.hub))
                .hint("HF_ENDPOINT has to be a scheme and a host, such as https://huggingface.co")
                .usage()
        })?;
        let journal = Journal::open(journal, Durability::Kernel)
            .map_err(|error| CommandError::file("write", journal, error))?;
        let book = Arc::new(Book::new(Arc::new(Clock::new(Timestamp::now))));
        let id = lease.id;
        book.insert(lease)
            .map_err(|error| CommandError::new("no lease can be made").because(error))?;
        let keeper = Arc::new(Pocket(loan.token));
        let broker = Broker::new(Settings::new(upstream), keeper, Arc::clone(&book), journal);
        let broker = Arc::new(broker.map_err(failed)?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .enable_all()
            .build()
            .map_err(failed)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(failed)?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(failed)?);
        let stop = CancellationToken::new();
        let serving = runtime.spawn(broker.serve(listener, stop.clone()));
        Ok(Self { endpoint, lease: id, book, runtime, stop, serving })
    }

    /// Ends the lease, and with it all that was made from it, and says what outlives it.
    fn end(self) -> Vec<String> {
        let outliving = self.book.revoke(self.lease, "the command has ended", Ending::Cut);
        self.stop.cancel();
        // A broker that failed has nothing left to end.
        drop(self.runtime.block_on(self.serving));
        let now = Timestamp::now();
        let tell = |left: bearhug_broker::Outliving| {
            let minutes = left.until.duration_since(now).as_mins() + 1;
            format!("{} stays good for {minutes} min", left.what)
        };
        outliving.unwrap_or_default().into_iter().map(tell).collect()
    }
}

/// Says what the command was denied, and what its lease leaves behind.
fn report(tally: &Result<Tally, CommandError>, outliving: &[String], global: &Global) {
    match tally {
        Ok(tally) => {
            for line in tally.denied() {
                words::say(&line);
            }
            if !global.quiet {
                words::say(&tally.summary());
            }
        }
        Err(error) => words::say(&error.to_string()),
    }
    if global.verbose {
        for left in outliving {
            words::say(left);
        }
    }
}
