//! A token is found in every encoding, and in those that real tools put around one another.

mod common;

use bearhug_core::{Encoding, Kind};
use bearhug_detect::Candidate;
use common::{
    Marked,
    dice::Dice,
    layers::{
        Density::Needed,
        Layer,
        base64::{Layout, WIDTHS},
        joined::{self, LANGUAGES},
    },
    scan, text,
    tokens::{Credential, KINDS},
};
use proptest::prelude::*;

/// By what a token can be noticed in some text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visible {
    /// Itself.
    Plain,
    /// Its start, while the rest is spread over string literals.
    Joined,
    /// Escapes in the place of its characters.
    Escaped(Layer),
    /// What an encoding makes of it.
    Coded(Layer),
    /// The same on lines whose breaks are escaped.
    CodedLines,
    /// What an encoding makes of what another made of it.
    CodedTwice,
    /// Nothing that is looked for in yet another encoding.
    Last,
}

/// By what a token can be noticed when one more layer is put around it, if it can.
///
/// The layers are those that tools put there: what escapes more than it has to stands innermost.
fn around(visible: Visible, layer: Layer, kind: Kind) -> Option<Visible> {
    use Visible::{Coded, CodedLines, CodedTwice, Escaped, Joined, Last, Plain};
    let is_short = kind.prefix().starts_with("hf_");
    match (visible, layer) {
        _ if is_left(visible, layer) => Some(visible),
        (Plain, Layer::Joined) => Some(Joined),
        (Plain, Layer::SpacedHex) => is_short.then_some(Coded(layer)),
        (Plain | Joined, layer) if rewrites_all(layer) => Some(Coded(layer)),
        (Plain, _) => Some(Escaped(layer)),
        (Escaped(Layer::Json(_)), Layer::Base64) => Some(CodedTwice),
        (Coded(Layer::Base64 | Layer::Base64Lines | Layer::Utf16), Layer::Base64)
        | (Coded(Layer::Base64), Layer::Hex) => is_short.then_some(CodedTwice),
        (Coded(Layer::Base64), Layer::Utf16 | Layer::Utf32) => is_short.then_some(Last),
        (Coded(lines), Layer::Json(Needed) | Layer::Literal(Needed)) if is_lined(lines) => {
            Some(CodedLines)
        }
        (Coded(lines), Layer::Percent(Needed)) if is_lined(lines) => Some(Last),
        (CodedLines, Layer::Json(Needed) | Layer::Literal(Needed))
        | (Escaped(Layer::Html(_)), Layer::Html(Needed))
        | (Coded(Layer::Base64), Layer::QuotedPrintable(Needed)) => Some(Last),
        _ => None,
    }
}

/// Whether a layer leaves what is visible as it is, and escapes only what stands around it.
fn is_left(visible: Visible, layer: Layer) -> bool {
    use Visible::{Coded, CodedLines, CodedTwice, Escaped, Joined, Last, Plain};
    let no_text = matches!(visible, Last | Coded(Layer::Utf16 | Layer::Utf32));
    match layer {
        Layer::Json(Needed) | Layer::Literal(Needed) => match visible {
            Coded(coded) => !no_text && !is_lined(coded),
            _ => !no_text && !matches!(visible, CodedLines | Escaped(Layer::QuotedPrintable(_))),
        },
        // Its window ends with the line, and joined literals stand on several.
        Layer::Html(Needed) => !no_text && !matches!(visible, Joined | Escaped(Layer::Html(_))),
        Layer::Percent(Needed) => match visible {
            Plain | Joined | CodedTwice | Escaped(Layer::Percent(_)) => true,
            Coded(coded) => matches!(coded, Layer::Base64 | Layer::Hex),
            _ => false,
        },
        _ => false,
    }
}

fn rewrites_all(layer: Layer) -> bool {
    matches!(layer, Layer::Base64 | Layer::Hex) || is_lined(layer) || is_wide(layer)
}

fn is_lined(layer: Layer) -> bool {
    matches!(layer, Layer::Base64Lines | Layer::HexLines)
}

/// Layers that tools put around one another, the innermost first, chosen by some numbers.
fn chain(kind: Kind, choices: &[prop::sample::Index]) -> Vec<Layer> {
    let mut visible = Visible::Plain;
    let mut layers = Vec::new();
    for choice in choices {
        let fitting: Vec<(Layer, Visible)> = Layer::ALL
            .into_iter()
            .filter(|layer| *layer != Layer::Joined || layers.is_empty())
            .filter_map(|layer| Some((layer, around(visible, layer, kind)?)))
            .collect();
        if fitting.is_empty() {
            break;
        }
        let (layer, next) = fitting[choice.index(fitting.len())];
        layers.push(layer);
        visible = next;
    }
    layers
}

/// A token in text, in layers.
fn plant(token: &Credential, layers: &[Layer], words: usize, dice: &mut Dice<'_>) -> Marked {
    let mut planted = Marked::bare(&token.value);
    if layers.first() != Some(&Layer::Joined) {
        planted = planted.between(text::before(dice, words), text::after(dice, words));
    }
    for layer in layers {
        planted = layer.wrap(&planted, dice);
    }
    planted
}

/// The places of a token among what is found.
fn sightings(token: &Credential, bytes: &[u8]) -> Vec<Candidate> {
    let name = token.fingerprint();
    let mut candidates = scan(bytes).candidates;
    candidates
        .retain(|c| c.token.kind() == token.kind && c.token.fingerprint().to_string() == name);
    candidates
}

fn is_wide(layer: Layer) -> bool {
    matches!(layer, Layer::Utf16 | Layer::Utf32)
}

