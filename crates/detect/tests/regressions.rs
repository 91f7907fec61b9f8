//! What tests and fuzzing have found, one case each.

mod common;

use bearhug_core::{Confidence, Encoding, Kind};
use common::{
    Marked,
    dice::Dice,
    layers::{Density, Layer, base64::Layout},
    scan,
    tokens::Credential,
};

fn user(seed: u64) -> Credential {
    Credential::draw(Kind::UserToken, seed)
}

fn base64(text: &str, padded: bool) -> String {
    let layout = Layout { url: false, padded, wrapped: None };
    String::from_utf8(layout.encode(&Marked::bare(text)).bytes).expect("digits are ASCII")
}

/// The fingerprints of what is found, in order of place.
fn found(text: &str) -> Vec<String> {
    let scan = scan(text);
    assert!(scan.complete);
    scan.candidates.iter().map(|c| c.token.fingerprint().to_string()).collect()
}

fn names(credentials: &[Credential]) -> Vec<String> {
    credentials.iter().map(Credential::fingerprint).collect()
}

/// Fifty digits a line are no whole number of groups, so as one text only every other line would
/// be read.
#[test]
fn a_list_of_unpadded_base64_is_read_line_by_line() {
    let tokens: Vec<Credential> = (0..40).map(user).collect();
    let lines: Vec<String> = tokens.iter().map(|t| base64(&t.value, false)).collect();
    assert_eq!(found(&lines.join("\n")), names(&tokens));
}

/// Texts of a length that needs no padding follow one another without a gap when their lines are
/// taken for one text.
#[test]
fn a_list_of_whole_groups_is_read_line_by_line() {
    let tokens: Vec<Credential> = (0..40).map(user).collect();
    let lines: Vec<String> =
        tokens.iter().map(|t| base64(&format!("HF_TOKEN=\"{}\"", t.value), false)).collect();
    assert!(lines.iter().all(|line| line.len() % 4 == 0 && !line.ends_with('=')));
    assert_eq!(found(&lines.join("\r\n")), names(&tokens));
    let glued: Vec<String> =
        tokens.iter().map(|t| base64(&format!("bearhug:{}", t.value), false)).collect();
    assert!(glued.iter().all(|line| line.len() % 4 == 0 && !line.ends_with('=')));
    assert_eq!(found(&glued.join("\n")), names(&tokens));
}

/// A lone `=` at the end of a line pads it. It could be a line break of quoted-printable.
#[test]
fn a_list_of_padded_base64_is_read_line_by_line() {
    let tokens: Vec<Credential> = (0..40).map(user).collect();
    let lines: Vec<String> =
        tokens.iter().map(|t| base64(&format!("={}", t.value), true)).collect();
    assert!(lines.iter().all(|line| line.ends_with('=') && !line.ends_with("==")));
    assert_eq!(found(&lines.join("\n")), names(&tokens));
}

/// The `n` of a line break written `\n` is no digit.
#[test]
fn a_written_line_break_in_the_prefix_is_no_digit() {
    let token = user(1);
    for before in 40..60 {
        let text = Marked::bare(&token.value).between("x".repeat(before - 1) + " ", "");
        for line_break in ["\\n", "\\\\n", "\\r\\n", "%0A", "=\n", "\r\n"] {
            let wrapped = Some((60, line_break));
            let layout = Layout { url: false, padded: false, wrapped };
            let Marked { bytes, token: span } = layout.encode(&text);
            let scan = scan(&bytes);
            let spans: Vec<_> = scan.candidates.iter().map(|c| c.span.clone()).collect();
            // Where the break cuts the literal, not every way of writing it is noticed.
            let cut = bytes[span.start..span.start + 6].iter().any(|b| !b.is_ascii_alphanumeric());
            assert!(spans == [span] || (cut && spans.is_empty()), "{before} {line_break:?}");
            assert!(!cut || line_break != "\\n" || !spans.is_empty(), "{before}");
        }
    }
}

#[test]
fn a_wide_token_is_found_where_it_stands() {
    let token = user(2);
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("x={}\r\n", token.value).encode_utf16().flat_map(order).collect()
    };
    for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        let scan = scan(&bytes);
        let spans: Vec<_> = scan.candidates.iter().map(|c| c.span.clone()).collect();
        assert_eq!(spans, vec![4..4 + 2 * token.value.len()]);
    }
}

/// What is nested too deep is a gap of its own and does not end decoding elsewhere.
#[test]
fn nesting_too_deep_hides_nothing_else() {
    let token = user(3);
    let deep = "\\".repeat(1 << 9) + "u005f";
    let text = format!("{deep}\n{}\n{deep}\n", base64(&token.value, true));
    let scan = scan(text);
    assert!(!scan.complete);
    assert_eq!(scan.candidates.len(), 1);
    assert_eq!(scan.candidates[0].encodings, [Encoding::Base64]);
}

/// A lease is longer than a user token, so one that breaks off late could pass for neither.
#[test]
fn a_lease_may_break_off_late() {
    let lease = Credential::draw(Kind::Lease, 4);
    for cut in (3..lease.value.len()).filter(|&cut| cut != 37) {
        let (head, tail) = lease.value.split_at(cut);
        assert_eq!(found(&format!("t = '{head}' + '{tail}'")), names(std::slice::from_ref(&lease)));
    }
}

