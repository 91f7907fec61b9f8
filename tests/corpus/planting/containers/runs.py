"""What training leaves behind: event files, TFRecords and wandb's runs."""

import gzip
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import tensorboardX
import tfrecord
import yaml
from tensorboardX.proto import event_pb2
from tfrecord import example_pb2
from wandb.proto import wandb_internal_pb2
from wandb.sdk.internal.datastore import DataStore

from planting.bed import Bed
from planting.containers.shelf import Read, Shelf, Write, by_file
from planting.forge import PREFIX, Forge

# Of a LevelDB log, as wandb writes it.
BLOCK = 32_768


def events(fill: Callable[[tensorboardX.SummaryWriter, str], None]) -> Write:
    """tensorboardX's own file; it puts hyperparameters into a folder of their own."""

    def write(token: str) -> bytes:
        with TemporaryDirectory() as folder:
            with tensorboardX.SummaryWriter(folder) as writer:
                writer.add_scalar("loss", 1.5, 1)
                fill(writer, token)
            files = sorted(Path(folder).rglob("events.out.tfevents.*"))
            return next(raw for path in reversed(files) if token.encode() in (raw := read_of(path)))

    return write


def read_of(path: Path) -> bytes:
    return path.read_bytes()


def text_plugin(writer: tensorboardX.SummaryWriter, token: str) -> None:
    writer.add_text("config", f"    hub_token: {token}\n    seed: 7", 1)


def hyperparameters(writer: tensorboardX.SummaryWriter, token: str) -> None:
    writer.add_hparams({"lr": 0.1, "hub_token": token, "optim": "adam"}, {"loss": 1.5})


def records(raw: bytes) -> Iterator[bytes]:
    """The records of a TFRecord file: a length, its checksum, the data and its checksum."""
    at = 0
    while at < len(raw):
        (length,) = struct.unpack_from("<Q", raw, at)
        yield raw[at + 12 : at + 12 + length]
        at += length + 16


def events_read(raw: bytes) -> list[str]:
    found = (event_pb2.Event.FromString(record) for record in records(raw))
    return [str(event) for event in found]


def examples(token: str) -> bytes:
    def write(path: Path) -> None:
        writer = tfrecord.TFRecordWriter(str(path))
        for text in (f"HF_TOKEN={PREFIX}...", f"HF_TOKEN={token}", "the end"):
            writer.write({"text": (text.encode(), "byte"), "label": (1, "int")})
        writer.close()

    return by_file(write)


def examples_gzip(token: str) -> bytes:
    return gzip.compress(examples(token), mtime=0)


def examples_zlib(token: str) -> bytes:
    return zlib.compress(examples(token))


def compressed_feature(token: str) -> bytes:
    """A feature that is itself compressed, as picture and log data sets keep them."""
    packed = gzip.compress(f"# {PREFIX}...\nHF_TOKEN={token}\n".encode(), mtime=0)

    def write(path: Path) -> None:
        writer = tfrecord.TFRecordWriter(str(path))
        writer.write({"log": (packed, "byte")})
        writer.close()

    return by_file(write)


def examples_read(raw: bytes) -> list[bytes]:
    read = (example_pb2.Example.FromString(record) for record in records(raw))
    lists = [f.bytes_list.value for example in read for f in example.features.feature.values()]
    return [value for values in lists for value in values]


def feature_read(raw: bytes) -> bytes:
    return gzip.decompress(examples_read(raw)[0])


def run_record(number: int, key: str, value: object) -> wandb_internal_pb2.Record:
    record = wandb_internal_pb2.Record(num=number)
    update = record.config.update.add()
    update.key, update.value_json = key, json.dumps(value)
    return record


def run_file(*settings: tuple[str, object]) -> bytes:
    def write(path: Path) -> None:
        store = DataStore()
        store.open_for_write(str(path))
        for number, (key, value) in enumerate(settings, 1):
            store.write(run_record(number, key, value))
        store.close()

    return by_file(write, "run.wandb")


def run_plain(token: str) -> bytes:
    return run_file(("lr", 0.1), ("hub_token", token), ("seed", 7))


