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
    /// The sort of request that asks for a path, with nothing decoded.
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
    use super::*;

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
