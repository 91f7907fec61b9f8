"""Makes a real client fail, and prints what it says."""

import os
import sys

from huggingface_hub import HfApi, hf_hub_download

action, repo_type, repo, path, revision = sys.argv[1:]
token = os.environ["CLIENT_TOKEN"]
try:
    if action == "write":
        HfApi(token=token).upload_file(
            path_or_fileobj=b"x", path_in_repo=path, repo_id=repo, repo_type=repo_type
        )
    else:
        hf_hub_download(repo, path, repo_type=repo_type, revision=revision, token=token)
except Exception as error:  # noqa: BLE001
    print(f"{type(error).__module__}.{type(error).__name__}: {error}")
    while error.__cause__ is not None:
        error = error.__cause__
        print(f"caused by {type(error).__name__}: {error}")
else:
    sys.exit("the client did not fail")
