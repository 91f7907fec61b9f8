//! The few words in which the two databases differ.

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Words in braces that stand in statements, and what they are here.
    ///
    /// `{rows}` is the JSON array of objects that is the first parameter, as rows whose one column is
    /// `e.value`. Both databases take a field out of it with `->>`.
    fn words(self) -> [(&'static str, &'static str); 5] {
        match self {
            Self::Sqlite => [
                ("{rows}", "json_each($1) AS e"),
                ("{least}", "min"),
                ("{greatest}", "max"),
                ("{position}", "instr"),
                ("{for update}", ""),
            ],
            Self::Postgres => [
                ("{rows}", "jsonb_array_elements(CAST($1 AS jsonb)) AS e (value)"),
                ("{least}", "least"),
                ("{greatest}", "greatest"),
                ("{position}", "strpos"),
                ("{for update}", "FOR UPDATE"),
            ],
        }
    }

    /// A statement in this database's words.
    pub(crate) fn say(self, statement: &str) -> String {
        let words = self.words();
        words.iter().fold(statement.to_owned(), |text, (word, here)| text.replace(word, here))
    }

    /// Starts a transaction that writes. SQLite takes its lock at once: a transaction that starts as
    /// a reader fails if somebody wrote before it does. PostgreSQL's writers queue for the chain.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Starts a transaction that reads everything as it is at one moment.
    pub(crate) fn begin_snapshot(self) -> &'static str {
        match self {
            // The moment is that of the first statement
            // (<https://www.sqlite.org/isolation.html>).
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}
