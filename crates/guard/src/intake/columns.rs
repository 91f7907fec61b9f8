//! The columns of a table.

use csv::StringRecord;

use super::Complaint;

/// Declares the columns with their names.
macro_rules! columns {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal, )+) => {
        /// A column that a table may have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column {
            $( $(#[$doc])* $variant, )+
        }

        impl Column {
            /// Every column.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The name that the header has.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }
        }
    };
}

columns! {
    /// The token itself, of which the fingerprint is kept.
    Value = "value",
    /// Its public name, `fp_…`.
    Fingerprint = "fingerprint",
    /// The Hub's identifier of it.
    HubId = "hub_id",
    /// The organisation that lists it.
    Organisation = "organisation",
    /// Its last four characters.
    Last4 = "last4",
    /// Whose account on the Hub it is.
    Account = "account",
    /// What sort of credential it is, such as `user_token`.
    Kind = "kind",
    /// What it is called.
    Name = "name",
    /// Who answers for it.
    Owner = "owner",
    /// Who does when the owner cannot.
    Backup = "backup",
    /// What it is for.
    Purpose = "purpose",
    /// Where it is used.
    Environment = "environment",
    /// `low`, `normal` or `high`.
    Criticality = "criticality",
    /// Words to find it by, with semicolons or spaces between them.
    Tags = "tags",
    /// Models and datasets that depend on it, with semicolons or spaces between them.
    Resource = "resource",
    /// Whatever else is worth knowing.
    Notes = "notes",
}

/// The columns that name a credential, of which a table has to have one.
const NAMING: [Column; 4] = [Column::Value, Column::Fingerprint, Column::HubId, Column::Last4];

/// What the header says.
pub(super) fn of(header: &StringRecord) -> Result<Vec<Column>, Complaint> {
    let wrong = |what: String| Complaint { line: 1, what };
    let mut columns = Vec::new();
    for (place, cell) in (1..).zip(header) {
        let name = cell.trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
        let column = Column::ALL.iter().copied().find(|column| column.name() == name);
        let column = column.ok_or_else(|| wrong(unknown(place, &name)))?;
        if columns.contains(&column) {
            return Err(wrong(format!("the column `{}` is there twice", column.name())));
        }
        columns.push(column);
    }
    if !columns.iter().any(|column| NAMING.contains(column)) {
        let names = NAMING.map(Column::name).join("`, `");
        return Err(wrong(format!(
            "the first line names the columns, and one of `{names}` has to be among them"
        )));
    }
    Ok(columns)
}

/// That there is no such column. Its name is told only if it is near that of one, since a table without
/// a header has a token in that place.
fn unknown(place: usize, name: &str) -> String {
    let likeness = |column: &&Column| strsim::jaro_winkler(name, column.name());
    let nearest = Column::ALL.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    if let Some(column) = nearest.filter(|column| likeness(column) > 0.75) {
        return format!("column {place} is not known; did you mean `{}`?", column.name());
    }
    let names: Vec<_> = Column::ALL.iter().map(|column| column.name()).collect();
    format!("column {place} is not known; the columns are {}", names.join(", "))
}
