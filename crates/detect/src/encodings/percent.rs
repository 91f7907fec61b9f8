//! Percent encoding.

use super::{
    hex_pair,
    line::{Escape, Unit},
};

/// `%68`, in either case (RFC 3986, section 2.1).
pub(super) struct Percent;

impl Escape for Percent {
    fn unit(&self, text: &[u8]) -> Option<Unit> {
        let byte = hex_pair(text.strip_prefix(b"%")?)?;
        Some(Unit { len: 3, stands_for: Some(char::from(byte)) })
    }
}
