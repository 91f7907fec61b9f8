//! What sort of request a path is, as far as the form of answers depends on it.

/// A sort of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The Hub's API, and whatever is none of the others.
    Api,
    /// git's smart HTTP (gitprotocol-http(5)).
    Git,
    /// The batch API of git-lfs, and what belongs to it.
    Lfs,
    /// What a file of a repository holds.
    Content,
}

impl Form {
    /// The sort of an operation, by its name in the table of routes. A path may be chosen to look like
    /// another sort, so it does not decide what becomes of the token and of the answer.
    pub(crate) fn of_operation(name: &str) -> Self {
        match name {
            "git.refs" | "git.fetch" | "git.push" => Self::Git,
            "file.read" => Self::Content,
            name if name.starts_with("large.") => Self::Lfs,
            _ => Self::Api,
        }
    }

    /// The sort of request that a client means by a path, with nothing decoded: how a refusal is worded.
    pub fn of(path: &str) -> Self {
        if ["/info/refs", "/git-upload-pack", "/git-receive-pack"]
            .iter()
            .any(|end| path.ends_with(end))
        {
            Self::Git
        } else if path.contains(".git/info/lfs/") {
            Self::Lfs
        } else if is_content(path) {
            Self::Content
        } else {
            Self::Api
        }
    }
}

/// Whether a path names a file's content: `/acme/model/resolve/main/config.json` and its like, with
/// `raw`, with the folder of a kind before it, and where `resolve` leads to.
fn is_content(path: &str) -> bool {
    if path.starts_with("/api/") {
        return path.starts_with("/api/resolve-cache/");
    }
    let mut segments = path.split('/').skip(1);
    let found = segments.position(|segment| matches!(segment, "resolve" | "raw"));
    // A repository may be called `raw`, but none has a name of four parts.
    found.is_some_and(|at| (1..=3).contains(&at))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::routes::{Head, Route, classify};

    /// A repository may be called `raw`, and a file `info/refs`; neither makes content of an answer.
    #[test]
    fn a_name_does_not_change_what_is_done_with_an_answer() {
        for (method, path, form) in [
            (Method::GET, "/acme/raw/info/refs", Some(Form::Content)),
            (Method::POST, "/acme/raw/info/lfs/objects/batch", Some(Form::Lfs)),
            (Method::POST, "/datasets/acme/resolve/info/lfs/objects/batch", Some(Form::Lfs)),
            (Method::GET, "/api/models/acme/m/tree/main/info/refs", Some(Form::Api)),
            (Method::GET, "/api/models/acme/m/xet-read-token/info/refs", Some(Form::Api)),
            (Method::POST, "/api/models/acme/m/commit/git-upload-pack", Some(Form::Api)),
            (Method::GET, "/acme/m/resolve/main/info/refs", Some(Form::Content)),
        ] {
            let content_type = Some(match path {
                path if path.ends_with("batch") => "application/vnd.git-lfs+json",
                _ => "application/x-ndjson",
            });
            let head = Head { method: &method, path, query: None, content_type, is_encoded: false };
            let name = match classify(&head) {
                Route::Known(operation) | Route::Passing(operation, _) => Some(operation.name),
                Route::Whole(reader) => {
                    reader.operation(br#"{"operation":"download"}"#).ok().map(|o| o.name)
                }
                _ => None,
            };
            assert_eq!(name.map(Form::of_operation), form, "{path}");
        }
    }

    #[test]
    fn paths_of_real_clients_have_the_form_that_they_speak() {
        for (path, form) in [
            ("/acme/m/info/refs", Form::Git),
            ("/datasets/acme/m.git/git-receive-pack", Form::Git),
            ("/acme/m.git/info/lfs/objects/batch", Form::Lfs),
            ("/acme/m.git/info/lfs/locks/verify", Form::Lfs),
            ("/acme/m/resolve/main/info/refs.txt", Form::Content),
            ("/datasets/acme/m/raw/refs%2Fpr%2F1/README.md", Form::Content),
            ("/gpt2/resolve/main/config.json", Form::Content),
            ("/api/resolve-cache/models/acme/m/0a/config.json", Form::Content),
            ("/api/models/acme/raw/tree/main", Form::Api),
            ("/api/models/acme/m/commit/main", Form::Api),
            ("/", Form::Api),
        ] {
            assert_eq!(Form::of(path), form, "{path}");
        }
    }
}
