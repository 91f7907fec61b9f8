//! Scrubbing against what a plain search finds.

use bearhug_core::Kind;
use data_encoding::{BASE64, BASE64URL};
use proptest::prelude::*;

use super::*;

fn value() -> String {
    format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0)
}

fn scrubber() -> Scrubber {
    Scrubber::new(&Token::new(Kind::UserToken, value()))
}

fn scrubbed(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = text.as_ref().to_vec();
    scrubber().scrub(&mut bytes);
    bytes
}

/// What somebody reads who knows how servers write things down.
fn can_be_read_in(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/-_".contains(c));
    let decoded = runs.flat_map(|run| {
        (0..4.min(run.len())).flat_map(move |start| {
            let run = run.get(start..).unwrap_or_default();
            let run = run.get(..run.len() / 4 * 4).unwrap_or_default().as_bytes();
            [BASE64.decode(run), BASE64URL.decode(run)].into_iter().flatten()
        })
    });
    let percent = percent_encoding::percent_decode(bytes).collect();
    [bytes.to_vec(), percent].into_iter().chain(decoded).any(|form| {
        // Half a token is too much already.
        memmem::find(&form, &value().as_bytes()[8..28]).is_some()
    })
}

#[test]
fn every_way_to_write_a_token_is_found() {
    let value = value();
    let all: Vec<String> = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let all = all.concat();
    for text in [
        value.clone(),
        format!("Bearer {value}"),
        value.replace('_', "%5F"),
        value.replace('_', "%5f"),
        all.to_uppercase(),
        all,
        BASE64.encode(format!("{value}:").as_bytes()),
        BASE64.encode(format!("u:{value}").as_bytes()),
        BASE64.encode(format!("us:{value}").as_bytes()),
        BASE64URL.encode(format!("user>?:{value}:ÿ").as_bytes()),
    ] {
        let clean = scrubbed(&text);
        assert!(!can_be_read_in(&clean), "{}", String::from_utf8_lossy(&clean));
        assert_eq!(clean.len(), text.len());
        assert!(clean.contains(&b'*'));
    }
}

#[test]
fn other_tokens_and_leases_stay() {
    let value = value();
    let other = value.replace('a', "b");
    let text = format!("{other} {} hf_lease", &value[..36]);
    assert_eq!(scrubbed(&text), text.as_bytes());
}

#[test]
fn a_token_cut_anywhere_does_not_get_through() {
    let value = value();
    let basic = BASE64.encode(format!("user:{value}").as_bytes());
    let text = format!("error: '{value}' or Basic {basic} is wrong");
    let whole = scrubbed(&text);
    for first in 0..text.len() {
        for second in [first, (first + 1).min(text.len()), (first + 40).min(text.len())] {
            let mut scrubbing = Scrubbing::new(scrubber());
            let mut out = Vec::new();
            for piece in [&text[..first], &text[first..second], &text[second..]] {
                out.extend(scrubbing.feed(piece.as_bytes()));
            }
            out.extend(scrubbing.finish());
            assert_eq!(out, whole, "cut at {first} and {second}");
        }
    }
}

#[test]
fn a_stream_of_events_is_not_held_back() {
    let mut scrubbing = Scrubbing::new(scrubber());
    let event = b"data: {\"line\": 1}\n\n";
    assert_eq!(scrubbing.feed(event), event);
    assert_eq!(scrubbing.feed(b"data: h"), b"data: ");
    assert_eq!(scrubbing.feed(b"ello\n"), b"hello\n");
}

#[test]
fn headers_lose_the_token_and_keep_everything_else() {
    let mut headers = HeaderMap::new();
    let message = format!("{} is not allowed, é", value());
    headers.insert("x-error-message", HeaderValue::from_bytes(message.as_bytes()).unwrap());
    headers.append("x-echo", HeaderValue::from_static("one"));
    headers.append("x-echo", HeaderValue::from_str(&format!("Bearer {}", value())).unwrap());
    scrubber().scrub_headers(&mut headers);
    let stars = "*".repeat(37);
    assert_eq!(
        headers["x-error-message"].as_bytes(),
        format!("{stars} is not allowed, é").as_bytes()
    );
    let echoes: Vec<_> = headers.get_all("x-echo").iter().collect();
    assert_eq!(echoes, ["one", &format!("Bearer {stars}")]);
}

proptest! {
    #[test]
    fn in_any_text_the_token_goes_and_the_rest_stays(
        before in "[ -~é\\n]{0,60}",
        after in "[ -~é\\n]{0,60}",
        times in 1usize..4,
    ) {
        let text = format!("{before}{}", format!("{}{after}", value()).repeat(times));
        let expected = format!("{before}{}", format!("{}{after}", "*".repeat(37)).repeat(times));
        prop_assert_eq!(scrubbed(&text), expected.as_bytes());
    }

    #[test]
    fn no_text_around_a_token_hides_it_in_base64(
        before in prop::collection::vec(any::<u8>(), 0..40),
        after in prop::collection::vec(any::<u8>(), 0..40),
        is_for_urls: bool,
    ) {
        let bytes = [before, value().into_bytes(), after].concat();
        let text = if is_for_urls { BASE64URL.encode(&bytes) } else { BASE64.encode(&bytes) };
        let clean = scrubbed(&text);
        prop_assert!(!can_be_read_in(&clean));
        prop_assert_eq!(clean.len(), text.len());
    }

    #[test]
    fn however_a_text_is_cut_the_same_comes_out(
        pieces in prop::collection::vec("[ -~]{0,20}|hf_|hf_aB3d", 0..12),
        at in 0usize..12,
        cuts in prop::collection::vec(0usize..60, 0..20),
    ) {
        let mut pieces = pieces;
        pieces.insert(at.min(pieces.len()), value());
        let text = pieces.concat();
        let mut scrubbing = Scrubbing::new(scrubber());
        let (mut out, mut rest) = (Vec::new(), text.as_bytes());
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            out.extend(scrubbing.feed(piece));
            rest = after;
        }
        out.extend(scrubbing.feed(rest));
        out.extend(scrubbing.finish());
        prop_assert_eq!(out, scrubbed(&text));
    }
}
