//! A server of PostgreSQL behind a line that can be cut at any word.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Where the line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the server hears this.
    Before(&'static str),
    /// When the server has heard this and answered, before the answer comes through.
    After(&'static str),
}

/// What is to happen.
#[derive(Debug, Default)]
struct State {
    cut: Option<Cut>,
    stays_down: bool,
    /// Nobody gets through.
    is_down: bool,
}

/// A line that can be cut.
pub(crate) struct Proxy {
    pub(crate) address: String,
    state: Arc<watch::Sender<State>>,
}

impl Proxy {
    /// Listens for what is sent on to a server.
    pub(crate) async fn start(to: &str) -> Self {
        let (front, place) = to.rsplit_once('@').unwrap();
        let (server, database) = place.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(watch::Sender::new(State::default()));
        // What is encrypted could not be looked into.
        let address = format!("{front}@127.0.0.1:{port}/{database}?sslmode=disable");
        tokio::spawn(listen(listener, server.to_owned(), Arc::clone(&state)));
        Self { address, state }
    }

    /// Cuts the line at the next such word.
    pub(crate) fn cut(&self, cut: Cut, stays_down: bool) {
        self.state.send_replace(State { cut: Some(cut), stays_down, is_down: false });
    }

    /// Whether the line was cut since it was told to be.
    pub(crate) fn has_cut(&self) -> bool {
        self.state.borrow().cut.is_none()
    }

    /// Mends it.
    pub(crate) fn up(&self) {
        self.state.send_modify(|state| state.is_down = false);
    }
}

async fn listen(listener: TcpListener, server: String, state: Arc<watch::Sender<State>>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        if state.borrow().is_down {
            continue;
        }
        let server = TcpStream::connect(&server).await.unwrap();
        tokio::spawn(pass(client, server, Arc::clone(&state)));
    }
}

/// Passes bytes both ways until one side ends or the line is cut.
async fn pass(mut client: TcpStream, mut server: TcpStream, state: Arc<watch::Sender<State>>) {
    let (mut asked, mut told) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut watching = state.subscribe();
    loop {
        tokio::select! {
            Ok(count) = client.read(&mut asked) => {
                let bytes = &asked[..count];
                let cut = take_cut(&state, bytes);
                if count == 0 || matches!(cut, Some(Cut::Before(_))) {
                    return;
                }
                server.write_all(bytes).await.unwrap();
                if cut.is_some() {
                    let _answer = server.read(&mut told).await.unwrap();
                    return;
                }
            }
            Ok(count) = server.read(&mut told) => {
                if count == 0 || client.write_all(&told[..count]).await.is_err() {
                    return;
                }
            }
            true = async { watching.wait_for(|state| state.is_down).await.is_ok() } => return,
            else => return,
        }
    }
}

/// The cut that is due at these bytes. It happens once.
fn take_cut(state: &watch::Sender<State>, bytes: &[u8]) -> Option<Cut> {
    let mut taken = None;
    state.send_modify(|state| {
        let Some(Cut::Before(word) | Cut::After(word)) = state.cut else { return };
        if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
            taken = state.cut.take();
            state.is_down = state.stays_down;
        }
    });
    taken
}
