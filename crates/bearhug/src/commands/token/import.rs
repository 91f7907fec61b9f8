//! `bearhug token import`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    event::Happening,
    identity::{Identity, IdentityId},
    owner::Owner,
};
use bearhug_guard::{
    census::Roster,
    intake::{self, Complaint, Row, Subject},
};
use bearhug_ledger::{Changes, Filter, Order};
use bearhug_view::intake::{Format, Intake, Taken};
use zeroize::Zeroizing;

use crate::{
    Exit,
    cli::{Global, Import, Wording},
    commands::{
        owner::{self, Meant},
        showing,
    },
    error::CommandError,
    hub::Hub,
    ledger::{Desk, Ledger},
};

/// The most that is read of a table.
const LIMIT: u64 = 64 << 20;

/// How many identities are written at once.
const BATCH: usize = 500;

pub(super) fn run(
    arguments: &Import,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let (rows, complaints) = intake::read(&table(&arguments.file)?).map_err(|complaint| {
        CommandError::new(format!("line {}: {}", complaint.line, complaint.what))
            .hint("`bearhug token import --help` lists the columns")
            .usage()
    })?;
    let desk = if arguments.dry_run {
        Desk::open_if_there(&arguments.ledger, global, stop)?
    } else {
        Some(Desk::open(&arguments.ledger, global, stop)?)
    };
    // Nothing is asked of the Hub: the names of identities hold its address.
    let endpoint = Hub::of_environment(stop, global)?.address();
    let mut table = Table { rows: Vec::new(), complaints, endpoint };
    table.settle(rows, desk.as_ref().map(|desk| &desk.ledger))?;
    let taken = match &desk {
        Some(desk) => table.take(desk, arguments)?,
        None => table.fresh(),
    };
    let Table { mut complaints, .. } = table;
    complaints.sort_by_key(|complaint| complaint.line);
    let is_written = !arguments.dry_run && (complaints.is_empty() || arguments.partial);
    let intake = Intake {
        is_plan: arguments.dry_run,
        is_written,
        taken,
        complaints: complaints.into_iter().map(|one| (one.line, one.what)).collect(),
    };
    let format = match arguments.format {
        Wording::Human => Format::Human,
        Wording::Json => Format::Json,
        Wording::Jsonl => Format::Jsonl,
    };
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        intake.render(format, options, out)
    })?;
    Ok(match (intake.complaints.is_empty(), intake.taken.is_empty()) {
        (true, _) => Exit::Clean,
        (false, false) if arguments.partial => Exit::Partial,
        (false, _) => Exit::Error,
    })
}

/// The bytes of a table. There may be tokens among them, so they are wiped when they are no longer needed.
fn table(path: &Path) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let failed = |error| CommandError::file("read", path, error);
    let from: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(failed)?)
    };
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LIMIT {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "it holds more than 64 MiB");
        return Err(failed(error));
    }
    Ok(bytes)
}

/// The rows of a table, each with the identity on record that it is about, and what is wrong with others.
struct Table {
    rows: Vec<(Row, Option<IdentityId>)>,
    complaints: Vec<Complaint>,
    endpoint: String,
}

impl Table {
    /// Finds which identity each row is about.
    fn settle(&mut self, rows: Vec<Row>, ledger: Option<&Ledger>) -> Result<(), CommandError> {
        let ids = subjects(rows.iter(), ledger)?;
        for (row, id) in rows.into_iter().zip(ids) {
            match id {
                Ok(id) => self.rows.push((row, id)),
                Err(what) => self.complaints.push(Complaint { line: row.line, what }),
            }
        }
        Ok(())
    }

    /// What becomes of the rows where there is no ledger yet.
    fn fresh(&mut self) -> Vec<Taken> {
        let author = bearhug_core::lifecycle::Author { name: crate::author::name() };
        let now = crate::ledger::now();
        let mut taken = Vec::new();
        for (row, _) in std::mem::take(&mut self.rows) {
            match intake::apply(&row, None, &self.endpoint, (&author, now)) {
                Ok((identity, events)) => taken.push(Taken::new(row.line, &identity, &events)),
                Err(what) => self.complaints.push(Complaint { line: row.line, what }),
            }
        }
        taken
    }

    /// Follows the rows, first without writing, so that a mistake in the last is found before the first
    /// is written.
    fn take(&mut self, desk: &Desk, arguments: &Import) -> Result<Vec<Taken>, CommandError> {
        let mut taken = Vec::new();
        let owners = self.name_owners(desk);
        for (row, id) in std::mem::take(&mut self.rows) {
            match self.follow(desk, &row, id)? {
                Ok((identity, events)) => {
                    taken.push(Taken::new(row.line, &identity, &events));
                    self.rows.push((row, id));
                }
                Err(what) => self.complaints.push(Complaint { line: row.line, what }),
            }
        }
        if arguments.dry_run || !(self.complaints.is_empty() || arguments.partial) {
            return Ok(taken);
        }
        let named = self.rows.iter().flat_map(|(row, _)| row.owner.iter().chain(&row.backup));
        let named: BTreeSet<_> = named.collect();
        let is_entering = |one: &Meant| one.is_new() && named.contains(&one.name);
        let entering: Vec<_> = owners.iter().filter(|(_, one)| is_entering(one)).collect();
        for rows in self.rows.chunks(BATCH) {
            desk.ledger.change(|_| {
                // Who is new when the first rows are written is there when the next are.
                let meant = entering.iter().map(|(text, _)| owner::meant(desk, text));
                let newcomers = owner::newcomers(&meant.collect::<Result<Vec<_>, _>>()?);
                Ok((self.changes(desk, rows, &newcomers)?, ()))
            })?;
        }
        Ok(taken)
    }

