"""What users of huggingface_hub do, against the Hub at HF_ENDPOINT; works with every version under test.

usage: hub.py WORKDIR
"""

import hashlib
import os
import sys
from pathlib import Path

import huggingface_hub as hh
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem
from huggingface_hub.utils import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

WORK = Path(sys.argv[1])
VERSION = tuple(int(part) for part in hh.__version__.split(".")[:2])
REPO = "alice/model"
alice = HfApi(token=os.environ["ALICE"])
bob = HfApi(token=os.environ["BOB"])
# Above the limit that the test sets for parts, and of content that no pattern recognises.
LARGE = hashlib.sha256(b"seed").digest() * 40_000


def expect(error, action):
    try:
        action()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def fetch(name, **more):
    return hh.hf_hub_download(REPO, name, token=alice.token, cache_dir=WORK / "cache", **more)


def account():
    me = alice.whoami()
    assert me["name"] == "alice", me
    assert me["auth"]["accessToken"]["role"] == "write", me


def repositories():
    for kind, more in [("model", {}), ("dataset", {}), ("space", {"space_sdk": "static"})]:
        url = alice.create_repo("alice/born", repo_type=kind, private=True, **more)
        assert url.repo_id == "alice/born" and url.repo_type == kind, url
        alice.create_repo("alice/born", repo_type=kind, exist_ok=True, **more)
        expect(HfHubHTTPError, lambda: alice.create_repo("alice/born", repo_type=kind, **more))
        expect(RepositoryNotFoundError, lambda: bob.repo_info("alice/born", repo_type=kind))
        alice.move_repo("alice/born", "alice/grown", repo_type=kind)
        assert alice.repo_info("alice/grown", repo_type=kind).private
        assert alice.repo_info("alice/born", repo_type=kind).id == "alice/grown"
        alice.delete_repo("alice/grown", repo_type=kind)
        expect(RepositoryNotFoundError, lambda: alice.repo_info("alice/grown", repo_type=kind))
    expect(HfHubHTTPError, lambda: bob.create_repo("alice/theirs"))


def uploads():
    alice.create_repo(REPO, private=True)
    small = WORK / "small.txt"
    small.write_text("hello\n")
    alice.upload_file(path_or_fileobj=small, path_in_repo="notes/small.txt", repo_id=REPO)
    large = WORK / "large.bin"
    large.write_bytes(LARGE)
    alice.upload_file(path_or_fileobj=large, path_in_repo="weights/large.bin", repo_id=REPO)
    alice.upload_file(path_or_fileobj=b"\x00\x01" * 50, path_in_repo="tiny.dat", repo_id=REPO)
    folder = WORK / "folder"
    (folder / "sub").mkdir(parents=True)
    for number in range(12):
        (folder / "sub" / f"{number}.txt").write_text(f"file {number}\n")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A model\n")
    (folder / "part.safetensors").write_bytes(LARGE[:70_000])
    (folder / "größe & mehr #1.txt").write_text("named\n")
    alice.upload_folder(folder_path=folder, repo_id=REPO, path_in_repo="folder")
    expect(RepositoryNotFoundError, lambda: bob.upload_file(
        path_or_fileobj=b"x", path_in_repo="x", repo_id=REPO))


def downloads():
    assert Path(fetch("notes/small.txt")).read_text() == "hello\n"
    assert digest(fetch("weights/large.bin")) == hashlib.sha256(LARGE).hexdigest()
    assert Path(fetch("folder/größe & mehr #1.txt")).read_text() == "named\n"
    snapshot = Path(hh.snapshot_download(REPO, token=alice.token, cache_dir=WORK / "snapshots"))
    assert (snapshot / "folder/sub/11.txt").read_text() == "file 11\n"
    assert digest(snapshot / "folder/part.safetensors") == hashlib.sha256(LARGE[:70_000]).hexdigest()
    if os.environ.get("XET"):
        url = hh.hf_hub_url(REPO, "weights/large.bin")
        metadata = hh.get_hf_file_metadata(url, token=alice.token)
        assert metadata.xet_file_data, metadata
    info = alice.model_info(REPO, files_metadata=True)
    sizes = {file.rfilename: file.size for file in info.siblings}
    assert sizes["weights/large.bin"] == len(LARGE), sizes
    assert info.sha == snapshot.name
    expect(EntryNotFoundError, lambda: fetch("none.txt"))
    expect(RevisionNotFoundError, lambda: fetch("notes/small.txt", revision="none"))
    expect(RepositoryNotFoundError, lambda: bob.model_info(REPO))


