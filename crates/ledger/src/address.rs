//! Where a ledger is.

use std::{fmt, path::PathBuf};

use crate::LedgerError;

/// Where a ledger is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A file of SQLite.
    File(PathBuf),
    /// A URL of PostgreSQL, which may hold a password.
    Server(String),
}

impl Address {
    /// Reads `sqlite:PATH`, a path, or `postgres://…`.
    pub(crate) fn parse(text: &str) -> Result<Self, LedgerError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text.to_owned()));
        }
        // A slip of the pen in a URL must not make a file whose name is a password.
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Err(LedgerError::Address("postgres:…".to_owned()));
        }
        let path = match text.split_once("://") {
            Some(("sqlite", path)) => path,
            Some(_) => return Err(LedgerError::Address(redacted(text))),
            None => text.strip_prefix("sqlite:").unwrap_or(text),
        };
        if path.is_empty() || path == ":memory:" || path.contains('\0') {
            return Err(LedgerError::Address(redacted(text)));
        }
        Ok(Self::File(PathBuf::from(path)))
    }
}

impl Address {
    /// What tells it from all other ledgers. Of a URL only what says where
    /// it leads is in it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let path = path.canonicalize().unwrap_or_else(|_| path.clone());
                format!("sqlite:{}", path.display())
            }
            Self::Server(url) => {
                let shown = redacted(url);
                let rest = url.split_once('?').map_or("", |(_, query)| query);
                let places = ["host=", "hostaddr=", "port=", "dbname="];
                let is_place = |pair: &&str| places.iter().any(|key| pair.starts_with(key));
                let settings: Vec<_> = rest.split('&').filter(is_place).collect();
                if settings.is_empty() || shown.ends_with('…') || rest.contains('@') {
                    return shown;
                }
                format!("{shown}?{}", settings.join("&"))
            }
        }
    }
}

/// An address that can be shown: its server and database, without who asks and with what password.
///
/// A password may hold any character, also those that should have been encoded. Where it is not certain
/// what is what, nothing is shown.
pub(crate) fn redacted(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (front, query) = rest.split_once(['?', '#']).unwrap_or((rest, ""));
    let place = front.rsplit_once('@').map_or(front, |(_, place)| place);
    let server = place.split('/').next().unwrap_or_default();
    let port = server.rsplit_once(':').map_or("", |(_, port)| port);
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit() || byte == b']');
    let place = if is_port && !query.contains('@') { place } else { "…" };
    format!("{scheme}://{place}")
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Server(url) => f.write_str(&redacted(url)),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, redacted};

    #[test]
    fn a_path_is_a_file_with_or_without_its_scheme() {
        for text in ["/a/b.db", "sqlite:/a/b.db", "sqlite:///a/b.db"] {
            assert_eq!(Address::parse(text).unwrap(), Address::File("/a/b.db".into()), "{text}");
        }
        assert_eq!(Address::parse("b c?#%41.db").unwrap(), Address::File("b c?#%41.db".into()));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for text in ["mysql://u:secret@h/db", "", "sqlite:", ":memory:", "a\0b"] {
            let error = Address::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }

    #[test]
    fn a_name_tells_ledgers_apart_and_holds_no_password() {
        let name = |text: &str| Address::parse(text).unwrap().name();
        assert_eq!(name("postgres://u:secret@h:1/db"), "postgres://h:1/db");
        let sockets = ["/run/a", "/run/b"]
            .map(|at| name(&format!("postgres:///db?host={at}&password=secret&user=u")));
        assert_eq!(sockets[0], "postgres:///db?host=/run/a");
        assert_ne!(sockets[0], sockets[1]);
        let here = std::env::current_dir().unwrap().join("Cargo.toml");
        assert_eq!(name("Cargo.toml"), format!("sqlite:{}", here.display()));
    }

    #[test]
    fn no_password_is_shown() {
        for (text, shown) in [
            ("postgres://u:secret@h:1/db", "postgres://h:1/db"),
            ("postgres://u:se@cr/et@h/db?sslmode=require", "postgres://h/db"),
            ("postgres://u:secret?@h/db", "postgres://…"),
            ("postgres://u:secret", "postgres://…"),
            ("postgres://[::1]:5432/db", "postgres://[::1]:5432/db"),
            ("postgres://h/db?user=u&password=secret", "postgres://h/db"),
            ("postgresql:///db?host=/run&password=a@secret", "postgresql://…"),
        ] {
            assert_eq!(redacted(text), shown, "{text}");
        }
    }
}
