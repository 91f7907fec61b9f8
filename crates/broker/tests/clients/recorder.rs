//! A wire between clients and the broker that remembers what went over it.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A wire, and the bytes that went over it, by connection and direction.
pub(crate) struct Recorder {
    address: SocketAddr,
    recordings: Arc<Mutex<Vec<Recording>>>,
}

type Recording = Arc<Mutex<Vec<u8>>>;

impl Recorder {
    /// Starts to carry whatever comes to the broker. It ends with the process.
    pub(crate) fn start(broker: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let recordings = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&recordings);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(broker) = TcpStream::connect(broker) else { continue };
                let (to, from) = (Recording::default(), Recording::default());
                all.lock().expect("a list").extend([Arc::clone(&to), Arc::clone(&from)]);
                let ends =
                    (client.try_clone().expect("a socket"), broker.try_clone().expect("one"));
                thread::spawn(move || carry(client, broker, &to));
                thread::spawn(move || carry(ends.1, ends.0, &from));
            }
        });
        Self { address, recordings }
    }

    /// What clients take as `HF_ENDPOINT`.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether any of these is in what went over a connection.
    pub(crate) fn heard(&self, needles: &[String]) -> bool {
        let recordings = self.recordings.lock().expect("a list");
        recordings.iter().any(|recording| {
            let bytes = recording.lock().expect("a recording");
            needles.iter().any(|needle| memchr::memmem::find(&bytes, needle.as_bytes()).is_some())
        })
    }

    /// How many bytes went over it.
    pub(crate) fn length(&self) -> usize {
        let recordings = self.recordings.lock().expect("a list");
        recordings.iter().map(|recording| recording.lock().expect("a recording").len()).sum()
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, recording: &Recording) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        recording.lock().expect("a recording").extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    // The other direction may have ended before.
    to.shutdown(Shutdown::Write).unwrap_or_default();
}