def run_straddling(into: int) -> Write:
    """A block ends `into` letters after the token's start, and a record's header cuts it."""

    def write(token: str) -> bytes:
        def with_filler(length: int) -> bytes:
            text = f"{PREFIX}... is not the token, but {token} is"
            return run_file(("notes", "." * length + text), ("seed", 7))

        short = BLOCK - 2_000
        start = with_filler(short).index(token.encode())
        return with_filler(short + BLOCK - into - start)

    return write


def run_middle(token: str) -> bytes:
    """A record over five blocks, whose middle ones are whole."""
    example = f"{PREFIX}...\n" * 9_000
    return run_file(("env", f"{example}HF_TOKEN={token}\n{example}"), ("seed", 7))


def run_read(raw: bytes) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.wandb")
        path.write_bytes(raw)
        store, found = DataStore(), []
        store.open_for_scan(str(path))
        while (data := store.scan_data()) is not None:
            found.append(str(wandb_internal_pb2.Record.FromString(bytes(data))))
        store.close()
        return found


OFFLINE = """
import sys, wandb
settings = wandb.Settings(x_disable_stats=True, disable_git=True, console="off")
run = wandb.init(project="den", config={"seed": 7, "hub_token": sys.argv[1]}, settings=settings)
run.log({"loss": 1.5})
run.finish()
"""


def run_offline(token: str) -> bytes:
    """A run without a server, by the program that wandb's library starts."""
    with TemporaryDirectory() as folder:
        own = {"HOME": folder, "WANDB_MODE": "offline", "WANDB_DIR": folder, "WANDB_SILENT": "true"}
        environment = os.environ | own | {"WANDB_ERROR_REPORTING": "false"}
        command = [sys.executable, "-c", OFFLINE, token]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        return next(Path(folder).rglob("run-*.wandb")).read_bytes()


def run_config(token: str) -> bytes:
    """`config.yaml` of a run: every setting with a description and a value."""
    wrapped = {"wandb_version": 1, "hub_token": {"desc": None, "value": token}}
    return yaml.safe_dump(wrapped).encode()


def run_metadata(token: str) -> bytes:
    """`wandb-metadata.json` keeps the command line and the remote's address."""
    arguments = ["--push", "--hub_token", token]
    git = {"remote": "https://huggingface.co/bear/den", "commit": "0" * 40}
    return json.dumps({"program": "train.py", "args": arguments, "git": git}, indent=2).encode()


STRADDLES = (1, 3, 18, 36)
OPEN: tuple[tuple[str, str, Write, Read], ...] = (
    ("events-text", "events.out.tfevents.1767323045.den.7.0", events(text_plugin), events_read),
    (
        "events-hparams",
        "events.out.tfevents.1767323045.den.7.1",
        events(hyperparameters),
        events_read,
    ),
    ("tfrecord", "train.tfrecord-00000-of-00001", examples, examples_read),
    ("wandb", "run-den.wandb", run_plain, run_read),
    ("wandb-middle-block", "run-den.wandb", run_middle, run_read),
    ("wandb-offline", "wandb/offline-run-1/run-den.wandb", run_offline, run_read),
    ("wandb-config", "wandb/run-1/files/config.yaml", run_config, yaml.safe_load),
    ("wandb-metadata", "wandb/run-1/files/wandb-metadata.json", run_metadata, json.loads),
)
HIDDEN = (
    (
        "tfrecord-gzip",
        "train.tfrecord.gz",
        examples_gzip,
        lambda raw: examples_read(gzip.decompress(raw)),
    ),
    ("tfrecord-zlib", "train.tfrecord", examples_zlib, lambda r: examples_read(zlib.decompress(r))),
    ("tfrecord-gzip-feature", "logs.tfrecord", compressed_feature, feature_read),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "run")
    for name, file, write, read in OPEN:
        shelf.put(name, file, write, read)
    for name, file, write, read in HIDDEN:
        shelf.put(name, file, write, read, hidden=True)
    for into in STRADDLES:
        write = run_straddling(into)
        shelf.put(f"wandb-straddling-{into}", "run-den.wandb", write, run_read, hidden=True)
