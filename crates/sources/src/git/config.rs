//! The few settings of a repository that say how to read it (git-config, "Syntax").
//!
//! They are read as text. Nothing in them is run, no file that they name is opened, and none of them
//! changes what is scanned.

/// The last value of a setting. `section` and `key` are in lower case.
pub(crate) fn value<'a>(text: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let (mut is_in_section, mut found) = (false, None);
    for mut line in text.lines().map(str::trim) {
        if let Some((name, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            is_in_section = name.trim().eq_ignore_ascii_case(section);
            line = rest;
        }
        if is_in_section
            && let Some((name, value)) = line.split_once('=')
            && name.trim().eq_ignore_ascii_case(key)
        {
            let value = value.split(['#', ';']).next().unwrap_or_default();
            found = Some(value.trim().trim_matches('"'));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found_in_their_section() {
        let text = "[core]\n\tbare = true\n[Extensions]\n\tobjectFormat = \"sha256\" # new\n\
                    [other]\nobjectformat = x\n";
        assert_eq!(value(text, "extensions", "objectformat"), Some("sha256"));
        assert_eq!(value(text, "core", "bare"), Some("true"));
        assert_eq!(value(text, "extensions", "partialclone"), None);
        let one_line = "[extensions] objectFormat = sha256\n[a] b = c\n";
        assert_eq!(value(one_line, "extensions", "objectformat"), Some("sha256"));
        assert_eq!(value(one_line, "extensions", "b"), None);
    }
}
