//! The walk over a whole pack: each family depth first from its root, each entry inflated once.

use std::{
    io::Read,
    ops::{AddAssign, Range},
    panic::resume_unwind,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use bearhug_core::Flow;

use super::{
    Corrupt, Exactly, Kind, LARGEST, Pack,
    buffer::{Buffer, Pool},
    delta,
    entry::Content,
    inflate::{self, Inflater},
};
use crate::git::id::ObjectId;

/// How many families a thread takes at a time.
const BATCH: usize = 64;

/// Objects above this size are held by one thread at a time, in bytes.
const LARGE: usize = 32 << 20;

/// How many bytes of objects a thread keeps because entries yet to come are made from them. Beyond
/// that the oldest are dropped, and read again when their turn comes.
const KEPT: usize = 64 << 20;

/// After how many bytes a thread says how many its deltas have made.
const ADDED_AT_ONCE: u64 = 16 << 20;

/// An object on its way past.
pub(crate) struct Object<'a> {
    /// The bytes of its id.
    pub(crate) id: &'a [u8],
    pub(crate) kind: Kind,
    pub(crate) bytes: &'a [u8],
    /// The parts in which it may differ from the object that it is made from, in order. All of it, if
    /// it is made from none.
    pub(crate) fresh: &'a [Range<usize>],
    /// Whether the object that it is made from was [`Seen::Quiet`].
    pub(crate) base_is_quiet: bool,
}

/// What a visitor made of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// There is nothing in it that is looked for, nor the start of such a thing.
    Quiet,
    /// There may be.
    Loud,
    /// The walk is to end.
    Stop,
}

/// Who watches objects pass by.
pub(crate) trait Visit: Send {
    /// Whether objects of a kind are to be read at all.
    fn wants(&self, kind: Kind) -> bool;

    /// Takes a look at an object.
    fn visit(&mut self, object: &Object<'_>) -> Seen;

    /// Takes a look at one that is too large to hold.
    fn stream(&mut self, id: &[u8], kind: Kind, reader: &mut dyn Read) -> Flow;
}

/// Where the bases are that a pack does not hold itself.
pub(crate) trait Bases: Sync {
    /// Reads an object.
    fn base(&self, id: &ObjectId) -> Option<(Kind, Buffer)>;
}

/// Entries that could not be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) entries: u64,
    /// The offset of the first and what is wrong with it.
    pub(crate) first: Option<(u64, Corrupt)>,
}

impl Damage {
    fn add(&mut self, offset: u64, entries: u64, why: Corrupt) {
        *self += Self { entries, first: Some((offset, why)) };
    }
}

impl AddAssign for Damage {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        self.first = [self.first, other.first].into_iter().flatten().min_by_key(|(at, _)| *at);
    }
}

/// What the threads of a walk share.
struct Shared<'a> {
    pack: &'a Pack,
    elsewhere: &'a dyn Bases,
    next: AtomicUsize,
    stopped: AtomicBool,
    large: Mutex<()>,
}

