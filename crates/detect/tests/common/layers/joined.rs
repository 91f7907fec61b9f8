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

/// How short the first literal may be: the prefix, and of the longer ones all that is looked for.
fn shortest_first(token: &[u8]) -> usize {
    if token.starts_with(b"hf_") { 3 } else { 18.min(token.len() - 1) }
}

/// Splits a plain token over two to four literals of a language. None but the last is a single
/// character, which could be an operator or the prefix of a literal.
pub(crate) fn wrap(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let language = dice.below(LANGUAGES.len());
    let token = &text.bytes[text.token.clone()];
    let mut cuts = Vec::new();
    let (mut position, mut least) = (0, shortest_first(token));
    for _ in 0..=dice.below(3) {
        let Some(spare) = (token.len() - 2).checked_sub(position + least).filter(|&s| s > 0) else {
            break;
        };
        position += least + dice.below(spare.min(40));
        position += usize::from(text.is_user_token_before(position));
        cuts.push(position);
        least = 2;
    }
    split(text, language, &cuts)
}

/// Splits a plain token at some places into literals of a language.
pub(crate) fn split(text: &Marked, language: usize, cuts: &[usize]) -> Marked {
    let (_, open, glue, close) = LANGUAGES[language];
    let token = &text.bytes[text.token.clone()];
    let edges = [&[0], cuts, &[token.len()]].concat();
    let pieces: Vec<&[u8]> = edges.windows(2).map(|edge| &token[edge[0]..edge[1]]).collect();
    let bytes = pieces.join(glue.as_bytes());
    let token = 0..bytes.len();
    let (before, after) = (["import os\n", open].concat(), [close, "run(t)\n"].concat());
    Marked { bytes, token }.between(before, after)
}