def trees():
    # More than a page of them.
    alice.create_commit(REPO, [
        CommitOperationAdd(f"many/{n // 100}/{n}.txt", f"{n}".encode()) for n in range(1010)
    ], commit_message="Many")
    files = [item for item in alice.list_repo_tree(REPO, "many", recursive=True)]
    assert len(files) == 1010 + 11, len(files)
    assert len(alice.list_repo_files(REPO)) == 1010 + 19, len(alice.list_repo_files(REPO))
    items = alice.get_paths_info(REPO, ["weights/large.bin", "folder", "none"], expand=True)
    assert sorted(item.path for item in items) == ["folder", "weights/large.bin"], items
    large = next(item for item in items if item.path == "weights/large.bin")
    assert large.lfs.sha256 == hashlib.sha256(LARGE).hexdigest() and large.last_commit, large
    alice.create_commit(REPO, [CommitOperationDelete("many/", is_folder=True)], commit_message="Few")
    expect(EntryNotFoundError, lambda: list(alice.list_repo_tree(REPO, "many")))
    expect(EntryNotFoundError, lambda: alice.delete_file("none.txt", REPO))


def references():
    alice.create_branch(REPO, branch="feat/x")
    expect(HfHubHTTPError, lambda: alice.create_branch(REPO, branch="feat/x"))
    alice.create_branch(REPO, branch="feat/x", exist_ok=True)
    alice.upload_file(
        path_or_fileobj=b"branched\n", path_in_repo="only.txt", repo_id=REPO, revision="feat/x")
    assert Path(fetch("only.txt", revision="feat/x")).read_text() == "branched\n"
    alice.create_tag(REPO, tag="v1.0", tag_message="The first", revision="feat/x")
    refs = alice.list_repo_refs(REPO)
    assert {branch.name for branch in refs.branches} == {"main", "feat/x"}, refs
    assert [tag.name for tag in refs.tags] == ["v1.0"], refs
    assert Path(fetch("only.txt", revision="v1.0")).read_text() == "branched\n"
    alice.delete_tag(REPO, tag="v1.0")
    alice.delete_branch(REPO, branch="feat/x")
    expect(RevisionNotFoundError, lambda: alice.repo_info(REPO, revision="feat/x"))
    commits = alice.list_repo_commits(REPO)
    assert commits[-1].title == "initial commit" and commits[0].authors == ["alice"], commits
    alice.super_squash_history(REPO, commit_message="All of it")
    assert [commit.title for commit in alice.list_repo_commits(REPO)] == ["All of it"]


def discussions():
    talk = alice.create_discussion(REPO, title="A question", description="How?")
    alice.comment_discussion(REPO, talk.num, comment="So.")
    alice.rename_discussion(REPO, talk.num, new_title="An answer")
    alice.change_discussion_status(REPO, talk.num, new_status="closed", comment="Done.")
    details = alice.get_discussion_details(REPO, talk.num)
    assert details.title == "An answer" and details.status == "closed", details
    assert [event.type for event in details.events] == [
        "comment", "comment", "title-change", "comment", "status-change"], details.events
    change = alice.upload_file(
        path_or_fileobj=b"proposed\n", path_in_repo="proposal.txt", repo_id=REPO, create_pr=True)
    number = change.pr_num
    assert change.pr_revision == f"refs/pr/{number}", change
    assert Path(fetch("proposal.txt", revision=change.pr_revision)).read_text() == "proposed\n"
    details = alice.get_discussion_details(REPO, number)
    assert details.is_pull_request and "+proposed" in details.diff, details
    alice.merge_pull_request(REPO, number)
    assert alice.get_discussion_details(REPO, number).status == "merged"
    assert Path(fetch("proposal.txt")).read_text() == "proposed\n"
    assert [d.num for d in alice.get_repo_discussions(REPO)] == [number, talk.num]


