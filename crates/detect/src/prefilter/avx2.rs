//! The search in vectors of 32 bytes.

use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_srli_epi16,
};

use super::{Halves, KEY};

const WIDTH: usize = size_of::<__m256i>();

/// The two tables of one place, in the form that the shuffle takes.
#[derive(Clone, Copy)]
struct Tables {
    low: __m256i,
    high: __m256i,
}

/// Searches whole vectors from the start and returns where the rest begins.
#[target_feature(enable = "avx2")]
pub(super) fn search(
    places: &[Halves; KEY],
    bytes: &[u8],
    on_place: &mut impl FnMut(usize),
) -> usize {
    let tables: [Tables; KEY] =
        [tables(&places[0]), tables(&places[1]), tables(&places[2]), tables(&places[3])];
    let mut start = 0;
    while let Some(window) = bytes.get(start..start + WIDTH + KEY - 1) {
        let first = buckets(tables[0], load(window));
        let second = buckets(tables[1], load(&window[1..]));
        let third = buckets(tables[2], load(&window[2..]));
        let fourth = buckets(tables[3], load(&window[3..]));
        let left =
            _mm256_and_si256(_mm256_and_si256(first, second), _mm256_and_si256(third, fourth));
        let empty = _mm256_cmpeq_epi8(left, _mm256_setzero_si256());
        let mut places = !_mm256_movemask_epi8(empty).cast_unsigned();
        while places != 0 {
            on_place(start + places.trailing_zeros() as usize);
            places &= places - 1;
        }
        start += WIDTH;
    }
    start
}

#[target_feature(enable = "avx2")]
fn tables(halves: &Halves) -> Tables {
    Tables {
        low: _mm256_broadcastsi128_si256(bytemuck::cast(halves.low)),
        high: _mm256_broadcastsi128_si256(bytemuck::cast(halves.high)),
    }
}

#[target_feature(enable = "avx2")]
fn load(bytes: &[u8]) -> __m256i {
    bytemuck::pod_read_unaligned(&bytes[..WIDTH])
}

/// The buckets of each byte.
#[target_feature(enable = "avx2")]
fn buckets(tables: Tables, bytes: __m256i) -> __m256i {
    let half = _mm256_set1_epi8(0x0f);
    let low = _mm256_and_si256(bytes, half);
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half);
    _mm256_and_si256(_mm256_shuffle_epi8(tables.low, low), _mm256_shuffle_epi8(tables.high, high))
}
