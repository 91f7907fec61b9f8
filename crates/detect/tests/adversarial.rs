//! Inputs made to be slow.

mod common;

use std::time::{Duration, Instant};

use common::{
    Marked,
    dice::Dice,
    layers::{Density, Layer, base64::Layout},
    scan,
    tokens::{Credential, KINDS},
};

/// The size of an input.
const SIZE: usize = if cfg!(debug_assertions) { 1 << 18 } else { 1 << 20 };

/// How much slower than a list of tokens an input may be searched. Plain text is no measure, since
/// a prefilter skips it at the speed of memory with optimisation and at no speed without.
const MOST: u32 = 20;

/// A unit over and over, up to the size.
fn repeated(unit: impl AsRef<[u8]>) -> Vec<u8> {
    let unit = unit.as_ref();
    let mut bytes = unit.repeat(SIZE.div_ceil(unit.len()));
    bytes.truncate(SIZE);
    bytes
}

/// The shortest of so many searches, and whether it was complete.
fn time(bytes: &[u8], times: usize) -> (Duration, bool) {
    let search = || {
        let start = Instant::now();
        let complete = scan(bytes).complete;
        (start.elapsed(), complete)
    };
    (0..times).map(|_| search()).min().expect("at least once")
}

fn base64_of(bytes: Vec<u8>) -> Vec<u8> {
    let layout = Layout { url: false, padded: true, wrapped: None };
    let mut encoded = layout.encode(&Marked { bytes, token: 0..1 }).bytes;
    encoded.truncate(SIZE);
    encoded
}

/// A token in so many layers, each chosen in turn.
fn nested(depth: usize) -> Vec<u8> {
    let token = Credential::draw(KINDS[0], 9);
    let mut dice = Dice::new(b"nested");
    let layers = [Layer::Json(Density::Some), Layer::Html(Density::Needed), Layer::Base64];
    let mut text = Marked::bare(&token.value);
    for layer in layers.iter().cycle().take(depth) {
        text = layer.wrap(&text, &mut dice);
    }
    text.bytes
}

