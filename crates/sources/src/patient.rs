//! Reading from what may never say anything: a pipe, a terminal.

use std::{
    io::{self, ErrorKind, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use bearhug_core::{Flow, Sink};

/// How long a stop may go unnoticed.
const PATIENCE: Duration = Duration::from_millis(100);

/// How much is read at a time, and how many such chunks may wait to be searched.
const CHUNK: usize = 1 << 17;
const CHUNKS: usize = 8;

/// A reader that ends when the hunt is to stop, though the one underneath waits for ever.
///
/// That one is opened and read by a thread of its own, which is left behind where it waits.
pub(crate) struct Patient<'a> {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
    sink: &'a dyn Sink,
}

impl<'a> Patient<'a> {
    /// Reads what `open` opens, which may take its time as well.
    pub(crate) fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        sink: &'a dyn Sink,
    ) -> io::Result<Self> {
        let (send, chunks) = sync_channel(CHUNKS);
        // Its handle is let go: nobody waits for a thread that may wait for ever.
        drop(thread::Builder::new().spawn(move || pump(open, &send))?);
        Ok(Self { chunks, chunk: io::Cursor::default(), sink })
    }

    /// The next chunk, empty at the end.
    fn next(&self) -> io::Result<Vec<u8>> {
        loop {
            match self.chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => return chunk,
                Err(RecvTimeoutError::Disconnected) => return Ok(Vec::new()),
                Err(RecvTimeoutError::Timeout) if self.sink.flow() == Flow::Stop => {
                    return Ok(Vec::new());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.position() == self.chunk.get_ref().len() as u64 {
            self.chunk = io::Cursor::new(self.next()?);
        }
        self.chunk.read(buffer)
    }
}

/// Sends what there is to read, until there is no more or nobody receives.
fn pump<R: Read>(open: impl FnOnce() -> io::Result<R>, chunks: &SyncSender<io::Result<Vec<u8>>>) {
    let mut reader = match open() {
        Ok(reader) => reader,
        Err(error) => return drop(chunks.send(Err(error))),
    };
    loop {
        let mut chunk = vec![0; CHUNK];
        let read = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return drop(chunks.send(Err(error))),
        };
        chunk.truncate(read);
        if chunks.send(Ok(chunk)).is_err() {
            return;
        }
    }
}
