//! What files and variables say: a tree in which every value knows where it comes from.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{error::ConfigError, origin::Origin};

/// How deep tables and lists may lie in one another. No key of ours is half as deep.
const DEEPEST: usize = 16;

/// A value, and where it comes from. That of a table is where it first was spoken of.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) origin: Origin,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Node {
    /// What is said where nothing is.
    pub(super) fn empty() -> Self {
        Self { origin: Origin::Default, value: Value::Table(BTreeMap::new()) }
    }

    /// Reads the text of a file, which is named as people are to see it.
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let reader = Reader { file: file.into(), lines: line_starts(text) };
        let table = DeTable::parse(text).map_err(|error| {
            let origin = reader.origin(error.span().unwrap_or_default());
            // Its message quotes at most what it expected, and not what it found.
            ConfigError::new(error.message()).at(&origin)
        })?;
        let origin = reader.origin(0..0);
        let value = reader.table(table.into_inner(), DEEPEST)?;
        Ok(Self { origin, value })
    }

    /// Lets another tree have the last word: tables become one, and anything else is replaced.
    pub(super) fn overlay(&mut self, later: Self) {
        match (&mut self.value, later.value) {
            (Value::Table(mine), Value::Table(theirs)) => {
                for (key, node) in theirs {
                    match mine.get_mut(&key) {
                        Some(known) => known.overlay(node),
                        None => drop(mine.insert(key, node)),
                    }
                }
            }
            (mine, value) => {
                *mine = value;
                self.origin = later.origin;
            }
        }
    }

    /// What stands at the end of some keys.
    pub(super) fn get<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        keys.into_iter().try_fold(self, |node, key| match &node.value {
            Value::Table(table) => table.get(key),
            _ => None,
        })
    }

    /// Puts a value at the end of some keys, with the tables on the way.
    pub(super) fn put(&mut self, keys: &str, node: Self) {
        let nested = keys.rsplit('.').fold(node, |inner, key| Self {
            origin: inner.origin.clone(),
            value: Value::Table(BTreeMap::from([(key.to_owned(), inner)])),
        });
        self.overlay(nested);
    }
}

/// Turns what the TOML library read into a tree.
struct Reader {
    file: Arc<str>,
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
}

impl Reader {
    fn origin(&self, span: Range<usize>) -> Origin {
        let line = self.lines.partition_point(|start| *start <= span.start);
        Origin::File(Arc::clone(&self.file), line.max(1))
    }

    fn table(&self, table: DeTable<'_>, room: usize) -> Result<Value, ConfigError> {
        let mut nodes = BTreeMap::new();
        for (key, value) in table {
            let origin = self.origin(key.span());
            let value = self.value(value.into_inner(), room).map_err(|e| e.at(&origin))?;
            nodes.insert(key.into_inner().into_owned(), Node { origin, value });
        }
        Ok(Value::Table(nodes))
    }

    fn value(&self, value: DeValue<'_>, room: usize) -> Result<Value, ConfigError> {
        let room =
            room.checked_sub(1).ok_or_else(|| ConfigError::new("this is nested too deeply"))?;
        Ok(match value {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                Value::Integer(parsed.map_err(|_| ConfigError::new("this number is too large"))?)
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().parse();
                Value::Float(parsed.map_err(|_| ConfigError::new("this is no number"))?)
            }
            DeValue::Boolean(is_true) => Value::Bool(is_true),
            // A date without quotes is as good as one with them.
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Array(list) => {
                let node = |item: Spanned<DeValue<'_>>| {
                    let origin = self.origin(item.span());
                    let value = self.value(item.into_inner(), room).map_err(|e| e.at(&origin))?;
                    Ok(Node { origin, value })
                };
                Value::List(list.into_iter().map(node).collect::<Result<_, ConfigError>>()?)
            }
            DeValue::Table(table) => self.table(table, room)?,
        })
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Node {
        Node::parse(text, "a.toml").unwrap()
    }

    fn origin(node: &Node, keys: &str) -> String {
        node.get(keys.split('.')).unwrap().origin.to_string()
    }

    #[test]
    fn every_value_knows_its_line() {
        let node = parse("x = 1\n[a]\nb = [\n  1,\n  2]\r\nc.d = 'e'\n");
        for (keys, line) in [("x", 1), ("a", 2), ("a.b", 3), ("a.c.d", 6)] {
            assert_eq!(origin(&node, keys), format!("a.toml:{line}"), "{keys}");
        }
        let Value::List(list) = &node.get(["a", "b"]).unwrap().value else { panic!("no list") };
        assert_eq!(list[1].origin.to_string(), "a.toml:5");
    }

    #[test]
    fn the_later_word_holds_key_by_key() {
        let mut node = parse("[a]\nb = 1\nc = 1\nd = [1]");
        node.overlay(Node::parse("[a]\nc = 2\nd = [2]", "b.toml").unwrap());
        for (keys, expected) in [("a.b", "a.toml:2"), ("a.c", "b.toml:2"), ("a.d", "b.toml:3")] {
            assert_eq!(origin(&node, keys), expected);
        }
    }

    #[test]
    fn a_broken_file_is_told_by_its_line() {
        for (text, line) in
            [("a = 1\nb = = 2", 2), ("a = 1\n\na = 2", 3), ("x = 99999999999999999999", 1)]
        {
            let error = Node::parse(text, "a.toml").unwrap_err().to_string();
            assert!(error.starts_with(&format!("a.toml:{line}: ")), "{error}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_and_costs_nothing() {
        let dotted = format!("{}a = 1", "a.".repeat(100_000));
        let headers = format!("[{}a]", "a.".repeat(100_000));
        let lists = format!("a = {}1", "[".repeat(100_000));
        for text in [dotted, headers, lists] {
            assert!(Node::parse(&text, "a.toml").is_err());
        }
        assert!(Node::parse("a.b.c.d.e.f.g = 1", "a.toml").is_ok());
    }
}
