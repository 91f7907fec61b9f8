//! The `Link` header, which names the next page of a list (RFC 8288, section 3).

use crate::fields::{split_unquoted, unquoted};

/// The target of the first link whose relation types include `next`.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (target, after) = after.split_once('>')?;
        let end = end_of_link(after);
        let (parameters, following) = after.split_at_checked(end)?;
        if is_next(parameters) {
            return Some(target);
        }
        rest = following;
    }
}

/// Where the next link starts: at a comma that stands in no quoted string.
fn end_of_link(parameters: &str) -> usize {
    unquoted(parameters, ',').next().unwrap_or(parameters.len())
}

fn is_next(parameters: &str) -> bool {
    split_unquoted(parameters, ';')
        .into_iter()
        .filter_map(|parameter| parameter.split_once('='))
        // A link has one relation parameter; the RFC has later ones ignored.
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("rel"))
        .is_some_and(|(_, value)| {
            let relations = value.trim().trim_matches('"');
            relations.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next"))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_the_next_page_among_other_links() {
        for (header, expected) in [
            ("<https://h/a?cursor=x>; rel=\"next\"", Some("https://h/a?cursor=x")),
            ("<https://h/a>;rel=next", Some("https://h/a")),
            ("<https://h/x>; rel=\"xet-auth\", <https://h/b>; rel=\"next\"", Some("https://h/b")),
            ("<https://h/a>; title=\"a, <b>; rel=next\"; rel=prev", None),
            ("<https://h/a>; REL=\"prev Next\"", Some("https://h/a")),
            ("<https://h/a>; rel=prev; rel=next", None),
            ("<https://h/a; rel=next", None),
            ("", None),
        ] {
            assert_eq!(next(header), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_is_written(
            pages in prop::collection::vec("[a-z/?=&.:]{1,20}", 1..5),
            at in 0usize..5,
            title in "[ -!#-\\[\\]-~]{0,20}",
        ) {
            let links = pages.iter().enumerate().map(|(i, page)| {
                let relation = if i == at { "next" } else { "last" };
                format!("<{page}>; title=\"{title}\"; rel=\"{relation}\"")
            });
            let header = links.collect::<Vec<_>>().join(", ");
            prop_assert_eq!(next(&header), pages.get(at).map(String::as_str));
        }

        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,200}") {
            let target = next(&text);
            prop_assert!(target.is_none_or(|target| text.contains(target)));
        }
    }
}
