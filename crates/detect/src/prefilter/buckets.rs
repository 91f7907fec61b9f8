//! Which literals go into a bucket together.
//!
//! A bucket lets through every mixture of its literals' half bytes, so literals that resemble one
//! another belong together. The two buckets that cost least to join are joined until few enough
//! are left, and then each literal moves to where it costs least. With two hundred literals that
//! takes a few milliseconds.

use super::KEY;

/// How many buckets there are: the bits of a byte.
pub(super) const BUCKETS: usize = 8;

/// The half bytes that a bucket lets through in each place, as sets of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mixture {
    pub(super) low: [u16; KEY],
    pub(super) high: [u16; KEY],
}

impl Mixture {
    /// Of nothing, which lets nothing through.
    const EMPTY: Self = Self { low: [0; KEY], high: [0; KEY] };

    /// Of one literal. What it is too short to say, any byte may be.
    fn of(literal: &[u8]) -> Self {
        let mut mixture = Self { low: [!0; KEY], high: [!0; KEY] };
        for (place, &byte) in literal.iter().take(KEY).enumerate() {
            mixture.low[place] = 1 << (byte & 15);
            mixture.high[place] = 1 << (byte >> 4);
        }
        mixture
    }

    fn with(mut self, other: &Self) -> Self {
        for place in 0..KEY {
            self.low[place] |= other.low[place];
            self.high[place] |= other.high[place];
        }
        self
    }

    /// The share of places in text that gets through.
    fn cost(&self) -> f64 {
        (0..KEY).map(|place| share(self.low[place], self.high[place])).product()
    }
}

/// The share of bytes in text whose halves are in the sets.
fn share(low: u16, high: u16) -> f64 {
    let sum: u32 =
        bits(high).flat_map(|h| bits(low).map(move |l| u32::from(PER_MILLE[h][l]))).sum();
    f64::from(sum) / 1000.0
}

fn bits(mut set: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(lowest)
    })
}

/// How many of a thousand bytes of source text and prose are this one, by its upper and lower half,
/// roughly, and one at the least. It decides nothing but which literals go together.
const PER_MILLE: [[u8; 16]; 16] = {
    let mut table = [[1; 16]; 16];
    table[0x0] = [2, 1, 1, 1, 1, 1, 1, 1, 1, 30, 25, 1, 1, 2, 1, 1];
    table[0x2] = [140, 1, 8, 3, 1, 1, 2, 3, 9, 9, 6, 2, 12, 10, 8, 9];
    table[0x3] = [20, 14, 10, 8, 7, 7, 7, 6, 7, 6, 4, 8, 2, 8, 3, 1];
    table[0x4] = [1, 8, 4, 8, 7, 9, 5, 4, 3, 8, 1, 2, 6, 6, 7, 6];
    table[0x5] = [7, 1, 8, 9, 9, 4, 3, 2, 3, 2, 1, 3, 2, 3, 1, 30];
    table[0x6] = [1, 40, 11, 25, 26, 60, 18, 13, 15, 42, 2, 7, 26, 19, 40, 38];
    table[0x7] = [20, 2, 42, 40, 52, 21, 7, 6, 7, 9, 2, 3, 1, 3, 1, 1];
    table
};

/// How often every literal's bucket is reconsidered in the end. A third time hardly moves one.
const ROUNDS: usize = 2;

/// Distributes literals over at most [`BUCKETS`] buckets.
pub(super) fn distribute(literals: &[&[u8]]) -> Vec<Mixture> {
    let mut keys: Vec<Mixture> = Vec::new();
    for literal in literals {
        let key = Mixture::of(literal);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let joined = join(keys.clone());
    // Joining never parts what it has joined, though a later bucket may suit a literal better.
    let holds = |key: &Mixture| joined.iter().position(|bucket| bucket.with(key) == *bucket);
    let mut buckets: Vec<usize> = keys.iter().map(|key| holds(key).unwrap_or(0)).collect();
    for _ in 0..ROUNDS {
        for key in 0..keys.len() {
            buckets[key] = cheapest_bucket(&keys, &buckets, key);
        }
    }
    (0..BUCKETS).map(|bucket| union(&keys, &buckets, bucket, None)).collect()
}

/// Joins the two mixtures that cost least to join, until few enough are left.
fn join(mut mixtures: Vec<Mixture>) -> Vec<Mixture> {
    let mut costs: Vec<Vec<f64>> =
        (0..mixtures.len()).map(|i| (0..i).map(|j| joining(&mixtures, i, j)).collect()).collect();
    while mixtures.len() > BUCKETS {
        let Some((i, j)) = cheapest(&costs) else { break };
        let mixture = mixtures.swap_remove(i);
        mixtures[j] = mixtures[j].with(&mixture);
        costs.pop();
        for changed in [i, j].into_iter().filter(|&changed| changed < mixtures.len()) {
            for other in (0..mixtures.len()).filter(|&other| other != changed) {
                let (a, b) = (changed.max(other), changed.min(other));
                costs[a][b] = joining(&mixtures, a, b);
            }
        }
    }
    mixtures
}

/// Where a key adds least to what gets through.
fn cheapest_bucket(keys: &[Mixture], buckets: &[usize], key: usize) -> usize {
    let added = |bucket: usize| {
        let others = union(keys, buckets, bucket, Some(key));
        others.with(&keys[key]).cost() - others.cost()
    };
    let costs = (0..BUCKETS).map(|bucket| (added(bucket), bucket));
    costs.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |(_, bucket)| bucket)
}

/// What the keys of a bucket, but for one, let through together.
fn union(keys: &[Mixture], buckets: &[usize], bucket: usize, but: Option<usize>) -> Mixture {
    let members = (0..keys.len()).filter(|&key| buckets[key] == bucket && Some(key) != but);
    members.fold(Mixture::EMPTY, |union, key| union.with(&keys[key]))
}

/// What joining two buckets adds to what gets through.
fn joining(mixtures: &[Mixture], i: usize, j: usize) -> f64 {
    mixtures[i].with(&mixtures[j]).cost() - mixtures[i].cost() - mixtures[j].cost()
}

/// The pair of buckets that costs least to join.
fn cheapest(costs: &[Vec<f64>]) -> Option<(usize, usize)> {
    costs
        .iter()
        .enumerate()
        .flat_map(|(i, row)| row.iter().enumerate().map(move |(j, cost)| (cost, (i, j))))
        .min_by(|a, b| a.0.total_cmp(b.0))
        .map(|(_, pair)| pair)
}