    /// Puts the names that owners have in the ledger in place of those in the table. Whoever cannot answer
    /// for anything makes a row wrong.
    fn name_owners(&mut self, desk: &Desk) -> BTreeMap<String, Meant> {
        let mut meant: BTreeMap<String, Meant> = BTreeMap::new();
        for (mut row, id) in std::mem::take(&mut self.rows) {
            let mut wrong = None;
            for name in [&mut row.owner, &mut row.backup].into_iter().flatten() {
                if !meant.contains_key(name) {
                    match owner::meant(desk, name) {
                        Ok(one) => drop(meant.insert(name.clone(), one)),
                        Err(error) => wrong = Some(error.message()),
                    }
                }
                if let Some(one) = meant.get(name) {
                    name.clone_from(&one.name);
                }
            }
            match wrong {
                Some(what) => self.complaints.push(Complaint { line: row.line, what }),
                None => self.rows.push((row, id)),
            }
        }
        meant
    }

    fn follow(
        &self,
        desk: &Desk,
        row: &Row,
        id: Option<IdentityId>,
    ) -> Result<Result<(Identity, Vec<Happening>), String>, CommandError> {
        let known = match id {
            Some(id) => desk.ledger.wait(desk.ledger.store.identity(id))?,
            None => None,
        };
        Ok(intake::apply(row, known, &self.endpoint, (&desk.author, desk.now)))
    }

    fn changes(
        &self,
        desk: &Desk,
        rows: &[(Row, Option<IdentityId>)],
        owners: &[(Owner, Happening)],
    ) -> Result<Changes, CommandError> {
        let scales = desk.scales()?;
        let mut changes = Changes {
            owners: owners.iter().map(|(owner, _)| owner.clone()).collect(),
            events: owners.iter().map(|(_, event)| event.clone()).collect(),
            ..Changes::default()
        };
        // Somebody else may have taken the same tokens in since the table was checked.
        let ids = subjects(rows.iter().map(|(row, _)| row), Some(&desk.ledger))?;
        for ((row, _), id) in rows.iter().zip(ids) {
            let wrong = |what| CommandError::new(format!("line {}: {what}", row.line));
            let (mut identity, events) =
                self.follow(desk, row, id.map_err(wrong)?)?.map_err(wrong)?;
            if events.is_empty() {
                continue;
            }
            changes.events.extend(events);
            changes.events.extend(scales.weigh(&mut identity, &desk.author, desk.now));
            changes.identities.push(identity);
        }
        Ok(changes)
    }
}

/// Which identity on record each row is about, if one is; or what is wrong with the row.
fn subjects<'a>(
    rows: impl Iterator<Item = &'a Row> + Clone,
    ledger: Option<&Ledger>,
) -> Result<Vec<Result<Option<IdentityId>, String>>, CommandError> {
    let token = |row: &Row| match &row.subject {
        Subject::Token { fingerprint, .. } => Some(*fingerprint),
        Subject::Listed { .. } | Subject::Ending { .. } => None,
    };
    let mut roster = Roster::default();
    let mut holders = BTreeMap::new();
    if let Some(ledger) = ledger {
        let tokens: Vec<_> = rows.clone().filter_map(token).collect();
        holders = ledger.wait(ledger.store.holders(&tokens))?;
        if rows.clone().any(|row| token(row).is_none()) {
            ledger.each_identity(&Filter::default(), Order::Name, |identity| {
                roster.enter(&identity);
            })?;
        }
    }
    let mut settled = BTreeMap::new();
    let subject = |row: &Row| {
        let found: BTreeSet<IdentityId> = match &row.subject {
            Subject::Token { fingerprint, .. } => {
                holders.get(fingerprint).map(|identity| identity.id).into_iter().collect()
            }
            Subject::Listed { hub_id, .. } => roster.listed_as(hub_id),
            Subject::Ending { last4 } => roster.ending(last4, row.account.as_deref()),
        };
        let id = found.first().copied();
        match (found.len(), id.and_then(|id| settled.insert(id, row.line))) {
            (2.., _) => Err(format!("{} on record may be meant", found.len())),
            (_, Some(line)) => Err(format!("line {line} is about the same token")),
            _ => Ok(id),
        }
    };
    Ok(rows.map(subject).collect())
}
