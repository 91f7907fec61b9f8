//! Where container tools and package managers keep credentials.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "docker_config",
            "Docker configuration",
            "Run `docker logout REGISTRY`, and set `credsStore` so that the next login is \
             encrypted.",
        ),
        &["$DOCKER_CONFIG/config.json", "$DOCKER_CONFIG/contexts/"],
    ),
    own(
        storage(
            "container_auth",
            "Podman configuration",
            "Run `podman logout REGISTRY`, which takes it out.",
        ),
        &[
            "$REGISTRY_AUTH_FILE",
            "$XDG_CONFIG_HOME/containers/",
            "$XDG_RUNTIME_DIR/containers/auth.json",
        ],
    ),
    own(
        storage(
            "buildkit",
            "BuildKit state",
            "Remove the build record with `docker buildx history rm`, and pass the token with \
             `--secret`: build arguments stay in the image.",
        ),
        &["$DOCKER_CONFIG/buildx/", "$XDG_CONFIG_HOME/buildkit/"],
    ),
    own(
        storage(
            "kube_config",
            "Kubernetes configuration",
            "Take it out with `kubectl config unset`, or delete the file that holds it.",
        ),
        &["$KUBECONFIG", "~/.kube/config", "~/.kube/*.yaml", "~/.kube/*.yml"],
    ),
    own(
        storage("helm", "Helm configuration", "Run `helm registry logout` or `helm repo remove`."),
        &["$XDG_CONFIG_HOME/helm/"],
    ),
    own(
        storage(
            "python_packages",
            "Python package index settings",
            "Take the password out of the index's address; pip and uv can ask a keyring for it.",
        ),
        &[
            "$PIP_CONFIG_FILE",
            "$XDG_CONFIG_HOME/pip/",
            "~/.pip/",
            "~/.pypirc",
            "$XDG_CONFIG_HOME/uv/",
            "$XDG_DATA_HOME/uv/credentials/",
            "$XDG_CONFIG_HOME/pypoetry/",
            "$CONDARC",
            "~/.condarc",
            "~/.conda/.condarc",
            "~/.mambarc",
        ],
    ),
    own(
        storage(
            "node_packages",
            "npm configuration",
            "Run `npm config delete KEY`, or take the line out.",
        ),
        &[
            "$NPM_CONFIG_USERCONFIG",
            "~/.npmrc",
            "~/.yarnrc",
            "~/.yarnrc.yml",
            "~/.bunfig.toml",
            "$XDG_CONFIG_HOME/pnpm/",
            "~/.npm/_logs/",
        ],
    ),
    own(
        storage(
            "other_packages",
            "package manager configuration",
            "Log out with the package manager, or take the line out.",
        ),
        &[
            "~/.cargo/credentials",
            "~/.cargo/credentials.toml",
            "~/.cargo/config.toml",
            "~/.gem/credentials",
            "~/.m2/settings.xml",
            "~/.gradle/gradle.properties",
        ],
    ),
];
