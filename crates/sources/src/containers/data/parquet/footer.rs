//! The footer: what columns there are, and where they lie.

use super::{
    columns::{self, Leaf, Schema},
    thrift::Thrift,
};

/// One column of one group of rows.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// The path of names that leads to the column, with dots between.
    pub(super) name: String,
    pub(super) codec: i64,
    /// Where its first page starts, in bytes from the start of the file.
    pub(super) start: u64,
    /// How many bytes its pages take.
    pub(super) length: u64,
    pub(super) is_encrypted: bool,
}

/// What is met in a footer.
pub(super) enum Event {
    /// A column of a group of rows, which is counted from zero.
    Chunk { chunk: Chunk, leaf: Leaf, group: u64 },
    /// More columns than are told apart. Of those that are left the shape is not known.
    ManyColumns,
}

/// Walks a footer. `met` returns whether to go on. Nothing is kept but the columns' shapes, however
/// many groups there are. Returns nothing if the footer is not whole.
pub(super) fn read(mut footer: &[u8], met: &mut dyn FnMut(Event) -> bool) -> Option<()> {
    let mut schema = Schema::default();
    let mut goes_on = true;
    let walked = Thrift::new(&mut footer).structure(&mut |thrift, number, _| {
        match number {
            2 => {
                schema = columns::schema(thrift)?;
                if schema.is_cut {
                    goes_on = met(Event::ManyColumns);
                    goes_on.then_some(())?;
                }
            }
            4 => thrift.list(&mut |thrift, group| {
                row_group(thrift, &mut |place, chunk| {
                    let leaf = schema.leaves.get(place).copied().unwrap_or_default();
                    goes_on = met(Event::Chunk { chunk, leaf, group });
                    goes_on.then_some(())
                })
            })?,
            _ => return Some(false),
        }
        Some(true)
    });
    walked.or((!goes_on).then_some(()))
}

fn row_group(
    thrift: &mut Thrift<'_>,
    met: &mut dyn FnMut(usize, Chunk) -> Option<()>,
) -> Option<()> {
    thrift.structure(&mut |thrift, number, _| {
        if number != 1 {
            return Some(false);
        }
        thrift.list(&mut |thrift, place| {
            let chunk = column_chunk(thrift)?;
            met(usize::try_from(place).ok()?, chunk)
        })?;
        Some(true)
    })
}

fn column_chunk(thrift: &mut Thrift<'_>) -> Option<Chunk> {
    let mut chunk = Chunk::default();
    let mut is_encrypted = false;
    thrift.structure(&mut |thrift, number, _| {
        match number {
            3 => chunk = column_metadata(thrift)?,
            // How it is encrypted, which is said of no other.
            8 => is_encrypted = true,
            _ => {}
        }
        Some(number == 3)
    })?;
    Some(Chunk { is_encrypted, ..chunk })
}

fn column_metadata(thrift: &mut Thrift<'_>) -> Option<Chunk> {
    let mut chunk = Chunk::default();
    let (mut data, mut dictionary) = (0, None);
    thrift.structure(&mut |thrift, number, _| {
        match number {
            3 => {
                let name = &mut chunk.name;
                thrift.list(&mut |thrift, place| {
                    let dot = if place > 0 { "." } else { "" };
                    let part = thrift.string()?;
                    name.extend([dot, &part]);
                    Some(())
                })?;
            }
            4 => chunk.codec = thrift.integer()?,
            7 => chunk.length = thrift.size()?,
            9 => data = thrift.size()?,
            11 => dictionary = Some(thrift.size()?),
            _ => return Some(false),
        }
        Some(true)
    })?;
    // Some writers say zero where there is no dictionary.
    chunk.start = dictionary.filter(|&start| start > 0).map_or(data, |start| start.min(data));
    Some(chunk)
}
