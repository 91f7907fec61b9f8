//! Reads typed values from a tree, so that what is wrong is told by its place and by the names there
//! are.

use std::collections::btree_map;

use serde::{
    Deserializer,
    de::{
        self, DeserializeSeed, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    error::ConfigError,
    node::{Node, Value},
};

impl<'de> Deserializer<'de> for &'de Node {
    type Error = ConfigError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConfigError> {
        let read = match &self.value {
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Bool(is_true) => visitor.visit_bool(*is_true),
            Value::List(list) => visitor.visit_seq(Items(list.iter())),
            Value::Table(table) => visitor.visit_map(Entries { left: table.iter(), next: None }),
        };
        read.map_err(|error| error.at(&self.origin))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConfigError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConfigError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConfigError> {
        let read = match &self.value {
            Value::Text(text) => {
                let choice: StrDeserializer<'_, ConfigError> = text.as_str().into_deserializer();
                visitor.visit_enum(choice)
            }
            Value::Table(table) => {
                let entries = Entries { left: table.iter(), next: None };
                visitor.visit_enum(MapAccessDeserializer::new(entries))
            }
            _ => Err(ConfigError::new("this should be one of a few words, in quotes")),
        };
        read.map_err(|error| error.at(&self.origin))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The items of a list.
struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ConfigError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ConfigError> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

/// The entries of a table.
struct Entries<'de> {
    left: btree_map::Iter<'de, String, Node>,
    /// The entry whose key was read last.
    next: Option<(&'de str, &'de Node)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ConfigError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ConfigError> {
        let Some((key, node)) = self.left.next() else { return Ok(None) };
        self.next = Some((key, node));
        let name: StrDeserializer<'_, ConfigError> = key.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.of_key(key).at(&node.origin))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ConfigError> {
        let (key, node) = self.next.take().ok_or_else(|| {
            <ConfigError as de::Error>::custom("a value was asked for before its key")
        })?;
        seed.deserialize(node).map_err(|error| error.at(&node.origin).within(key))
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, num::NonZeroU32};

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Default, Deserialize)]
    #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
    struct Sample {
        max_age: Option<NonZeroU32>,
        share: Option<f32>,
        mode: Option<Mode>,
        names: Vec<String>,
        inner: BTreeMap<String, Inner>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        deep: bool,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Mode {
        Warn,
        Enforce,
    }

    fn read(text: &str) -> Result<Sample, ConfigError> {
        Sample::deserialize(&Node::parse(text, "a.toml")?)
    }

    #[test]
    fn values_of_every_type_are_read() {
        let text =
            "max-age = 3\nshare = 0.5\nmode = 'warn'\nnames = ['a', 'b']\ninner.x.deep = true";
        let expected = Sample {
            max_age: NonZeroU32::new(3),
            share: Some(0.5),
            mode: Some(Mode::Warn),
            names: vec!["a".to_owned(), "b".to_owned()],
            inner: BTreeMap::from([("x".to_owned(), Inner { deep: true })]),
        };
        assert_eq!(read(text).unwrap(), expected);
        assert_eq!(read("").unwrap(), Sample::default());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_place() {
        for (text, expected) in [
            ("\nmax-ages = 1", "a.toml:2: there is no `max-ages`; did you mean `max-age`?"),
            ("max-age = 0", "a.toml:1: `max-age`: this should be a nonzero u32"),
            ("max-age = -1", "a.toml:1: `max-age`: this should be a nonzero u32"),
            ("max-age = 'x'", "a.toml:1: `max-age`: this is text, and should be a nonzero u32"),
            (
                "names = [\n'a',\n1]",
                "a.toml:3: `names`: this is a whole number, and should be a string",
            ),
            (
                "mode = 'warned'",
                "a.toml:1: `mode` is one of `warn`, `enforce`; did you mean `warn`?",
            ),
            ("mode = 7", "a.toml:1: `mode`: this should be one of a few words, in quotes"),
            ("[inner.x]", "a.toml:1: `inner.x`: `deep` is missing"),
            (
                "[inner.x]\ndeep = true\ndeeep = 1",
                "a.toml:3: there is no `inner.x.deeep`; did you mean `inner.x.deep`?",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
        }
    }
}
