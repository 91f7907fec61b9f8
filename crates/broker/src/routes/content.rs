//! What a body is said to be.

use super::{Head, Refusal};

/// Whether the body is of this type, plain, and in UTF-8. Others could be read as something else than is
/// decided about: in some character sets a harmless text spells another name.
pub(super) fn is(head: &Head<'_>, expected: &str) -> Result<(), Refusal> {
    if head.is_encoded {
        return Err(Refusal::Ambiguous("the body is compressed, and has to be looked at"));
    }
    let stated = head.content_type.unwrap_or_default();
    let (essence, parameters) = stated.split_once(';').unwrap_or((stated, ""));
    let is_utf8 = match parameters.trim().split_once('=') {
        None => parameters.trim().is_empty(),
        Some((name, value)) => {
            name.eq_ignore_ascii_case("charset")
                && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
    };
    if essence.trim().eq_ignore_ascii_case(expected) && is_utf8 {
        return Ok(());
    }
    Err(Refusal::Ambiguous("the body is not of the type that is expected here"))
}
