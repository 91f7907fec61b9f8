//! One line of a table.

use std::collections::BTreeSet;

use bearhug_core::{Fingerprint, Kind, Token, identity::Criticality};
use bearhug_detect::Detector;
use csv::StringRecord;
use secrecy::ExposeSecret as _;

use super::{Column, Row, Subject};

/// The cells of a line, by their columns. None but that of the value holds a token.
pub(super) struct Cells<'a> {
    columns: &'a [Column],
    record: &'a StringRecord,
    token: Option<Token>,
}

impl<'a> Cells<'a> {
    /// # Errors
    ///
    /// If there are more cells than columns, if one but the value's holds a token, or that holds none.
    pub(super) fn new(
        columns: &'a [Column],
        record: &'a StringRecord,
        detector: &Detector,
    ) -> Result<Self, String> {
        if record.len() > columns.len() {
            return Err(format!("it has {} cells for {} columns", record.len(), columns.len()));
        }
        let mut token = None;
        for (column, cell) in columns.iter().zip(record) {
            let name = column.name();
            if *column == Column::Value {
                token = whole(detector, cell.trim())?;
            } else if !detector.scan(cell.as_bytes()).candidates.is_empty() {
                return Err(format!("`{name}` holds a token, which belongs in the column `value`"));
            }
        }
        Ok(Self { columns, record, token })
    }

    /// What the line says, if it says anything.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn row(&self, line: u64) -> Result<Option<Row>, String> {
        if self.token.is_none() && self.columns.iter().all(|column| self.text(*column).is_none()) {
            return Ok(None);
        }
        Ok(Some(Row {
            line,
            subject: self.subject()?,
            name: self.text(Column::Name),
            account: self.text(Column::Account),
            owner: self.text(Column::Owner),
            backup: self.text(Column::Backup),
            purpose: self.text(Column::Purpose),
            environment: self.text(Column::Environment),
            criticality: self.criticality()?,
            tags: self.words(Column::Tags),
            resources: self.words(Column::Resource),
            notes: self.text(Column::Notes),
        }))
    }

    fn subject(&self) -> Result<Subject, String> {
        let last4 = self.last4()?;
        let told = self.fingerprint()?;
        let kind = self.kind()?;
        if let Some(token) = &self.token {
            if told.is_some_and(|told| told != token.fingerprint()) {
                return Err("`fingerprint` is not that of `value`".to_owned());
            }
            let (fingerprint, kind) = (token.fingerprint(), token.kind());
            return Ok(Subject::Token { fingerprint, kind, last4: Some(token.last4()) });
        }
        if let Some(fingerprint) = told {
            return Ok(Subject::Token { fingerprint, kind, last4 });
        }
        if let Some(hub_id) = self.text(Column::HubId) {
            let organisation = self.text(Column::Organisation);
            return Ok(Subject::Listed { organisation, hub_id, last4 });
        }
        let last4 =
            last4.ok_or("it names no token: give `value`, `fingerprint`, `hub_id` or `last4`")?;
        Ok(Subject::Ending { last4 })
    }

    fn fingerprint(&self) -> Result<Option<Fingerprint>, String> {
        let parse = |text: String| text.parse().map_err(|error| format!("`fingerprint`: {error}"));
        self.text(Column::Fingerprint).map(parse).transpose()
    }

    fn last4(&self) -> Result<Option<String>, String> {
        let text = self.text(Column::Last4);
        let text = text.map(|text| text.trim_start_matches('…').to_owned());
        match text {
            Some(text) if text.chars().count() != 4 => {
                Err("`last4` has four characters".to_owned())
            }
            text => Ok(text),
        }
    }

    fn kind(&self) -> Result<Kind, String> {
        let Some(name) = self.text(Column::Kind) else { return Ok(Kind::UserToken) };
        let names = || Kind::ALL.map(Kind::name).join(", ");
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| format!("`kind` is one of {}", names()))
    }

    fn criticality(&self) -> Result<Option<Criticality>, String> {
        let Some(name) = self.text(Column::Criticality) else { return Ok(None) };
        match name.to_ascii_lowercase().as_str() {
            "low" => Ok(Some(Criticality::Low)),
            "normal" => Ok(Some(Criticality::Normal)),
            "high" => Ok(Some(Criticality::High)),
            "unknown" => Ok(Some(Criticality::Unknown)),
            _ => Err("`criticality` is one of low, normal, high".to_owned()),
        }
    }

    fn words(&self, column: Column) -> BTreeSet<String> {
        let text = self.text(column).unwrap_or_default();
        let words = text.split([';', ',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }

    /// A cell that says something. An apostrophe in front of what looks like a formula is not part of it:
    /// whoever wrote the table put it there so that a spreadsheet runs nothing.
    fn text(&self, column: Column) -> Option<String> {
        let at = self.columns.iter().position(|one| *one == column && column != Column::Value)?;
        let cell = self.record.get(at)?.trim();
        let bare = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
        Some(bare.unwrap_or(cell).to_owned()).filter(|text| !text.is_empty())
    }
}

/// The token that a cell is, all of it.
#[expect(
    clippy::disallowed_methods,
    reason = "tells a cell that is a token from one that merely holds one"
)]
fn whole(detector: &Detector, cell: &str) -> Result<Option<Token>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let found = detector.scan(cell.as_bytes()).candidates.into_iter();
    let token = found.map(|candidate| candidate.token).find(|one| one.expose_secret() == cell);
    token.map(Some).ok_or_else(|| "`value` is no token".to_owned())
}
