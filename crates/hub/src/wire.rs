//! Reading the Hub's JSON leniently: what is new is ignored, what cannot be read counts as not told.

use bearhug_core::{Kind, Token};
use jiff::Timestamp;
use serde::{Deserialize as _, Deserializer};
use zeroize::Zeroize as _;

/// A point in time, if it is one.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|text| text.parse().ok()))
}

/// A list, which may be left out or null.
pub(crate) fn list<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// A new credential's value, which goes straight into a [`Token`].
pub(crate) fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Token, D::Error> {
    Ok(token_of(String::deserialize(from)?))
}

/// A new credential's value, if there is one.
pub(crate) fn optional_token<'de, D>(from: D) -> Result<Option<Token>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(Option::<String>::deserialize(from)?.map(token_of))
}

fn token_of(mut value: String) -> Token {
    // The longest prefix decides: every OAuth token also starts like a user's.
    let kinds = Kind::ALL.into_iter().filter(|kind| !kind.prefix().is_empty());
    let kind = kinds
        .filter(|kind| value.starts_with(kind.prefix()))
        .max_by_key(|kind| kind.prefix().len())
        .unwrap_or(Kind::UserToken);
    let token = Token::new(kind, value.clone());
    value.zeroize();
    token
}
