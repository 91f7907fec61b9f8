//! Where the clients of clouds keep credentials.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "aws_config",
            "AWS configuration",
            "Delete the profile. A pair whose id starts with HFAK is one of the Hub's and is \
             revoked there.",
        ),
        &[
            "$AWS_SHARED_CREDENTIALS_FILE",
            "$AWS_CONFIG_FILE",
            "~/.aws/credentials",
            "~/.aws/config",
            "~/.aws/cli/",
        ],
    ),
    own(
        storage(
            "gcloud_config",
            "Google Cloud configuration",
            "Take it out. A job gets its secrets from Secret Manager; logs of past commands are in \
             the `logs` folder.",
        ),
        &["$CLOUDSDK_CONFIG/"],
    ),
    own(
        storage(
            "azure_config",
            "Azure configuration",
            "Take it out. A job gets its secrets from Key Vault; logs of past commands are in the \
             `commands` folder.",
        ),
        &["~/.azure/"],
    ),
    own(
        storage(
            "rclone_config",
            "rclone configuration",
            "Run `rclone config delete NAME`, or encrypt the file with `rclone config encryption \
             set`.",
        ),
        &["$RCLONE_CONFIG", "$XDG_CONFIG_HOME/rclone/", "~/.rclone.conf"],
    ),
    own(
        storage("s3_client", "S3 client configuration", "Delete the alias or section."),
        &["~/.s3cfg", "~/.boto", "~/.passwd-s3fs", "~/.mc/config.json", "~/.mcli/config.json"],
    ),
    own(
        storage(
            "dvc_config",
            "DVC configuration",
            "Run `dvc remote modify --local NAME --unset OPTION` for the option that holds it.",
        ),
        &["$XDG_CONFIG_HOME/dvc/", "./.dvc/config", "./.dvc/config.local"],
    ),
    own(
        storage(
            "kaggle_config",
            "Kaggle configuration",
            "Take it out. A notebook gets it from Kaggle's secrets instead.",
        ),
        &["~/.kaggle/", "$XDG_CONFIG_HOME/kaggle/"],
    ),
    own(
        storage(
            "skypilot",
            "SkyPilot state",
            "Take it out of the task's `envs` and pass it with `--secret HF_TOKEN`. Past task files \
             and logs keep it until they are deleted.",
        ),
        &["~/.sky/", "~/sky_logs/"],
    ),
    own(
        storage(
            "gpu_cloud",
            "GPU cloud client",
            "Take it out, and store it as a secret with the provider.",
        ),
        &[
            "~/.modal.toml",
            "~/.runpod/",
            "$XDG_CONFIG_HOME/replicate/",
            "$XDG_CONFIG_HOME/vastai/",
            "~/.vast_api_key",
            "~/.dstack/",
            "~/.lightning/",
            "~/.lambda_cloud/",
            "~/.fal/",
            "~/.beam/",
        ],
    ),
    own(
        storage(
            "infrastructure_tools",
            "infrastructure tool",
            "Take it out of the file and have the tool read it from a secret manager.",
        ),
        &[
            "~/.terraformrc",
            "~/.terraform.d/credentials.tfrc.json",
            "~/.ansible.cfg",
            "~/.pulumi/credentials.json",
        ],
    ),
];
