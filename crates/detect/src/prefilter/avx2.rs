//! The search in vectors of 32 bytes.

use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_testz_si256,
};

use super::{Halves, KEY};

/// The bytes of a vector.
const WIDTH: usize = size_of::<__m256i>();

/// What is looked at in one turn: two vectors, so that one test decides for both, and the bytes of
/// the literals that start at their end.
type Window = [u8; 2 * WIDTH + KEY - 1];

/// The two tables of one place, in the form that the shuffle takes.
#[derive(Clone, Copy)]
struct Tables {
    low: __m256i,
    high: __m256i,
}

/// Searches whole windows from the start and returns where the rest begins.
#[target_feature(enable = "avx2")]
pub(super) fn search(
    places: &[Halves; KEY],
    bytes: &[u8],
    on_place: &mut impl FnMut(usize),
) -> usize {
    let tables: [Tables; KEY] =
        [tables(&places[0]), tables(&places[1]), tables(&places[2]), tables(&places[3])];
    let mut start = 0;
    while let Some(window) = bytes[start..].first_chunk::<{ size_of::<Window>() }>() {
        let first = survivors(&tables, window, 0);
        let second = survivors(&tables, window, WIDTH);
        let both = _mm256_or_si256(first, second);
        if _mm256_testz_si256(both, both) == 0 {
            let mut places = u64::from(mask(first)) | u64::from(mask(second)) << WIDTH;
            while places != 0 {
                on_place(start + places.trailing_zeros() as usize);
                places &= places - 1;
            }
        }
        start += 2 * WIDTH;
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

/// For each byte of the vector at `from`, the buckets that may start there.
#[target_feature(enable = "avx2")]
fn survivors(tables: &[Tables; KEY], window: &Window, from: usize) -> __m256i {
    let first = buckets(tables[0], load(window, from));
    let second = buckets(tables[1], load(window, from + 1));
    let third = buckets(tables[2], load(window, from + 2));
    let fourth = buckets(tables[3], load(window, from + 3));
    _mm256_and_si256(_mm256_and_si256(first, second), _mm256_and_si256(third, fourth))
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(window: &Window, from: usize) -> __m256i {
    bytemuck::pod_read_unaligned(&window[from..from + WIDTH])
}

/// The buckets of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn buckets(tables: Tables, bytes: __m256i) -> __m256i {
    let half = _mm256_set1_epi8(0x0f);
    let low = _mm256_and_si256(bytes, half);
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half);
    _mm256_and_si256(_mm256_shuffle_epi8(tables.low, low), _mm256_shuffle_epi8(tables.high, high))
}

/// A bit for each byte that is not zero.
#[target_feature(enable = "avx2")]
fn mask(vector: __m256i) -> u32 {
    let empty = _mm256_cmpeq_epi8(vector, _mm256_setzero_si256());
    !_mm256_movemask_epi8(empty).cast_unsigned()
}
