//! Questions about identities.

use std::collections::BTreeMap;

use bearhug_core::{
    Fingerprint,
    identity::{Condition, Identity, IdentityId},
};
use sqlx::{Row as _, any::AnyRow};

use super::{
    conditions::{Parameter, Statement},
    cursor::{self, Cursor, Key},
};
use crate::{Filter, LedgerError, Order, Page, Paged, database::Database, stored, write};

/// How an order is kept: ties go the same way as the column, so that one index serves both directions.
struct Sorting {
    column: &'static str,
    is_text: bool,
    is_descending: bool,
}

impl Sorting {
    fn of(order: Order) -> Self {
        let (column, is_text, is_descending) = match order {
            Order::Urgency => ("urgency", false, true),
            Order::Risk => ("risk", false, true),
            Order::Name => ("name", true, false),
            Order::Owner => ("owner", true, false),
            Order::Age => ("born_at", false, false),
            Order::LastUsed => ("used_at", false, false),
            Order::Updated => ("updated_at", false, true),
        };
        Self { column, is_text, is_descending }
    }

    /// What rows are sorted by, such that an index of it is used, or none.
    ///
    /// Without a filter, the index gives a page at once. With one, it would give all rows in turn, each
    /// at a random place of the table, until enough have passed, and neither database knows how many that
    /// are. Reading the whole table in its own order takes a tenth of that, and always the same.
    fn expression(&self, by_index: bool) -> String {
        let column = self.column;
        match (by_index, self.is_text) {
            (true, _) => format!("i.{column}"),
            (false, true) => format!("(i.{column} || '')"),
            (false, false) => format!("(i.{column} + 0)"),
        }
    }

    fn key(&self, row: &AnyRow) -> Result<(Key, Key), LedgerError> {
        let key =
            if self.is_text { Key::Text(row.try_get(0)?) } else { Key::Number(row.try_get(0)?) };
        Ok((key, Key::Text(row.try_get(1)?)))
    }
}

