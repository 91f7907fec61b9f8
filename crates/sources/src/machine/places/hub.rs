//! Where the clients of the Hub keep tokens.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "hf_token_file",
            "Hugging Face token file",
            "Run `hf auth logout`, which deletes it. Where a program still needs the token, hand it \
             to that program alone.",
        ),
        &["$HF_TOKEN_PATH", "$HF_HOME/token"],
    ),
    // An INI file by huggingface_hub, JSON by the Rust command line; refresh tokens stand in both.
    own(
        storage(
            "hf_stored_tokens",
            "Hugging Face stored tokens",
            "Run `hf auth logout --token-name NAME` for this one, or `hf auth logout` for all. A \
             refresh token renews access for whoever reads this file.",
        ),
        &["$HF_TOKEN_PATH/../stored_tokens", "$HF_HOME/stored_tokens"],
    ),
    own(
        storage(
            "hf_legacy_token",
            "old Hugging Face token file",
            "Delete it. Clients since 2022 keep their token elsewhere and do not read it.",
        ),
        &["~/.huggingface/token"],
    ),
    own(
        storage(
            "hf_staging_token",
            "Hugging Face staging token file",
            "Delete it, unless you test against the staging Hub.",
        ),
        &[
            "$XDG_CACHE_HOME/huggingface_staging/token",
            "$XDG_CACHE_HOME/huggingface_staging/stored_tokens",
        ],
    ),
    own(
        storage(
            "accelerate_config",
            "Accelerate configuration",
            "Take the token out of it. Jobs started with `accelerate launch` find the one you are \
             logged in with.",
        ),
        &["$HF_HOME/accelerate/"],
    ),
];
