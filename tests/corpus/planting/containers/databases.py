"""Databases: SQLite's pages of every kind, its log, and RocksDB."""

import contextlib
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import rocksdict

from planting.bed import Bed
from planting.containers.shelf import Read, Shelf, Write, settings
from planting.forge import PREFIX, Forge

PAGE = 4_096
Fill = Callable[[sqlite3.Connection, str], None]


def database(fill: Fill, *pragmas: str) -> Write:
    def write(token: str) -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder, "den.db")
            with contextlib.closing(sqlite3.connect(path)) as connection:
                # What is deleted stays, as upstream builds SQLite; Debian's overwrites it.
                for pragma in ("secure_delete = OFF", f"page_size = {PAGE}", *pragmas):
                    connection.execute(f"PRAGMA {pragma}")
                with connection:
                    fill(connection, token)
            return path.read_bytes()

    return write


def insert(connection: sqlite3.Connection, *rows: object) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v)")
    connection.executemany("INSERT INTO t (v) VALUES (?)", [(row,) for row in rows])


def overflow(connection: sqlite3.Connection, token: str) -> None:
    """A text of several pages, of which a later one holds the token."""
    filler = "a line of the den's log\n" * 400
    insert(connection, "first", filler + settings(token) + filler, "last")


def across_pages(into: int) -> Write:
    """An overflow page ends `into` letters after the token's start, and a page number follows."""

    def write(token: str) -> bytes:
        def with_filler(length: int) -> bytes:
            # How much of a row stays in its own page depends on its whole length.
            text = "." * length + token + "." * (6 * PAGE - length)
            return database(lambda connection, _: insert(connection, text))(token)

        first = 3 * PAGE
        start = with_filler(first).index(token.encode())
        return with_filler(first + PAGE - start % PAGE - into)

    return write


def deleted_row(connection: sqlite3.Connection, token: str) -> None:
    """The row's bytes stay in a free block of its page."""
    insert(connection, "first", settings(token), "last")
    connection.execute("DELETE FROM t WHERE id = 2")


def free_page(connection: sqlite3.Connection, token: str) -> None:
    insert(connection, "first", *(f"{n} {settings(token)} {'.' * 900}" for n in range(9)))
    connection.execute("DELETE FROM t WHERE id > 1")


def dropped_table(connection: sqlite3.Connection, token: str) -> None:
    insert(connection, settings(token))
    connection.execute("DROP TABLE t")


def packed_blob(connection: sqlite3.Connection, token: str) -> None:
    insert(connection, gzip.compress(settings(token).encode(), mtime=0))


def zlib_blob_in_overflow(connection: sqlite3.Connection, token: str) -> None:
    """A compressed blob that goes over a page's end, cut by the number of the next."""
    lines = "".join(f"{zlib.crc32(bytes([n % 251, n % 241])):x}\n" for n in range(3_000))
    insert(connection, "first", zlib.compress((lines + settings(token)).encode(), 9))


def by_expression(connection: sqlite3.Connection, token: str) -> None:
    """An index over a value in JSON, which is escaped in the row and plain in the index."""
    escaped = json.dumps({"token": token}).replace("_", "\\u005f")
    insert(connection, escaped)
    connection.execute("CREATE INDEX i ON t (json_extract(v, '$.token'))")


def default_value(connection: sqlite3.Connection, token: str) -> None:
    connection.execute(f"CREATE TABLE user (name TEXT, token TEXT DEFAULT '{token}')")


def cookies(connection: sqlite3.Connection, token: str) -> None:
    """Columns touch in a record."""
    connection.execute("CREATE TABLE cookies (host TEXT, name TEXT, value TEXT, path TEXT)")
    row = ("huggingface.co", "token", token, "/api")
    connection.execute("INSERT INTO cookies VALUES (?, ?, ?, ?)", row)