/// A page of the identities that pass a filter.
pub(crate) async fn page(
    database: &Database,
    filter: &Filter,
    order: Order,
    page: &Page,
) -> Result<Paged<Identity>, LedgerError> {
    let sorting = Sorting::of(order);
    let sort_key = sorting.expression(*filter == Filter::default());
    let (direction, beyond) = if sorting.is_descending { ("DESC", "<") } else { ("ASC", ">") };
    // The page is found first and its documents are read then, so that none is read in vain.
    let mut statement = Statement::new(&format!(
        "SELECT p.sort_key, p.id, d.document
         FROM (SELECT {sort_key} AS sort_key, i.id FROM identity i"
    ));
    narrow(&mut statement, filter);
    if let Some(after) = Cursor::of(page, sorting.column)? {
        statement.and(&format!("({sort_key}, i.id) {beyond} (?, ?)"), after);
    }
    statement.push_with(
        &format!(" ORDER BY {sort_key} {direction}, i.id {direction} LIMIT ?"),
        [cursor::limit(page).into()],
    );
    statement.push(&format!(
        ") AS p
         JOIN identity_document d ON d.identity = p.id
         ORDER BY p.sort_key {direction}, p.id {direction}"
    ));
    let rows = statement.rows(database).await?;
    let keys = |row: &AnyRow| sorting.key(row);
    cursor::paged(rows, page, sorting.column, keys, |row| stored::identity(row.try_get(2)?))
}

/// Adds the conditions of a filter.
fn narrow(statement: &mut Statement, filter: &Filter) {
    by_columns(statement, filter);
    by_texts(statement, filter);
    if let Some(source) = &filter.source {
        statement.and(
            "i.id IN (SELECT s.identity FROM sighting s WHERE s.source = ?)",
            [write::source_id(source).into()],
        );
    }
}

fn by_columns(statement: &mut Statement, filter: &Filter) {
    if !filter.states.is_empty() {
        let states = filter.states.iter().map(|state| Parameter::Text(stored::word(state)));
        let marks = vec!["?"; filter.states.len()].join(", ");
        statement.and(&format!("i.state IN ({marks})"), states);
    }
    match filter.condition {
        Some(Condition::Dormant) => statement.and("i.dormant = 1", []),
        Some(Condition::Compromised) => statement.and("i.compromised = 1", []),
        None => {}
    }
    if filter.owner.as_deref() == Some("") {
        // So said that the index of owners is not used: those without are many.
        statement.and("length(i.owner) = 0", []);
    }
    let equal = [
        ("i.kind = ?", filter.kind.map(|kind| kind.name().to_owned())),
        ("i.verdict = ?", filter.verdict.map(|verdict| verdict.name().to_owned())),
        ("i.owner = ?", filter.owner.as_deref().filter(|name| !name.is_empty()).map(stored::key)),
        ("i.backup = ?", filter.backup.as_deref().map(stored::key)),
        ("i.environment = ?", filter.environment.as_deref().map(stored::key)),
        ("i.role = ?", filter.role.as_deref().map(stored::key)),
    ];
    for (condition, value) in equal {
        if let Some(value) = value {
            statement.and(condition, [value.into()]);
        }
    }
    let at_least = [
        ("i.criticality >= ?", filter.criticality.map(|least| i64::from(write::rank(least)))),
        ("i.risk >= ?", filter.min_risk.map(i64::from)),
        ("i.urgency >= ?", filter.has_to_do.then_some(1)),
        (
            "(i.attested_at IS NULL OR i.attested_at < ?)",
            filter.not_attested_since.map(stored::micros),
        ),
    ];
    for (condition, value) in at_least {
        if let Some(value) = value {
            statement.and(condition, [value.into()]);
        }
    }
}

fn by_texts(statement: &mut Statement, filter: &Filter) {
    if let Some(tag) = &filter.tag {
        statement.and("{position}(i.tags, ?) > 0", [stored::lines([tag.as_str()]).into()]);
    }
    match filter.breach.as_deref() {
        // One line break is there always, and a second if there is a rule.
        Some("") => statement.and("length(i.breaches) > 1", []),
        Some(rule) => {
            statement.and("{position}(i.breaches, ?) > 0", [stored::lines([rule]).into()]);
        }
        None => {}
    }
    if let Some(text) = &filter.text {
        let text = stored::text(text).to_lowercase();
        statement.and("{position}(i.searched, ?) > 0", [text.into()]);
    }
}

/// One identity.
pub(crate) async fn one(
    database: &Database,
    id: IdentityId,
) -> Result<Option<Identity>, LedgerError> {
    let mut statement = Statement::new("SELECT d.document FROM identity_document d");
    statement.and("d.identity = ?", [id.to_string().into()]);
    let rows = statement.rows(database).await?;
    rows.first().map(|row| stored::identity(row.try_get(0)?)).transpose()
}

/// The names of identities that start with a text, at most two.
pub(crate) async fn named(
    database: &Database,
    prefix: &str,
) -> Result<Vec<IdentityId>, LedgerError> {
    let prefix = stored::text(prefix);
    // Names are ASCII: everything that starts with the prefix comes before the prefix and a tilde.
    let end = format!("{prefix}~");
    let mut statement = Statement::new("SELECT i.id FROM identity i");
    statement.and("i.id >= ?", [prefix.into()]);
    statement.and("i.id < ?", [end.into()]);
    statement.push(" ORDER BY i.id LIMIT 2");
    let rows = statement.rows(database).await?;
    rows.iter().map(|row| stored::parsed(row.try_get(0)?)).collect()
}

/// Whose tokens these are, for as many at once as a statement takes.
pub(crate) async fn holders(
    database: &Database,
    fingerprints: &[Fingerprint],
) -> Result<BTreeMap<Fingerprint, Identity>, LedgerError> {
    let mut holders = BTreeMap::new();
    for some in fingerprints.chunks(500) {
        let names = some.iter().map(|name| Parameter::Text(name.to_string()));
        let marks = vec!["?"; some.len()].join(", ");
        let mut statement = Statement::new(
            "SELECT v.fingerprint, d.document
             FROM version v
             JOIN identity_document d ON d.identity = v.identity",
        );
        statement.and(&format!("v.fingerprint IN ({marks})"), names);
        for row in statement.rows(database).await? {
            holders.insert(stored::parsed(row.try_get(0)?)?, stored::identity(row.try_get(1)?)?);
        }
    }
    Ok(holders)
}
