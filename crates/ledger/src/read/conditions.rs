//! A statement that grows with what is asked. Whatever a user typed is passed beside it.

use sqlx::{
    Any, AssertSqlSafe,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use crate::{LedgerError, database::Database};

/// A statement and its parameters.
pub(super) struct Statement {
    sql: String,
    parameters: Vec<Parameter>,
    has_conditions: bool,
}

/// A value that is passed beside a statement.
pub(super) enum Parameter {
    Text(String),
    Number(i64),
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Parameter {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl Statement {
    /// Starts with a constant that has no conditions yet.
    pub(super) fn new(start: &str) -> Self {
        Self { sql: start.to_owned(), parameters: Vec::new(), has_conditions: false }
    }

    /// Adds a constant.
    pub(super) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Adds a condition that must hold as well. Each `?` in it stands for the next parameter.
    pub(super) fn and(&mut self, condition: &str, parameters: impl IntoIterator<Item = Parameter>) {
        self.sql.push_str(if self.has_conditions { " AND " } else { " WHERE " });
        self.has_conditions = true;
        self.push_with(condition, parameters);
    }

    /// Adds a constant in which each `?` stands for the next parameter.
    pub(super) fn push_with(&mut self, sql: &str, parameters: impl IntoIterator<Item = Parameter>) {
        let mut parameters = parameters.into_iter();
        let mut parts = sql.split('?');
        self.sql.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.parameters.extend(parameters.next());
            self.sql.extend([format!("${}", self.parameters.len()).as_str(), part]);
        }
    }

    /// Lets the next condition be the first, as in a query within a query.
    pub(super) fn restart(&mut self) {
        self.has_conditions = false;
    }

    /// Asks for all rows.
    pub(super) async fn rows(self, database: &Database) -> Result<Vec<AnyRow>, LedgerError> {
        let mut connection = database.reading().await?;
        Ok(self.query(database).fetch_all(&mut *connection).await?)
    }

    fn query(self, database: &Database) -> Query<'static, Any, AnyArguments> {
        let sql: AssertSqlSafe<String> = database.say(&self.sql);
        self.parameters.into_iter().fold(sqlx::query(sql), |query, parameter| match parameter {
            Parameter::Text(text) => query.bind(text),
            Parameter::Number(number) => query.bind(number),
        })
    }
}