def write_ahead_log(token: str) -> Mapping[str, bytes]:
    """A database that is open: what was written last is in its log only."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "den.db")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            insert(connection, "first")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            insert(connection, settings(token))
            names = ("den.db", "den.db-wal", "den.db-shm")
            return {name: Path(folder, name).read_bytes() for name in names}


def rows_of(query: str) -> Read:
    def read(raw: bytes) -> list[tuple]:
        with TemporaryDirectory() as folder:
            path = Path(folder, "den.db")
            path.write_bytes(raw)
            with contextlib.closing(sqlite3.connect(path)) as connection:
                return connection.execute(query).fetchall()

    return read


ROWS = rows_of("SELECT v FROM t")


def unpacked(unpack: Callable[[bytes], bytes]) -> Read:
    return lambda raw: [unpack(row) for (row,) in ROWS(raw) if isinstance(row, bytes)]


def log_read(files: Mapping[str, bytes]) -> list[tuple]:
    with TemporaryDirectory() as folder:
        for name, raw in files.items():
            Path(folder, name).write_bytes(raw)
        with contextlib.closing(sqlite3.connect(Path(folder, "den.db"))) as connection:
            return connection.execute("SELECT v FROM t").fetchall()


def remains(raw: bytes) -> bytes:
    """No query reaches what was deleted: the pages are all that there is to read."""
    return raw


def rocks(codec: rocksdict.DBCompressionType, *, flush: bool) -> Callable[[str], dict[str, bytes]]:
    """A key-value store: a log of what was written, or a table of what was flushed."""

    def write(token: str) -> dict[str, bytes]:
        options = rocksdict.Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_compression_type(codec)
        with TemporaryDirectory() as folder:
            store = rocksdict.Rdict(folder, options)
            for number in range(40):
                store[b"user-%d" % number] = f"HF_TOKEN={PREFIX}... of {number}".encode()
            store[b"user-bear"] = f"HF_TOKEN={token}".encode()
            if flush:
                store.flush()
            # While the store is open, what was not flushed is in its log.
            files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
            store.close()
            return {name: raw for name, raw in files.items() if not name.startswith("LOG")}

    return write


def rocks_read(files: Mapping[str, bytes]) -> list[object]:
    with TemporaryDirectory() as folder:
        for name, raw in files.items():
            Path(folder, name).write_bytes(raw)
        store = rocksdict.Rdict(folder, rocksdict.Options(raw_mode=True))
        entries = list(store.items())
        store.close()
        return entries


OPEN = (
    ("overflow", database(overflow), ROWS),
    ("deleted-row", database(deleted_row), remains),
    ("free-page", database(free_page), remains),
    ("dropped-table", database(dropped_table), remains),
    ("index-only", database(by_expression), rows_of("SELECT json_extract(v, '$.token') FROM t")),
    ("schema", database(default_value), rows_of("SELECT sql FROM sqlite_master")),
    ("cookies", database(cookies), rows_of("SELECT * FROM cookies")),
)
HIDDEN = (
    ("utf-16le", database(overflow, "encoding = 'UTF-16le'"), ROWS),
    ("utf-16be", database(cookies, "encoding = 'UTF-16be'"), rows_of("SELECT * FROM cookies")),
    ("gzip-blob", database(packed_blob), unpacked(gzip.decompress)),
    ("zlib-blob-in-overflow", database(zlib_blob_in_overflow), unpacked(zlib.decompress)),
    ("across-pages-2", across_pages(2), ROWS),
    ("across-pages-20", across_pages(20), ROWS),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "store")
    for name, write, read in OPEN:
        shelf.put(f"sqlite-{name}", "den.db", write, read)
    for name, write, read in HIDDEN:
        shelf.put(f"sqlite-{name}", "den.db", write, read, hidden=True)
    shelf.put("sqlite-wal", "", write_ahead_log, log_read)
    plain, snappy = rocksdict.DBCompressionType.none(), rocksdict.DBCompressionType.snappy()
    shelf.put("rocksdb-log", "", rocks(plain, flush=False), rocks_read)
    shelf.put("rocksdb-table-snappy", "", rocks(snappy, flush=True), rocks_read)