/// Shows every object of a pack to one of the visitors, each of which gets a thread of its own.
pub(crate) fn walk<V: Visit>(pack: &Pack, elsewhere: &dyn Bases, visitors: &mut [V]) -> Damage {
    let shared = Shared {
        pack,
        elsewhere,
        next: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
        large: Mutex::new(()),
    };
    let mut damage = Damage::default();
    if let Some((first, entries)) = pack.forest.lost {
        damage.add(pack.forest.offset(first), entries, Corrupt("no whole object is its base"));
    }
    thread::scope(|scope| {
        let threads: Vec<_> = visitors
            .iter_mut()
            .map(|visitor| scope.spawn(|| Worker::new(&shared, visitor).work()))
            .collect();
        for thread in threads {
            damage += thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
    damage
}

/// A thread of a walk.
struct Worker<'a, V> {
    shared: &'a Shared<'a>,
    visitor: &'a mut V,
    inflater: Inflater,
    pool: Pool,
    delta: Buffer,
    fresh: Vec<Range<usize>>,
    /// How many bytes this thread's deltas have made that the budget does not know of.
    made: u64,
    damage: Damage,
}

/// An object whose children are being read.
struct Frame {
    entry: u32,
    is_quiet: bool,
    /// None when it was dropped to make room.
    object: Option<Buffer>,
    /// The number of the child that comes next.
    next: usize,
}

/// Why a family is not read to its end.
enum Halt {
    /// The walk is to end.
    Stopped,
    /// An entry, and all that is made from it, cannot be read.
    Broken(u32, Corrupt),
}

impl<'a, V: Visit> Worker<'a, V> {
    fn new(shared: &'a Shared<'a>, visitor: &'a mut V) -> Self {
        Self {
            shared,
            visitor,
            inflater: Inflater::new(),
            pool: Pool::default(),
            delta: Buffer::default(),
            fresh: Vec::new(),
            made: 0,
            damage: Damage::default(),
        }
    }

    fn work(mut self) -> Damage {
        let forest = &self.shared.pack.forest;
        let total = forest.roots.len() + forest.guests.len();
        loop {
            let first = self.shared.next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= total {
                return self.damage;
            }
            for number in first..total.min(first + BATCH) {
                let outcome = match forest.roots.get(number) {
                    Some(&root) => self.family(root),
                    None => self.guests(forest.guests[number - forest.roots.len()]),
                };
                if let Err(Halt::Broken(entry, why)) = outcome {
                    self.broken(entry, why);
                } else if outcome.is_err() || self.shared.stopped.load(Ordering::Relaxed) {
                    self.shared.stopped.store(true, Ordering::Relaxed);
                    return self.damage;
                }
            }
        }
    }

    /// Reads a whole object and all that is made from it.
    fn family(&mut self, root: u32) -> Result<(), Halt> {
        let broken = |why| Halt::Broken(root, why);
        let pack = self.shared.pack;
        let (header, bytes) = pack.entry(root).map_err(broken)?;
        let Content::Whole(kind) = header.content else { return Ok(()) };
        if !self.visitor.wants(kind) {
            return Ok(());
        }
        let is_alone = pack.forest.children(root).is_empty();
        let size = usize::try_from(header.size).unwrap_or(usize::MAX);
        if size > LARGEST || (size > LARGE && is_alone) {
            let mut reader = Exactly::new(inflate::stream(bytes), header.size);
            let flow = self.visitor.stream(pack.id(root), kind, &mut reader);
            for &child in pack.forest.children(root) {
                self.broken(child, Corrupt("its base is larger than is held in memory"));
            }
            return if flow == Flow::Stop { Err(Halt::Stopped) } else { Ok(()) };
        }
        let large = self.lock_if_large(size);
        let mut object = self.pool.take();
        self.inflater.inflate(bytes, size, &mut object).map_err(broken)?;
        let frame = self.show_all(root, kind, object)?;
        self.descend(frame, kind, large)
    }

    /// Reads an entry whose base is elsewhere, and all that is made from it.
    fn guests(&mut self, entry: u32) -> Result<(), Halt> {
        let broken = |why| Halt::Broken(entry, why);
        let pack = self.shared.pack;
        let (kind, base) = pack.read_elsewhere(entry, self.shared.elsewhere).map_err(broken)?;
        if !self.visitor.wants(kind) {
            return Ok(());
        }
        let mut large = self.lock_if_large(base.len());
        let object = self.make(entry, &base, &mut large).map_err(broken)?;
        // What it shares with its base may have been seen nowhere else.
        let frame = self.show_all(entry, kind, object)?;
        self.descend(frame, kind, large)
    }

    /// Reads all that is made from an object.
    fn descend(
        &mut self,
        first: Frame,
        kind: Kind,
        mut large: Option<MutexGuard<'a, ()>>,
    ) -> Result<(), Halt> {
        let forest = &self.shared.pack.forest;
        let mut stack = vec![first];
        while let Some(frame) = stack.last_mut() {
            let children = forest.children(frame.entry);
            let Some(&child) = children.get(frame.next) else {
                self.pool.give(stack.pop().and_then(|frame| frame.object));
                continue;
            };
            frame.next += 1;
            let made = self.again(frame).and_then(|base| self.make(child, base, &mut large));
            let object = match made {
                Ok(object) => object,
                Err(why) => {
                    self.broken(child, why);
                    continue;
                }
            };
            let is_quiet = self.show(child, kind, &object, frame.is_quiet)?;
            if frame.next == children.len() {
                self.pool.give(stack.pop().and_then(|frame| frame.object));
            }
            if forest.children(child).is_empty() {
                self.pool.give(Some(object));
            } else {
                stack.push(Frame { entry: child, is_quiet, object: Some(object), next: 0 });
                make_room(&mut stack);
            }
        }
        Ok(())
    }

    /// The object of a frame, read again if it was dropped.
    fn again<'f>(&mut self, frame: &'f mut Frame) -> Result<&'f Buffer, Corrupt> {
        let object = if let Some(object) = frame.object.take() {
            object
        } else {
            let Shared { pack, elsewhere, .. } = self.shared;
            pack.read(frame.entry, &mut self.inflater, *elsewhere)?.1
        };
        Ok(frame.object.insert(object))
    }

    /// Makes an object from its base. No other thread holds a large one meanwhile, if this one is.
    fn make(
        &mut self,
        entry: u32,
        base: &Buffer,
        large: &mut Option<MutexGuard<'a, ()>>,
    ) -> Result<Buffer, Corrupt> {
        let pack = self.shared.pack;
        if self.made > ADDED_AT_ONCE {
            pack.budget.spend(std::mem::take(&mut self.made))?;
        }
        let (header, bytes) = pack.entry(entry)?;
        let delta_size = header.size_in_memory()?;
        if large.is_none() {
            *large = self.lock_if_large(delta_size);
        }
        self.inflater.inflate(bytes, delta_size, &mut self.delta)?;
        let size = delta::size_of_result(&self.delta)?;
        if large.is_none() {
            *large = self.lock_if_large(size);
        }
        let mut object = self.pool.take();
        let applied = delta::apply(base, &self.delta, &mut object, &mut self.fresh);
        if self.delta.capacity() > LARGE {
            self.delta = Buffer::default();
        }
        self.made += size as u64;
        applied.map(|()| object)
    }

    /// Shows an object all of which is fresh.
    fn show_all(&mut self, entry: u32, kind: Kind, object: Buffer) -> Result<Frame, Halt> {
        self.fresh.clear();
        self.fresh.push(0..object.len());
        let is_quiet = self.show(entry, kind, &object, false)?;
        Ok(Frame { entry, is_quiet, object: Some(object), next: 0 })
    }

    /// Shows an object, and says whether it is quiet.
    fn show(
        &mut self,
        entry: u32,
        kind: Kind,
        bytes: &Buffer,
        base_is_quiet: bool,
    ) -> Result<bool, Halt> {
        let id = self.shared.pack.id(entry);
        match self.visitor.visit(&Object { id, kind, bytes, fresh: &self.fresh, base_is_quiet }) {
            Seen::Stop => Err(Halt::Stopped),
            seen => Ok(seen == Seen::Quiet),
        }
    }

    /// Waits until no other thread holds a large object, if this one is.
    fn lock_if_large(&self, size: usize) -> Option<MutexGuard<'a, ()>> {
        let lock = || self.shared.large.lock().unwrap_or_else(PoisonError::into_inner);
        (size > LARGE).then(lock)
    }

    /// Counts an entry that cannot be read, and all that is made from it.
    fn broken(&mut self, entry: u32, why: Corrupt) {
        let forest = &self.shared.pack.forest;
        self.damage.add(forest.offset(entry), forest.family_size(entry), why);
    }
}

/// Drops objects that are needed last, when there are too many.
fn make_room(stack: &mut [Frame]) {
    let size = |frame: &Frame| frame.object.as_ref().map_or(0, Buffer::capacity);
    let mut kept: usize = stack.iter().map(size).sum();
    let Some((_, older)) = stack.split_last_mut() else { return };
    for frame in older {
        if kept <= KEPT {
            return;
        }
        kept -= size(frame);
        frame.object = None;
    }
}
