//! A value written as several string literals.

use super::super::{Marked, dice::Dice};

/// What stands before the first literal's text, between two, and after the last.
pub(crate) const LANGUAGES: [(&str, &str, &str, &str); 24] = [
    ("python +", "t = \"", "\" + \"", "\"\n"),
    ("python adjacent", "t = ('", "' '", "')\n"),
    ("python lines", "t = (\n    \"", "\"\n    \"", "\"\n)\n"),
    ("python comment", "t = (\n    \"", "\"  # so long\n    \"", "\"\n)\n"),
    ("python prefixes", "t = b'", "' + b'", "'\n"),
    ("python continuation", "t = \"", "\" \\\n    \"", "\"\n"),
    ("python join", "t = ''.join(['", "', '", "'])\n"),
    ("javascript +", "const t = '", "' +\n  '", "';\n"),
    ("javascript template", "const t = `", "` + `", "`;\n"),
    ("javascript concat", "const t = \"", "\".concat(\"", "\");\n"),
    ("javascript join", "const t = [\n  \"", "\",\n  \"", "\",\n].join('')\n"),
    ("javascript comment", "const t = '", "' + // so long\n  '", "';\n"),
    ("php", "$t = '", "' . '", "';\n"),
    ("lua", "local t = \"", "\" .. \"", "\"\n"),
    ("c", "char t[] = \"", "\"\r\n  \"", "\";\r\n"),
    ("java", "String t = \"", "\"\n\t\t+ \"", "\";\n"),
    ("sql", "SELECT '", "' || '", "';\n"),
    ("basic", "t = \"", "\" & \"", "\"\n"),
    ("haskell", "t = \"", "\" ++ \"", "\"\n"),
    ("r", "t <- paste0(\"", "\", \"", "\")\n"),
    ("shell", "T=\"", "\"\"", "\"\n"),
    ("shell quotes", "T='", "'\"'\"'", "'\n"),
    ("notebook", "{\"source\": [\"t = '", "' +\\n\", \"  '", "'\\n\"]}"),
    ("diff", "+t = ('", "'\n+     '", "')\n"),
];

/// How short the first literal may be: `hf`, or the whole prefix of another kind.
fn shortest_first(token: &[u8]) -> usize {
    if token.starts_with(b"hf_") { 2 } else { 18.min(token.len() - 1) }
}

/// Splits a plain token over two to four literals of a language.
pub(crate) fn wrap(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let (_, open, glue, close) = LANGUAGES[dice.below(LANGUAGES.len())];
    let token = &text.bytes[text.token.clone()];
    let mut bytes = open.as_bytes().to_vec();
    let start = bytes.len();
    let mut position = 0;
    let mut least = shortest_first(token);
    for _ in 0..=dice.below(3) {
        let Some(spare) = (token.len() - 2).checked_sub(position + least).filter(|&s| s > 0) else {
            break;
        };
        let end = position + least + dice.below(spare.min(40));
        bytes.extend(&token[position..end]);
        bytes.extend(glue.as_bytes());
        (position, least) = (end, 2);
    }
    bytes.extend(&token[position..]);
    let token = start..bytes.len();
    Marked { bytes, token }.between("import os\n", [close, "run(t)\n"].concat())
}
