//! Header values that are lists with quoted strings in them.

/// Where a character stands outside of quoted strings.
pub(crate) fn unquoted(text: &str, wanted: char) -> impl Iterator<Item = usize> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    text.char_indices().filter_map(move |(at, c)| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == wanted && !is_quoted => return Some(at),
            _ => {}
        }
        None
    })
}

/// The pieces between the unquoted places of a character.
pub(crate) fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in unquoted(text, separator) {
        pieces.extend(text.get(start..at));
        start = at + separator.len_utf8();
    }
    pieces.extend(text.get(start..));
    pieces
}
