//! What is copied: every table, in an order in which no row comes before one that it refers to.

/// A table and its columns.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
    /// The columns that tell its rows apart, which they are ordered by.
    pub(super) key: &'static str,
}

/// A column. Databases hold texts and numbers, and no more.
#[derive(Debug)]
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

impl Column {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Text(name) | Self::Number(name) => name,
        }
    }
}

use Column::{Number, Text};

/// All tables but the one row of `chain`, which follows from the events, and the record of migrations.
/// Sightings get new numbers, which nothing refers to. Checkpoints come before the events that are held to them.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "identity",
        columns: &[
            Text("id"),
            Number("revision"),
            Text("name"),
            Text("kind"),
            Text("state"),
            Number("dormant"),
            Number("compromised"),
            Text("owner"),
            Text("backup"),
            Text("environment"),
            Number("criticality"),
            Text("role"),
            Text("verdict"),
            Number("risk"),
            Number("urgency"),
            Number("attested_at"),
            Number("born_at"),
            Number("used_at"),
            Number("updated_at"),
            Text("searched"),
            Text("tags"),
            Text("breaches"),
        ],
        key: "id",
    },
    Table {
        name: "identity_document",
        columns: &[Text("identity"), Text("document")],
        key: "identity",
    },
    Table {
        name: "version",
        columns: &[Text("fingerprint"), Text("identity")],
        key: "fingerprint",
    },
    Table { name: "source", columns: &[Text("id"), Text("name")], key: "id" },
    Table {
        name: "sighting",
        columns: &[
            Text("place"),
            Text("fingerprint"),
            Text("identity"),
            Text("source"),
            Text("origin"),
            Text("path"),
            Number("line"),
            Text("commit_id"),
            Text("author"),
            Text("keeping"),
            Text("environment"),
            Text("presence"),
            Number("looked_at"),
            Number("first_seen"),
            Number("last_seen"),
        ],
        key: "place",
    },
    Table {
        name: "owner",
        columns: &[
            Text("name"),
            Number("revision"),
            Text("kind"),
            Text("email"),
            Text("aliases"),
            Number("left_at"),
        ],
        key: "name",
    },
    Table {
        name: "waiver",
        columns: &[
            Text("rule"),
            Text("identity"),
            Text("reason"),
            Text("given_by"),
            Number("given_at"),
            Number("ends_at"),
        ],
        key: "rule, identity",
    },
    Table {
        name: "checkpoint",
        columns: &[
            Number("seq"),
            Text("hash"),
            Number("at"),
            Number("previous"),
            Text("key"),
            Text("signature"),
        ],
        key: "seq",
    },
    Table {
        name: "event",
        columns: &[
            Number("seq"),
            Number("at"),
            Text("kind"),
            Text("actor"),
            Text("identity"),
            Text("details"),
            Text("hash"),
        ],
        key: "seq",
    },
];

/// The columns of identities.
pub(crate) fn identity_columns() -> &'static [Column] {
    TABLES.iter().find(|table| table.name == "identity").map_or(&[], |table| table.columns)
}

impl Table {
    /// Reads all rows, in an order that is the same in every database.
    pub(super) fn select(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(Column::name).collect();
        format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), self.name, self.key)
    }

    /// Writes the rows of an array of arrays.
    pub(super) fn insert(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(Column::name).collect();
        let values = self.columns.iter().enumerate().map(|(at, column)| match column {
            Text(_) => format!("e.value ->> {at}"),
            Number(_) => format!("CAST(e.value ->> {at} AS BIGINT)"),
        });
        let values: Vec<_> = values.collect();
        let (names, values) = (names.join(", "), values.join(", "));
        format!("INSERT INTO {} ({names}) SELECT {values} FROM {{rows}}", self.name)
    }
}
