//! Where notebooks, experiment trackers and data tools keep settings and logs.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "jupyter",
            "Jupyter state",
            "Take it out of the settings or start-up script, and restart the kernels.",
        ),
        &["$JUPYTER_CONFIG_DIR/", "$XDG_DATA_HOME/jupyter/runtime/", "$IPYTHONDIR/"],
    ),
    own(
        storage(
            "wandb",
            "Weights & Biases run",
            "Delete the run here and on the server, where its configuration, command line and \
             console output are too.",
        ),
        &[
            "~/wandb/",
            "./wandb/",
            "$WANDB_DIR/wandb/",
            "$XDG_CONFIG_HOME/wandb/",
            "$XDG_CACHE_HOME/wandb/logs/",
        ],
    ),
    own(
        storage(
            "experiment_log",
            "experiment log",
            "Delete the run here and on the tracking server, and log parameters without the token.",
        ),
        &[
            "~/mlruns/",
            "./mlruns/",
            "./mlflow.db",
            "~/.mlflow/",
            "./lightning_logs/",
            "~/lightning_logs/",
            "./runs/",
            "./tb_logs/",
            "./.neptune/",
            "~/.comet.config",
            "~/clearml.conf",
        ],
    ),
    own(
        storage(
            "duckdb_secrets",
            "DuckDB stored secret",
            "Run `DROP PERSISTENT SECRET name;` in DuckDB, which keeps it unencrypted.",
        ),
        &["~/.duckdb/stored_secrets/"],
    ),
];
