//! A pack that git wrote, with its index and multi-pack index, some bytes of which are others.

#![no_main]

use bearhug_sources::git::workbench;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

const PACK: &[u8] = include_bytes!("../seeds/pack-1.pack");
const INDEX: &[u8] = include_bytes!("../seeds/pack-1.idx");
const MULTI_INDEX: &[u8] = include_bytes!("../seeds/multi-pack-index");

/// A change to one of the files.
#[derive(Debug, Arbitrary)]
struct Change {
    file: u8,
    at: u16,
    byte: u8,
}

#[derive(Debug, Arbitrary)]
struct Input {
    changes: Vec<Change>,
    cut: Option<(u8, u16)>,
}

fuzz_target!(|input: Input| {
    let mut files = [PACK.to_vec(), INDEX.to_vec(), MULTI_INDEX.to_vec()];
    for Change { file, at, byte } in input.changes {
        let file = &mut files[usize::from(file) % 3];
        let at = usize::from(at) % file.len();
        file[at] = byte;
    }
    if let Some((file, len)) = input.cut {
        files[usize::from(file) % 3].truncate(usize::from(len));
    }
    let [pack, index, multi] = files;
    let _: Option<_> = workbench::read_pack(&pack, &index);
    let _: Option<_> = workbench::read_multi_index(&multi, "pack-1.pack", &pack);
});
