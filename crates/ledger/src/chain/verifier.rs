//! Holds a chain to what it should be, row by row.

/// A row of the chain as it is stored, whatever somebody made of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredEvent {
    /// Its place.
    pub seq: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The name of its kind.
    pub kind: String,
    /// Who made it happen.
    pub actor: String,
    /// The identity that it concerns.
    pub identity: Option<String>,
    /// The particulars, as a JSON object.
    pub details: String,
    /// The hash that it says it has.
    pub hash: Vec<u8>,
}