def proposals():
    alice.create_repo("alice/open")
    put = lambda content, **more: bob.upload_file(
        path_or_fileobj=content, path_in_repo="weights.bin", repo_id="alice/open", **more)
    expect(HfHubHTTPError, lambda: put(b"small", revision="main"))
    change = put(LARGE[:200_000], create_pr=True)
    put(LARGE[:300_000], revision=change.pr_revision)
    assert alice.model_info("alice/open", files_metadata=True).siblings[-1].rfilename != "weights.bin"
    alice.merge_pull_request("alice/open", change.pr_num)
    merged = hh.hf_hub_download(
        "alice/open", "weights.bin", token=bob.token, cache_dir=WORK / "merged")
    assert digest(merged) == hashlib.sha256(LARGE[:300_000]).hexdigest()
    alice.delete_repo("alice/open")


def filesystem():
    files = HfFileSystem(token=alice.token, skip_instance_cache=True)
    with files.open(f"{REPO}/fs/new.txt", "w") as file:
        file.write("written\n")
    assert files.read_text(f"{REPO}/fs/new.txt") == "written\n"
    assert files.info(f"{REPO}/weights/large.bin")["size"] == len(LARGE)
    with files.open(f"{REPO}/weights/large.bin", block_size=1 << 16) as file:
        file.seek(100_000)
        assert file.read(1000) == LARGE[100_000:101_000]
    assert f"{REPO}/fs/new.txt" in files.ls(f"{REPO}/fs", detail=False)
    assert len(files.glob(f"{REPO}/folder/sub/*.txt")) == 12
    files.rm(f"{REPO}/fs/new.txt")
    files.invalidate_cache()
    assert not files.exists(f"{REPO}/fs/new.txt")


def gates():
    alice.create_repo("alice/gated")
    alice.upload_file(path_or_fileobj=b"secret\n", path_in_repo="s.txt", repo_id="alice/gated")
    if VERSION < (0, 25):
        return
    alice.update_repo_settings("alice/gated", gated="manual")
    get = lambda: hh.hf_hub_download(
        "alice/gated", "s.txt", token=bob.token, cache_dir=WORK / "gated")
    expect(GatedRepoError, get)
    if VERSION >= (0, 26):
        expect(GatedRepoError, lambda: bob.auth_check("alice/gated"))
        alice.auth_check("alice/gated")
    alice.grant_access("alice/gated", user="bob")
    assert [request.username for request in alice.list_accepted_access_requests("alice/gated")] == ["bob"]
    assert Path(get()).read_text() == "secret\n"
    alice.reject_access_request("alice/gated", "bob", **(
        {"rejection_reason": None} if VERSION >= (0, 27) else {}))
    expect(GatedRepoError, lambda: hh.hf_hub_download(
        "alice/gated", "s.txt", token=bob.token, cache_dir=WORK / "closed"))


def spaces():
    alice.create_repo("alice/space", repo_type="space", space_sdk="static")
    alice.add_space_secret("alice/space", "KEY", "hidden")
    alice.add_space_variable("alice/space", "NAME", "shown")
    assert alice.get_space_variables("alice/space")["NAME"].value == "shown"
    alice.delete_space_variable("alice/space", "NAME")
    assert alice.get_space_variables("alice/space") == {}
    alice.delete_space_secret("alice/space", "KEY")


def lists():
    found = [model.id for model in alice.list_models(author="alice")]
    assert sorted(found) == ["alice/gated", REPO], found
    assert [model.id for model in bob.list_models(author="alice")] == ["alice/gated"]
    assert [space.id for space in alice.list_spaces(author="alice")] == ["alice/space"]
    paged = [model.id for model in HfApi(token=alice.token).list_models(author="alice", limit=1)]
    assert len(paged) == 1, paged


def large_files():
    if VERSION < (0, 29):
        return
    files = list(alice.list_lfs_files(REPO))
    assert hashlib.sha256(LARGE).hexdigest() in [file.oid for file in files], files


for part in [repositories, uploads, downloads, trees, references, discussions, proposals, filesystem,
             gates, spaces, lists, large_files, account]:
    part()
    print("ok", part.__name__, flush=True)
