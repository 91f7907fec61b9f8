//! How this command reaches the Hub: its address, the proxy on the way, and who asks.

use std::{
    env,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use bearhug_core::Token;
use bearhug_hub::{
    Client, Endpoint, EndpointError, Pace, Plaintext, Proxy, Reason, Refusal, Settings, SetupError,
    WaitNotice, Whoami,
};

use crate::{
    cli::{Global, Questions},
    error::CommandError,
    interrupt::{self, Interrupted},
    words,
};

/// The Hub, unless `HF_ENDPOINT` names another.
const HUGGING_FACE: &str = "https://huggingface.co";

/// A Hub that can be asked.
pub(crate) struct Hub {
    pub(crate) client: Client,
    runtime: tokio::runtime::Runtime,
    stop: Arc<AtomicBool>,
}

impl Hub {
    /// The Hub that `HF_ENDPOINT` names, asked until a flag is raised. Nothing is sent yet.
    pub(crate) fn of_environment(
        stop: &Arc<AtomicBool>,
        global: &Global,
    ) -> Result<Self, CommandError> {
        Self::at_pace(Pace::default(), stop, global)
    }

    /// As [`of_environment`](Self::of_environment), asked at a pace of the user's choice.
    pub(crate) fn at_pace(
        pace: Pace,
        stop: &Arc<AtomicBool>,
        global: &Global,
    ) -> Result<Self, CommandError> {
        let address = variable(&["HF_ENDPOINT"]).unwrap_or_else(|| HUGGING_FACE.to_owned());
        let endpoint = Endpoint::parse(&address, Plaintext::LoopbackOnly)?;
        let agent = format!("bearhug/{}", env!("CARGO_PKG_VERSION"));
        let waits = if global.quiet { WaitNotice::default() } else { WaitNotice::to(say_wait) };
        let settings = Settings { proxy: proxy(), pace, waits, ..Settings::new(endpoint, agent) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| CommandError::new("nothing can be asked").because(error))?;
        Ok(Self { client: Client::new(settings)?, runtime, stop: Arc::clone(stop) })
    }

    /// Waits for an answer, unless the user interrupts.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T, Interrupted> {
        self.runtime.block_on(interrupt::unless_raised(&self.stop, answer))
    }

    /// The address of the Hub, without a slash at its end.
    pub(crate) fn address(&self) -> String {
        self.client.endpoint().to_string()
    }
}

/// Says why nothing happens for a while.
fn say_wait(wait: Duration) {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    words::say(&format!("waiting {seconds} s for the Hub's limit"));
}

/// The pace that the user chose for questions about tokens.
pub(crate) fn pace(questions: &Questions) -> Pace {
    let whoami_interval = Duration::from_mins(1) / questions.per_minute.max(1);
    Pace { whoami_interval, ..Pace::default() }
}

/// The proxy that the environment names, by the variables that curl and `huggingface_hub` heed.
pub(crate) fn proxy() -> Option<Proxy> {
    let address = variable(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?;
    Some(Proxy { address, exceptions: variable(&["no_proxy", "NO_PROXY"]).unwrap_or_default() })
}

/// The first of these variables that says something.
pub(crate) fn variable(names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(env::var_os);
    values.map(|value| value.to_string_lossy().trim().to_owned()).find(|value| !value.is_empty())
}

impl From<EndpointError> for CommandError {
    fn from(error: EndpointError) -> Self {
        Self::new("HF_ENDPOINT does not name a Hub that can be asked")
            .because(error)
            .hint("write it as https://huggingface.co; without encryption only this computer is asked")
            .usage()
    }
}

impl From<SetupError> for CommandError {
    fn from(error: SetupError) -> Self {
        Self::new("no connection can be made").because(error).hint(
            "check HTTPS_PROXY, and that the system's certificates (ca-certificates) are installed",
        )
    }
}

/// What the Hub says of a token as a whole.
pub(crate) enum Standing {
    /// It takes it.
    Live(Arc<Whoami>),
    /// It does not take it.
    Dead(Refused),
    /// It is not known what it says, and why, in a sentence without a full stop.
    Unanswered(String),
}

/// Why the Hub does not take a token.
pub(crate) struct Refused {
    pub(crate) reason: Reason,
    /// In a sentence without a full stop.
    pub(crate) words: String,
    pub(crate) request_id: Option<String>,
}

impl Hub {
    /// Asks whom a token speaks for. Whatever is no clear answer says nothing about the token.
    pub(crate) fn standing(&self, token: &Token) -> Result<Standing, Interrupted> {
        Ok(match self.wait(self.client.whoami(token))? {
            Ok(whoami) => Standing::Live(whoami),
            Err(error) => match error.refusal().filter(|_| error.rejects_token()) {
                Some(refusal) => Standing::Dead(Refused {
                    reason: refusal.reason,
                    words: phrase(refusal),
                    request_id: error.asked.request_id.clone(),
                }),
                None => Standing::Unanswered(error.to_string()),
            },
        })
    }
}

/// A refusal as part of a sentence: the Hub's own words often end with a full stop.
pub(crate) fn phrase(refusal: &Refusal) -> String {
    refusal.to_string().trim_end_matches('.').to_owned()
}
