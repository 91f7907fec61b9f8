//! Large inputs are cut into pieces. What is found does not depend on where.

mod common;

use std::collections::BTreeSet;

use bearhug_detect::{CONTEXT_AFTER, CONTEXT_BEFORE};
use common::{
    Marked,
    dice::Dice,
    layers::Layer,
    scan, text,
    tokens::{Credential, KINDS},
};
use proptest::prelude::*;

/// Fingerprints and the offsets of what was found in the whole input.
type Found = BTreeSet<(String, usize)>;

fn whole(bytes: &[u8]) -> Found {
    scan(bytes)
        .candidates
        .iter()
        .map(|c| (c.token.fingerprint().to_string(), c.span.start))
        .collect()
}

/// What is found in pieces of a size, each with its context, of which each answers for its own.
fn in_pieces(bytes: &[u8], size: usize) -> Found {
    let mut found = Found::new();
    for own_from in (0..bytes.len()).step_by(size) {
        let own_to = bytes.len().min(own_from + size);
        let offset = own_from.saturating_sub(CONTEXT_BEFORE);
        let end = bytes.len().min(own_to + CONTEXT_AFTER);
        let piece = scan(&bytes[offset..end]);
        let own = own_from - offset..own_to - offset;
        let candidates = piece.candidates.iter().filter(|c| own.contains(&c.span.start));
        found
            .extend(candidates.map(|c| (c.token.fingerprint().to_string(), offset + c.span.start)));
    }
    found
}

/// What stands between the tokens: text, and data that is none.
fn filling(dice: &mut Dice<'_>) -> Vec<u8> {
    let most = [3, 30, 200][dice.below(3)];
    let mut bytes = text::words(dice, most).into_bytes();
    match dice.below(8) {
        0 => bytes.extend([0; 16]),
        1 => {
            let noise = (0..dice.below(200)).map(|_| dice.roll().to_le_bytes()[0]);
            bytes.extend(noise);
        }
        2 => bytes.extend(vec![b'='; 20 * dice.below(200)]),
        3 => bytes.push(b'x'),
        _ => bytes.push(b'\n'),
    }
    bytes
}

/// A document of tokens in layers.
fn document(tokens: usize, layers: &[Layer], dice: &mut Dice<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for seed in 0..tokens {
        let kind = KINDS[dice.below(KINDS.len())];
        let token = Credential::draw(kind, seed as u64);
        let mut planted = Marked::bare(&token.value);
        match layers[dice.below(layers.len())] {
            Layer::Joined => planted = Layer::Joined.wrap(&planted, dice),
            layer if dice.once_in(2) => {
                planted = planted.between(text::before(dice, 4), text::after(dice, 4));
                planted = layer.wrap(&planted, dice);
            }
            _ => {}
        }
        bytes.extend(filling(dice));
        bytes.extend(planted.bytes);
    }
    bytes
}

proptest! {
    #![proptest_config(common::cases(150))]

    #[test]
    fn pieces_find_what_the_whole_does(
        tokens in 1..120_usize,
        layers in prop::sample::subsequence(&Layer::ALL[..], 1..6),
        choices in prop::collection::vec(any::<u8>(), 0..40),
        // Wide characters stand at whole offsets in the pieces as they do in the whole.
        size in prop_oneof![Just(1 << 10), Just(4 << 10), 250..7500_usize].prop_map(|n| n * 4),
    ) {
        let bytes = document(tokens, &layers, &mut Dice::new(&choices));
        let (all, pieced) = (whole(&bytes), in_pieces(&bytes, size));
        let missed: Vec<_> = all.difference(&pieced).collect();
        let extra: Vec<_> = pieced.difference(&all).collect();
        prop_assert!(missed.is_empty() && extra.is_empty(),
            "pieces of {size} of {}: missed {missed:?}, extra {extra:?}", bytes.len());
        // Some are glued to what stands beside them.
        prop_assert!(tokens < 20 || all.len() >= tokens / 4, "{} of {tokens}", all.len());
    }
}

/// A token at every place around the border of two pieces belongs to one of them.
#[test]
fn a_token_on_a_border_is_found_once() {
    const SIZE: usize = 8 << 10;
    let token = Credential::draw(KINDS[0], 1);
    for at in SIZE - 40..SIZE + 3 {
        let mut bytes = vec![b'.'; 3 * SIZE];
        bytes[at..at + token.value.len()].copy_from_slice(token.value.as_bytes());
        assert_eq!(in_pieces(&bytes, SIZE), Found::from([(token.fingerprint(), at)]));
    }
}

/// What makes data binary is looked for near the token, not at the start of the input, which only
/// the first piece has.
#[test]
fn a_zero_far_away_changes_nothing() {
    let token = Credential::draw(KINDS[0], 2);
    let touched = format!("x{}y", token.value);
    let text = format!("\0{}{touched}{}", ".".repeat(20_000), ".".repeat(20_000));
    assert_eq!(in_pieces(text.as_bytes(), 8 << 10), whole(text.as_bytes()));
}