/// A comment between two literals ends with its line, which a notebook writes as `\n`, and a
/// literal's prefix may stand before an escaped quote.
#[test]
fn literals_are_joined_in_a_notebook() {
    let token = user(5);
    let (head, tail) = token.value.split_at(20);
    for code in [
        format!("t = ('{head}'  # so long\n     '{tail}')  # 'x'\n"),
        format!("t = \"{head}\" + f\"{tail}\"\n"),
        format!("t = (b\"{head}\"\n     b\"{tail}\")\n"),
    ] {
        let mut dice = Dice::new(&[]);
        let json = Layer::Json(Density::Needed).wrap(&Marked::bare(&code), &mut dice);
        let text = String::from_utf8(json.bytes).expect("JSON is text");
        assert_eq!(found(&text), names(std::slice::from_ref(&token)), "{code}");
    }
}

/// A line break of quoted-printable in a mail that a JSON export holds.
#[test]
fn a_soft_line_break_may_be_escaped() {
    let token = user(6);
    let (head, tail) = token.value.split_at(20);
    for line_break in ["\\n", "\\r\\n"] {
        let text = format!("{{\"body\": \"token:{head}={line_break}{tail}\"}}");
        assert_eq!(found(&text), names(std::slice::from_ref(&token)));
    }
}

/// A backslash at the end of a line joins it to the next, unless it is escaped itself.
#[test]
fn an_escaped_backslash_ends_a_line() {
    let token = user(7);
    let escaped = token.value.replace('_', "\\x5f");
    for line in ["C:\\\\", "\\\\\\", "x\\\\\\\\", "\\hline \\\\"] {
        for line_break in ["\n", "\r\n"] {
            let text = format!("{line}{line_break}t = \"{escaped}\"\n");
            assert_eq!(found(&text), names(std::slice::from_ref(&token)), "{line:?}");
        }
    }
}

/// What dresses a part of a value, or is not seen at all, is not a part of it. What stands in a tag is
/// still found.
#[test]
fn tags_and_unseen_characters_are_taken_out_of_words() {
    let token = user(0);
    let (start, end) = token.value.split_at(12);
    let (prefix, rest) = token.value.split_at(2);
    for text in [
        format!(
            "<pre>token = <span class=\"s\">{start}</span><span class=\"n\">{end}</span></pre>"
        ),
        format!("<p>token {start}<wbr>{end}</p>"),
        format!("<p>token {start}&shy;{end}</p>"),
        format!("<p>token {start}\u{200b}{end}</p>"),
        format!("<b>{prefix}</b>{rest}"),
        format!("<a title=\"{start}&#8203;{end}\">hf_<b>x</b></a>"),
    ] {
        assert_eq!(found(&text), [token.fingerprint()], "{text}");
    }
    let apart = format!("{start}<br>{end}");
    assert!(found(&apart).is_empty());
}

/// Without its tags a window reaches further, and hid what stands in a tag of the next line.
#[test]
fn a_tag_over_two_lines_hides_nothing() {
    let token = user(0);
    let text = format!("<a data-x=\"it&amp;#x27;s\nhf&amp;lowbar;{}\">", &token.value[3..]);
    assert_eq!(found(&text), [token.fingerprint()]);
}

/// Texts of one width, as NumPy keeps an array of them, with nothing between one that is as long as
/// that and the next. A text that is longer than a value is none.
#[test]
fn texts_of_one_width_stand_apart() {
    let token = user(0);
    let array = |texts: &[&str], width: usize| -> Vec<u8> {
        let text = |text: &str| format!("{text:\0<width$}").into_bytes();
        let wide = |b: u8| [b, 0, 0, 0];
        texts.iter().flat_map(|t| text(t)).flat_map(wide).collect()
    };
    let scanned = |bytes: &[u8]| scan(bytes).candidates.len();
    assert_eq!(scanned(&array(&["ada", &token.value, "carol", "x"], 37)), 1);
    assert_eq!(scanned(&array(&["ada", &format!("{}y", token.value), "carol"], 67)), 0);
}

/// A length that stands before a text says where it ends.
#[test]
fn a_length_before_a_longer_text_speaks_against_its_start() {
    let token = user(0);
    let confidences = |text: &str| -> Vec<_> {
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        let bytes = [&length, text.as_bytes(), &length, b"\0x"].concat();
        scan(&bytes).candidates.iter().map(|c| c.assessment.confidence).collect()
    };
    assert_eq!(confidences(&token.value), [Confidence::High]);
    assert_eq!(confidences(&format!("{}abc", token.value)), [Confidence::Low]);
}

/// A string that a backslash continues in the next line, which a notebook keeps as two.
#[test]
fn a_backslash_continues_a_string_in_a_notebook() {
    let token = user(0);
    let (start, end) = token.value.split_at(12);
    let source = format!("[\n \"t = \\\"{start}\\\\\\n\",\n \"{end}\\\"\\n\"\n]");
    assert_eq!(found(&source), [token.fingerprint()]);
}
