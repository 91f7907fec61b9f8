"""Signing in and out with huggingface_hub 2 and its `hf` command, against the Hub at HF_ENDPOINT.

usage: accounts.py WORKDIR
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

WORK = Path(sys.argv[1])
ENDPOINT = os.environ["HF_ENDPOINT"]
HF = Path(sys.executable).with_name("hf")


def environment(name, **more):
    """The environment of somebody with a home of their own."""
    home = WORK / name
    home.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HF_HOME": str(home), "NO_COLOR": "1", **more}


def hf(env, *arguments):
    done = subprocess.run([HF, *arguments], env=env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def python(env, code):
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def with_a_token():
    env = environment("pasted")
    code, said = hf(env, "auth", "login", "--token", os.environ["ALICE"])
    assert code == 0, said
    code, said = hf(env, "auth", "whoami")
    assert code == 0 and "alice" in said and "acme" in said, said
    code, said = hf(env, "auth", "list")
    assert code == 0 and "laptop" in said, said
    code, said = hf(environment("wrong"), "auth", "login", "--token", "hf_" + "x" * 34)
    assert code != 0 and "Invalid" in said, said


def approve(code):
    body = json.dumps({"user_code": code, "user": "alice"}).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_localhub/devices", data=body, method="POST")
    urllib.request.urlopen(request).read()


def with_a_browser():
    env = environment("device", TERM="dumb")
    master, slave = pty.openpty()
    login = subprocess.Popen(
        [HF, "auth", "login", "--force"], env=env, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    said, chosen, approved = "", False, False
    deadline = time.time() + 60
    try:
        while time.time() < deadline:
            if not select.select([master], [], [], 2)[0]:
                # The menu forgets keys that are pressed while it sets up the terminal.
                if chosen and not approved:
                    os.write(master, b"\r")
                continue
            said += os.read(master, 4096).decode(errors="replace")
            if "browser" in said and not chosen:
                os.write(master, b"\r")
                chosen = True
            found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", said)
            if found and not approved:
                approve(found[0])
                approved = True
            if "git credential" in said and approved:
                os.write(master, b"n\r")
    except OSError:
        pass  # The other end is closed.
    if time.time() >= deadline:
        login.kill()
    assert login.wait(60) == 0 and approved, said
    code, said = hf(env, "auth", "whoami")
    assert code == 0 and "alice" in said, said
    # A token that ends soon is renewed by its refresh token before it is used.
    stored = Path(env["HF_HOME"]) / "stored_tokens"
    before = (Path(env["HF_HOME"]) / "token").read_text()
    stored.write_text(re.sub(r"expires_at = \S+", f"expires_at = {int(time.time()) + 60}", stored.read_text()))
    assert python(env, "import huggingface_hub as h; print(h.whoami()['name'])") == "alice"
    assert (Path(env["HF_HOME"]) / "token").read_text() != before


def with_a_workflow():
    env = environment(
        "workflow",
        GITHUB_ACTIONS="true",
        ACTIONS_ID_TOKEN_REQUEST_URL=f"{ENDPOINT}/_localhub/issuer/token/repo:acme/app:main",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN="a runner's",
        HF_OIDC_RESOURCE="acme/llm",
    )
    said = python(env, """
from huggingface_hub import HfApi, get_token
api = HfApi()
assert get_token().startswith("hf_jwt_")
api.upload_file(path_or_fileobj=b"built", path_in_repo="out.txt", repo_id="acme/llm")
print(api.whoami()["auth"]["resource"]["sub"], "out.txt" in api.list_repo_files("acme/llm"))
for refused in [lambda: api.delete_repo("acme/llm"), lambda: api.create_repo("acme/other")]:
    try:
        refused()
    except Exception as error:
        print(error.response.status_code)
""")
    assert said.split() == ["acme/llm", "True", "403", "403"], said
    env["ACTIONS_ID_TOKEN_REQUEST_URL"] += "-of-another"
    said = python(env, """
from huggingface_hub import whoami
try:
    whoami()
except Exception as error:
    print("invalid_grant" in str(error))
""")
    assert said == "True", said


def with_a_leaked_token():
    env = environment("leaked", HF_TOKEN=os.environ["LEAKED"])
    assert hf(env, "auth", "whoami")[0] == 0
    body = json.dumps({"credentials": [os.environ["LEAKED"]]}).encode()
    request = urllib.request.Request(
        f"{ENDPOINT}/api/credentials/revoke", data=body, method="POST",
        headers={"content-type": "application/json"})
    assert urllib.request.urlopen(request).status == 202
    code, said = hf(env, "auth", "whoami")
    assert code != 0 and "nvalid" in said, said


for part in [with_a_token, with_a_browser, with_a_workflow, with_a_leaked_token]:
    part()
    print("ok", part.__name__, flush=True)