type Inputs = Vec<(&'static str, Vec<u8>)>;

fn plain_inputs() -> Inputs {
    let token = Credential::draw(KINDS[0], 8).value;
    let jwt = Credential::draw(KINDS[2], 8).value;
    let id = format!("HFAK{}", "7Q2ZX9M4T1V8");
    let every_needle = concat!(
        "hf_ api_org_ oauth_app_secret_ HFAK hf\" hf' hf` hf\\ \\u005f \\u{68} \\U0000005f \\x5f \\137 ",
        "\\N{LOW LINE} %5f %68 %255f %252568 &#95; &#x68 &#0102 &lowbar; &amp;#95; =5F =68 h=\nf hf=\n_ ",
        "aGZfQkRvVHpMcFdtWGNKbllibEdz xhmXQkRvVHpMcFdtWGNKbllibEdz 68665f51 68 66 5f h\0f\0_\0 "
    );
    vec![
        ("every needle", repeated(every_needle)),
        ("every needle on a line", repeated(every_needle.replace('\n', "\r\n"))),
        ("prefixes", repeated("hf_")),
        ("prefixes apart", repeated("hf_ ")),
        ("JWT prefixes", repeated("hf_jwt_eyJ")),
        ("JWT prefixes and dots", repeated("hf_jwt_eyJhbGciOiJF.")),
        ("JWTs cut short", repeated(&jwt[..jwt.len() - 80])),
        ("JWTs", repeated(format!("{jwt}\n"))),
        ("access keys", repeated(format!("{id}K3PB "))),
        ("access keys and escapes", repeated(format!("{id} %2F \\/ &#"))),
        ("access keys and secrets", repeated(format!("{id} {} ", &token[3..]))),
        ("app secrets and ids", repeated(format!("oauth_app_secret_{} 01234567-", &token[3..]))),
        ("tokens", repeated(format!("{token}\n"))),
        ("tokens touching", repeated(&token)),
        ("tokens in binary data", repeated(format!("\0{token}A"))),
        ("prefix and quote", repeated("hf_\"+\"")),
        ("prefixes in quotes", repeated("\"hf_\", ")),
        ("letters in quotes", repeated("hf\"\"")),
        ("quotes", repeated("hf_\"\"\"\"\"\"\"\"")),
        ("comments", repeated("hf_' # \\n ")),
        ("glue", repeated(format!("hf_'{}", "+ ".repeat(119)))),
    ]
}

fn escaped_inputs() -> Inputs {
    vec![
        ("hex escapes", repeated("\\x5f")),
        ("hex escapes of prefixes", repeated("\\x68\\x66\\x5f")),
        ("escapes that are none", repeated("\\U0000005 ")),
        ("escaped line breaks", repeated("\\\nhf_")),
        ("an indent", repeated(format!("\\x5f\\\n{}", " ".repeat(3000)))),
        ("backslashes", repeated("\\")),
        ("deep escapes", repeated(format!("{}u005f", "\\".repeat(1 << 9)))),
        ("deep percent", repeated(format!("%{}5f", "25".repeat(99)))),
        ("percent", repeated("%5f%5F%68%66")),
        ("percent of percent", repeated("%255f")),
        ("references", repeated("&#95;")),
        ("references of references", repeated("&amp;#95;")),
        ("deep references", repeated(format!("&{}#95;", "amp;".repeat(99)))),
        ("names that are none", repeated("wbar;UnderBar;")),
        ("quoted-printable", repeated("=5F=68=66")),
        ("soft line breaks", repeated("hf=\n_")),
        ("soft line breaks and blanks", repeated("h=\nf=      \n")),
        ("all escapes", repeated("\\x5f&#95;%5f=5F")),
        ("all escapes on lines", repeated("\\x5f&#95;%5f=5F\n")),
    ]
}

fn digit_inputs() -> Inputs {
    let token = Credential::draw(KINDS[0], 8).value;
    vec![
        ("base64 of prefixes", base64_of(repeated("hf_"))),
        ("base64 of tokens", base64_of(repeated(format!("{token}\n")))),
        ("base64 of base64", base64_of(base64_of(repeated("hf_ ")))),
        ("base64 of base64 of base64", base64_of(base64_of(base64_of(repeated("hf_  "))))),
        ("base64 cores", repeated("aGZfhmXoZl")),
        ("base64 lines", repeated(format!("{}\n", "aGZf".repeat(4)))),
        ("base64 lines that fit no group", repeated(format!("{}a\n", "aGZf".repeat(4)))),
        (
            "base64 lines that are indented",
            repeated(format!("{}{}\n", " ".repeat(64), "aGZf".repeat(4))),
        ),
        ("base64 slashes", repeated("%2FHWmY\\/aGZf")),
        ("hex", repeated("68665f")),
        ("hex at both parities", repeated("68665f0")),
        ("hex of hex", repeated("363836363566")),
        ("spaced hex", repeated("68 66 5f ")),
        ("UTF-16", repeated("h\0f\0_\0")),
        ("UTF-32", repeated("h\0\0\0f\0\0\0_\0\0\0")),
        ("UTF-16 and UTF-32", repeated("h\0f\0_\0h\0\0\0f\0\0\0_\0\0\0")),
    ]
}

fn inputs() -> Inputs {
    let nested = [3, 6, 9, 12].map(|depth| ("nested", repeated(nested(depth))));
    [plain_inputs(), escaped_inputs(), digit_inputs(), nested.to_vec()].concat()
}

/// The work for a byte has a limit, and so the work for an input grows no faster than it.
#[test]
fn nothing_takes_much_longer_than_a_list_of_tokens() {
    let token = Credential::draw(KINDS[0], 8).value;
    let usual = time(&repeated(format!("{token}\n")), 3).0;
    for (name, bytes) in inputs() {
        let within = |times| time(&bytes, times).0 < usual * MOST;
        // Something else may have run on this machine.
        assert!(within(1) || within(3), "{name}: {:?}, a list {usual:?}", time(&bytes, 1).0);
    }
}

#[test]
fn a_search_says_when_its_budget_ran_out() {
    for (name, bytes) in escaped_inputs() {
        let expected = match name {
            "all escapes" | "all escapes on lines" | "deep escapes" | "deep percent" => false,
            "deep references" => continue,
            _ => true,
        };
        assert_eq!(scan(&bytes).complete, expected, "{name}");
    }
}

/// What is written plainly is found whatever else could not be decoded.
#[test]
fn an_empty_budget_hides_no_plain_token() {
    let token = Credential::draw(KINDS[0], 10);
    let slow = repeated("\\x5f&#95;%5f=5F");
    let text = [&slow, &b"\nHF_TOKEN="[..], token.value.as_bytes(), b"\n"].concat();
    let scan = scan(&text);
    assert!(!scan.complete);
    let found: Vec<_> = scan.candidates.iter().map(|c| c.token.fingerprint().to_string()).collect();
    assert_eq!(found, [token.fingerprint()]);
}