/// Whether a span is that of the planted token. With wide characters on both sides it may be that
/// of the other byte order, which reads the same.
fn is_at(found: &Candidate, planted: &Marked, layers: &[Layer]) -> bool {
    let off = if layers.iter().any(|&layer| is_wide(layer)) { 3 } else { 0 };
    let near = |a: usize, b: usize| a.abs_diff(b) <= off;
    near(found.span.start, planted.token.start) && near(found.span.end, planted.token.end)
}

/// Whether all of `few` are among `many`. Escapes of different sorts may be undone in any order.
fn are_among(few: &[Encoding], many: &[Encoding]) -> bool {
    let count = |encodings: &[Encoding], e| encodings.iter().filter(|other| **other == e).count();
    few.iter().all(|&e| count(few, e) <= count(many, e))
}

fn check(token: &Credential, layers: &[Layer], planted: &Marked) -> Result<(), TestCaseError> {
    let found = sightings(token, &planted.bytes);
    prop_assert!(!found.is_empty(), "{token:?} is missed in {layers:?}: {planted:?}");
    let spans: Vec<_> = found.iter().map(|c| c.span.clone()).collect();
    prop_assert!(
        found.iter().any(|c| is_at(c, planted, layers)),
        "{token:?} is found at {spans:?}, stands at {:?} in {layers:?}: {planted:?}",
        planted.token,
    );
    let all: Vec<Encoding> = layers.iter().map(|layer| layer.encoding()).collect();
    for candidate in &found {
        let reported = &candidate.encodings;
        prop_assert!(are_among(reported, &all), "{reported:?} of {layers:?}: {planted:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::cases(4000))]

    #[test]
    fn a_token_is_found_in_every_layer(
        layer in prop::sample::select(&Layer::ALL[..]),
        (kind, seed) in (prop::sample::select(&KINDS[..]), any::<u64>()),
        choices in prop::collection::vec(any::<u8>(), 0..24),
        words in prop_oneof![4 => 0..6_usize, 1 => 0..200_usize],
    ) {
        prop_assume!(around(Visible::Plain, layer, kind).is_some());
        let token = Credential::draw(kind, seed);
        let planted = plant(&token, &[layer], words, &mut Dice::new(&choices));
        check(&token, &[layer], &planted)?;
    }

    #[test]
    fn a_token_is_found_in_layers_of_layers(
        links in prop::collection::vec(any::<prop::sample::Index>(), 2..5),
        (kind, seed) in (prop::sample::select(&KINDS[..]), any::<u64>()),
        choices in prop::collection::vec(any::<u8>(), 0..24),
        words in prop_oneof![4 => 0..6_usize, 1 => 0..200_usize],
    ) {
        let token = Credential::draw(kind, seed);
        let layers = chain(kind, &links);
        let planted = plant(&token, &layers, words, &mut Dice::new(&choices));
        check(&token, &layers, &planted)?;
    }
}

/// Asserts that a token is found exactly where it stands.
fn assert_found(token: &Credential, planted: &Marked, what: &str) {
    let spans: Vec<_> = sightings(token, &planted.bytes).into_iter().map(|c| c.span).collect();
    assert_eq!(spans, std::slice::from_ref(&planted.token), "{what}: {planted:?}");
}

#[test]
fn base64_is_read_at_every_alignment_and_in_every_layout() {
    let mut layouts = Vec::new();
    for (url, padded) in [(false, false), (false, true), (true, false), (true, true)] {
        layouts.push(Layout { url, padded, wrapped: None });
        for width in WIDTHS {
            for line_break in ["\n", "\r\n", "\\n", "\n    ", "\n\t"] {
                layouts.push(Layout { url, padded, wrapped: Some((width, line_break)) });
            }
        }
    }
    for (seed, layout) in (0..).zip(layouts) {
        for before in 0..60 {
            let token = Credential::draw(Kind::UserToken, seed);
            // Bytes that are written with the two characters in which the alphabets differ.
            let head = "ÿþ?>".repeat(16);
            let start = (0..=before).rev().find(|&i| head.is_char_boundary(i)).unwrap_or(0);
            let text = Marked::bare(&token.value).between([&head[..start], " "].concat(), " ÿþ");
            assert_found(&token, &layout.encode(&text), &format!("{layout:?} {before}"));
        }
    }
}

#[test]
fn a_value_is_joined_in_every_language_wherever_it_is_split() {
    for (seed, language) in (0..).zip(0..LANGUAGES.len()) {
        let token = Credential::draw(Kind::UserToken, seed);
        let text = Marked::bare(&token.value);
        for cut in 2..token.value.len() {
            let name = LANGUAGES[language].0;
            assert_found(&token, &joined::split(&text, language, &[cut]), name);
            if cut + 2 < token.value.len() && cut > 2 {
                assert_found(&token, &joined::split(&text, language, &[cut, cut + 2]), name);
            }
        }
    }
}

/// What two layers make of a token is found for every pair that real tools make.
#[test]
fn every_pair_of_layers_is_read() {
    let mut pairs = 0;
    for kind in [Kind::UserToken, Kind::OauthAccessToken, Kind::OrgToken] {
        for inner in Layer::ALL {
            let Some(visible) = around(Visible::Plain, inner, kind) else { continue };
            for outer in Layer::ALL {
                if around(visible, outer, kind).is_none() || outer == Layer::Joined {
                    continue;
                }
                pairs += 1;
                for seed in 0..20_u64 {
                    let token = Credential::draw(kind, seed);
                    let choices = seed.to_be_bytes();
                    let layers = [inner, outer];
                    let planted = plant(&token, &layers, 4, &mut Dice::new(&choices));
                    check(&token, &layers, &planted).unwrap();
                }
            }
        }
    }
    assert!(pairs > 200, "{pairs} pairs");
}
