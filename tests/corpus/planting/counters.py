"""Texts that look like a token, or hold its prefix, and are none."""

import base64
import json
import pickle
import string
from collections.abc import Callable
from urllib.parse import quote

from planting.bed import Bed
from planting.forge import (
    ALNUM,
    BASE62,
    BASE64,
    BASE64URL,
    LETTERS,
    PREFIX,
    Forge,
    b64url,
    lease_checksum,
)
from planting.formats import minified

BODY = 34
HEX = "0123456789abcdef"
WORDS_TEXT = (
    "add all app attention auto base batch bert cache call chat check client config context "
    "convert data dataset decode device download embed encode endpoint error eval fast feature "
    "fetch file "
    "filter find folder forward from generate get gradient group handle head hidden hub id image "
    "index inference init input is item key label layer length list load local log loss map mask "
    "max merge metric mode model module name new norm number only open optimizer output pad parse "
    "path pipeline pool position predict pretrained process query rank read remote repo request "
    "reset result revision run sample save scale scheduler score sequence server session set shard "
    "size space split state step store stream string tensor test text to token tokenizer train "
    "trainer transform type update upload url use user value vector version weight with write"
)
WORDS = WORDS_TEXT.split()


def words_of_length(forge: Forge, length: int) -> list[str]:
    """Dictionary words with this many letters in all."""
    while True:
        words: list[str] = []
        while sum(map(len, words)) < length:
            words.append(forge.random.choice(WORDS))
        if sum(map(len, words)) == length:
            return words


def camel(forge: Forge, length: int = BODY) -> str:
    first, *rest = words_of_length(forge, length)
    return first + "".join(word.capitalize() for word in rest)


def pascal(forge: Forge, length: int = BODY) -> str:
    return "".join(word.capitalize() for word in words_of_length(forge, length))


def run_together(forge: Forge) -> str:
    return "".join(words_of_length(forge, BODY))


def shouted(forge: Forge) -> str:
    return run_together(forge).upper()


def snake(forge: Forge) -> str:
    return "_".join(forge.random.choices(WORDS, k=12))[:BODY].rstrip("_")


def filled(text: str) -> str:
    """The text over and over, cut to the length of a token's body."""
    return (text * BODY)[:BODY]


# Stand-ins of exactly a token's length: name, body
PLACEHOLDERS = (
    ("x", filled("x")),
    ("x-upper", filled("X")),
    ("x-mixed", filled("xX")),
    ("same-letter", filled("a")),
    ("same-letter-upper", filled("Q")),
    ("same-digit", filled("0")),
    ("pair", filled("ab")),
    ("pair-mixed", filled("zQ")),
    ("triple", filled("abc")),
    ("alphabet", filled(string.ascii_lowercase)),
    ("alphabet-upper", filled(string.ascii_uppercase)),
    ("alphabet-mixed", filled(string.ascii_letters)),
    ("alphabet-backwards", filled(string.ascii_lowercase[::-1])),
    ("alphabet-digits", filled("abc123def456ghi789jkl")),
    ("digits-run", filled("1234567890")),
    ("keyboard-rows", filled("qwertyuiopasdfghjklzxcvbnm")),
    ("keyboard-rows-upper", filled("QWERTYUIOPASDFGHJKLZXCVBNM")),
    ("keyboard-home-row", filled("asdfghjkl")),
    ("keyboard-asdf", filled("asdf")),
    ("fake", filled("Fake")),
    ("test-token", filled("TestToken")),
    ("example", filled("ExampleToken")),
    ("dummy", filled("dummytoken")),
    ("your-token-here", filled("yourtokenhere")),
    ("your-token-here-camel", filled("YourTokenHere")),
    ("your-token-upper", filled("YOURTOKENHERE")),
    ("put-your-token", ("PutYourHuggingFaceTokenHere" + filled("x"))[:BODY]),
    ("replace-me", filled("ReplaceMeWithYourHuggingFaceTokens")),
    ("your-then-x", ("YOURTOKEN" + filled("X"))[:BODY]),
    ("x-then-letters", filled("x")[:30] + "AbCd"),
    ("redacted", filled("REDACTED")),
    ("secret", filled("mysecrettoken")),
    ("word-over-and-over", filled("bearden")),
)

# Stand-ins of no token's shape: name, text after the prefix
LOOSE = (
    ("underscores", "your_token_here"),
    ("short-x", "xxxxxxxx"),
    ("long-x", "x" * 40),
    ("dots", "..."),
    ("ellipsis", "\u2026"),
    ("angle", "<your token>"),
    ("stars", "*" * 34),
    ("masked", "*" * 30 + "Ab3x"),
    ("variable", "${TOKEN_BODY}"),
    ("template", "{{ token }}"),
    ("pattern", "[a-zA-Z0-9]{34}"),
    ("pattern-posix", "[[:alnum:]]\\{34\\}"),
)

IDENTIFIERS: tuple[tuple[str, Callable[[Forge], str], str], ...] = (
    ("camel-call", camel, "model.{T}(batch)\n"),
    ("camel-function", camel, "function {T}() { return 1 }\n"),
    ("camel-import", camel, "import {{T}} from './hub'\n"),
    ("camel-json-key", camel, '{"{T}": true}\n'),
    ("camel-quoted", camel, "x = getattr(self, '{T}')\n"),
    ("pascal-class", pascal, "class {T}(Base):\n    pass\n"),
    ("pascal-quoted", pascal, 'register("{T}")\n'),
    ("lower-words", run_together, "def {T}(self):\n"),
    ("lower-words-env", run_together, "NAME={T}\n"),
    ("upper-words", shouted, "#define {T} 1\n"),
    ("snake", snake, "self.{T} = None\n"),
)

LENGTHS = ((33, LETTERS), (35, LETTERS), (40, LETTERS), (64, ALNUM), (20, LETTERS))
HASHES = (32, 34, 40, 64)


def shaped(name: str, token: str, template: str = "HF_TOKEN={T}\n") -> tuple[str, str, str]:
    return name, template.replace("{T}", token), token


def plant_placeholders(bed: Bed) -> None:
    for name, body in PLACEHOLDERS:
        token = PREFIX + body
        case, text, token = shaped(f"placeholder-{name}", token)
        bed.quiet(case, text, ext="env", kind="user_token", token=token)
    for name, body in LOOSE:
        text = f'export HF_TOKEN="{PREFIX}{body}"\n'
        bed.quiet(f"placeholder-{name}", text, ext="sh", kind="user_token")
    in_words = f"Paste your token ({PREFIX}...) where {PREFIX}xxx stands, as in `{PREFIX}TOKEN`.\n"
    bed.quiet("placeholder-in-words", in_words, ext="md", kind="user_token")


def plant_identifiers(bed: Bed, forge: Forge) -> None:
    for name, make, template in IDENTIFIERS:
        body = make(forge)
        token = PREFIX + body
        text = template.replace("{T}", token)
        has_shape = len(body) == BODY and body.isalnum()
        bed.quiet(f"identifier-{name}", text, kind="user_token", token=token if has_shape else None)
    selectors = "".join(f".r{PREFIX}{camel(forge)}{{color:red}}" for _ in range(20))
    bed.quiet("identifier-selectors", selectors, ext="css", kind="user_token")
    prefixed = "".join(f"x{PREFIX}{camel(forge)}=_{PREFIX}{pascal(forge)};" for _ in range(20))
    bed.quiet("identifier-letter-before", prefixed, ext="js", kind="user_token")
    calls = "hub_download transfer xet_upload_large_folder_then_wait_for_it api_for_all_the_models"
    text = "".join(f"from hub import {PREFIX}{call}\n" for call in calls.split())
    bed.quiet("identifier-hub-functions", text, ext="py", kind="user_token")
    names = (
        "hf_oauth_callback_url hf_oauth_client_id_for_the_space hf_jwt_verification_enabled "
        "hf_oauth__refresh_token_lifetime_in_seconds hf_s3_bucket_name hf_app_settings_of_the_user "
        "api_org_members_of_the_resource_group oauth_app_secret_rotation_interval_days hf_lease_ttl"
    )
    text = "".join(f"{name} = None\n" for name in names.split())
    bed.quiet("identifier-other-prefixes", text, ext="py")


def plant_lengths(bed: Bed, forge: Forge) -> None:
    for length, alphabet in LENGTHS:
        text = f"HF_TOKEN={PREFIX}{forge.some(alphabet, length)}\n"
        bed.quiet(f"length-{length}", text, ext="env", kind="user_token")
    text = f"HF_APP={'hf_app_'}{forge.alnum(31)}\nORG={'api_org_'}{forge.alnum(33)}\n"
    bed.quiet("length-other-kinds", text, ext="env")
    text = f"S={'oauth_app_secret_'}{forge.alnum(40)}\nR={'hf_oauth__refresh_'}{forge.alnum(30)}\n"
    bed.quiet("length-app-secret-and-refresh", text, ext="env")


def plant_hashes(bed: Bed, forge: Forge) -> None:
    for length in HASHES:
        token = PREFIX + forge.some(HEX, length)
        shape = token if length == BODY else None
        bed.quiet(f"hash-{length}", f"cache: {token}\n", kind="user_token", token=shape)
    token = PREFIX + forge.some(HEX.upper(), BODY)
    bed.quiet("hash-34-upper", f"cache: {token}\n", kind="user_token", token=token)
    text = "".join(f"ckpt_{PREFIX}{forge.some(HEX, 40)}.safetensors\n" for _ in range(9))
    bed.quiet("hash-in-file-names", text, kind="user_token")
    text = "".join(f"{forge.some(HEX, 64)}  {PREFIX}model-{n}.bin\n" for n in range(200))
    bed.quiet("sha256-sums", text)
    text = "".join(f"{forge.uuid()}\n{PREFIX}{forge.uuid()}\n" for _ in range(50))
    bed.quiet("uuids", text)
    for name, alphabet in (("digits", string.digits), ("bases", "ACGT")):
        token = PREFIX + forge.some(alphabet, BODY)
        bed.quiet(f"random-{name}", f"id={token}\n", kind="user_token", token=token)


def with_prefix_inside(forge: Forge, alphabet: str, length: int) -> str:
    """A run of digits that holds the prefix here and there, with letters on both sides of it."""
    parts = []
    for _ in range(20):
        parts.append(forge.some(alphabet, length // 20) + forge.some(LETTERS, 4))
        parts.append(PREFIX + forge.some(LETTERS, 50))
    return "".join(parts)


def plant_noise(bed: Bed, forge: Forge) -> None:
    noise = with_prefix_inside(forge, BASE64URL, 200_000)
    bed.quiet("base64-url-noise", noise + "\n")
    text = base64.encodebytes(forge.bytes(150_000)).decode()
    bed.quiet("base64-mime-noise", text, ext="pem")
    pieces = (forge.bytes(60) + PREFIX.encode() + forge.bytes(60) for _ in range(300))
    bed.quiet("base64-of-noise-with-prefix", base64.b64encode(b"".join(pieces)).decode())
    bed.quiet("hex-noise", forge.bytes(60_000).hex() + "\n")
    bed.quiet("random-bytes", forge.bytes(1_000_000), ext="bin")
    pieces = (forge.bytes(999) + PREFIX.encode() + forge.bytes(9) for _ in range(200))
    bed.quiet("random-bytes-with-prefix", b"".join(pieces), ext="bin")
    bed.quiet("minified-bundle", minified_bundle(forge), ext="min.js")
    hashes = {
        f"node_modules/{forge.words(1)}-{n}": {
            "integrity": "sha512-" + base64.b64encode(forge.bytes(64)).decode()
        }
        for n in range(400)
    }
    bed.quiet("lock-file-hashes", json.dumps(hashes, indent=1), inside="package-lock.json")
    bed.quiet("words", forge.words(20_000) + "\n")


def minified_bundle(forge: Forge) -> str:
    parts = []
    for _ in range(30):
        name = camel(forge, forge.random.randrange(20, 50))
        parts.append(minified(forge, 10_000) + f"var r{PREFIX}{name}={PREFIX}{name[:12]};")
    return "".join(parts)


def plant_sequences(bed: Bed, forge: Forge) -> None:
    lanes = []
    for read in range(400):
        place = ":".join(str(forge.random.randrange(1, 20_000)) for _ in range(3))
        bases = forge.some("ACGT", 100)
        # Illumina 1.5 writes quality as the characters from `B` to `h`, so `hf_` occurs.
        quality = forge.some("ghhhhfhhgfe", 50) + PREFIX + forge.some("hhhgfedcb", 47)
        lanes.append(f"@HWI-ST1276:71:C1162ACXX:1:{read}:{place}\n{bases}\n+\n{quality}\n")
    bed.quiet("fastq", "".join(lanes), ext="fastq")


def plant_leases(bed: Bed, forge: Forge) -> None:
    body = forge.some(BASE62, BODY)
    wrong = lease_checksum(body[::-1])
    lease = f"hf_lease{body}{wrong}"
    bed.quiet("lease-wrong-checksum", f"HF_TOKEN={lease}\n", kind="lease", token=lease)
    sound = forge.lease().text
    at = next(at for at in range(12, 40) if sound[at] != sound[at + 1])
    swapped = sound[:at] + sound[at + 1] + sound[at] + sound[at + 2 :]
    bed.quiet("lease-two-swapped", f"HF_TOKEN={swapped}\n", kind="lease", token=swapped)
    bed.quiet("lease-cut-short", f"HF_TOKEN={sound[:-1]}\n", kind="lease")


def plant_jwts(bed: Bed, forge: Forge) -> None:
    bed.quiet("jwt-alone", f"Authorization: Bearer {forge.jwt()}\n", kind="oauth_access_token")
    bed.quiet("jwt-other-prefix", f"token=gh_oauth_{forge.jwt()}\n", kind="oauth_access_token")
    text = f"Bearer hf_oauth_{'x' * 20}.{'x' * 40}.{'x' * 40}\n"
    bed.quiet("jwt-placeholder", text, kind="oauth_access_token")
    text = "Bearer hf_jwt_eyJhbGciOi... and hf_oauth_eyJ\u2026 and hf_s3_<jwt>\n"
    bed.quiet("jwt-elided", text, kind="trusted_publisher_token")
    parts = (b64url(forge.bytes(30)) for _ in range(3))
    text = f"x = hf_jwt_{'.'.join(parts)}\n"
    bed.quiet("jwt-without-json", text, kind="trusted_publisher_token")


def plant_pairs_and_org(bed: Bed, forge: Forge) -> None:
    org = "api_org_"
    token = org + filled("x")
    bed.quiet("org-placeholder-x", f"export T={token}\n", kind="org_token", token=token)
    text = f"Your token looks like {org}XXXX or `{org}<token>` or {org}YOUR_TOKEN.\n"
    bed.quiet("org-placeholder-in-words", text, ext="md", kind="org_token")
    key = "HFAK"
    upper = string.ascii_uppercase + string.digits
    noise = "".join(
        forge.some(BASE64, 400) + "a" + key + forge.some(upper, 16) + "b" for _ in "123456"
    )
    bed.quiet("s3-id-in-base64", noise + "\n", kind="s3_secret_key")
    text = f"Functor With{key}EdataAndMore = {key}E_DATA + Not{key}S{'0' * 20};\n"
    bed.quiet("s3-id-in-identifiers", text, kind="s3_secret_key")
    text = f"AWS_ACCESS_KEY_ID={key}{'X' * 16}\nAWS_SECRET_ACCESS_KEY={'x' * 40}\n"
    bed.quiet("s3-pair-placeholder", text, ext="env", kind="s3_secret_key")
    text = f"aws_access_key_id = {key}...\naws_secret_access_key = <secret>\n"
    bed.quiet("s3-pair-elided", text, ext="ini", kind="s3_secret_key")


def plant_encoded(bed: Bed, forge: Forge) -> None:
    """Stand-ins and identifiers that a decoding uncovers are none the more tokens for it."""
    stand_in = PREFIX + filled("x")
    name = PREFIX + camel(forge)
    rows = (
        ("base64-placeholder", base64.b64encode(stand_in.encode()).decode(), stand_in),
        ("base64-identifier", base64.b64encode(name.encode()).decode(), name),
        ("percent-placeholder", "t=" + quote(stand_in.replace("_", "%5F"), safe="%"), stand_in),
        ("html-placeholder", "<p>" + stand_in.replace("_", "&lowbar;") + "</p>", stand_in),
        ("json-placeholder", '"' + stand_in.replace("_", "\\u005f") + '"', stand_in),
        ("hex-placeholder", stand_in.encode().hex(), stand_in),
        ("joined-placeholder", f't = "{PREFIX}" + "{filled("x")}"', stand_in),
        ("joined-identifier", f't = "{PREFIX}" + "{name[len(PREFIX) :]}"', name),
    )
    for case, text, token in rows:
        bed.quiet(f"encoded-{case}", text + "\n", kind="user_token", token=token)
    raw = f"\ufeffHF_TOKEN={stand_in}\r\n".encode("utf-16-le")
    bed.quiet("encoded-utf-16-placeholder", raw, kind="user_token", token=stand_in)
    raw = pickle.dumps({"hub_token": stand_in}, 2)
    bed.quiet("encoded-pickle-placeholder", raw, ext="pkl", kind="user_token", token=stand_in)


def plant_code(bed: Bed, forge: Forge) -> None:
    text = (
        f't = "{PREFIX}" + "".join(random.choices(string.ascii_letters, k=34))\n'
        f'u = f"{PREFIX}{{body}}"\nassert t.startswith("{PREFIX}")\nv = "{PREFIX}" + "a" * 34\n'
    )
    bed.quiet("code-that-makes-tokens", text, ext="py", kind="user_token")
    names = ", ".join(f'"{PREFIX}{n}"' for n in ("xet", "transfer", "hub", "olmo", "gguf", "mtp"))
    bed.quiet("list-of-packages", f"packages = [{names}]\n", ext="py")
    parts = words_of_length(forge, BODY)
    joined = ", ".join(f'"{part}"' for part in parts)
    bed.quiet("array-of-words", f'keys = ["{PREFIX}", {joined}]\n', ext="py", kind="user_token")
    symbols = [PREFIX + camel(forge, n) for n in (30, 33, 34, 35, 41, 60)]
    table = b"\x7fELF\0\0" + b"".join(s.encode() + b"\0" for s in symbols) + bytes(9)
    bed.quiet("symbol-table", table, ext="so", kind="user_token")
    others = f"ghp_{forge.alnum(36)}\nglpat-{forge.alnum(20)}\nnpm_{forge.alnum(36)}\n"
    bed.quiet("tokens-of-others", others)


def plant_names(bed: Bed, forge: Forge) -> None:
    rows = (
        ("placeholder", filled("x"), "{T}.txt"),
        ("identifier", camel(forge), "{T}.py"),
        ("hash", forge.some(HEX, BODY), "blobs/{T}"),
    )
    for name, body, path in rows:
        token = PREFIX + body
        inside = path.replace("{T}", token)
        bed.quiet(f"name-{name}", "x\n", kind="user_token", token=token, inside=inside)


def plant(bed: Bed, forge: Forge) -> None:
    plant_placeholders(bed)
    plant_identifiers(bed, forge)
    plant_lengths(bed, forge)
    plant_hashes(bed, forge)
    plant_noise(bed, forge)
    plant_sequences(bed, forge)
    plant_leases(bed, forge)
    plant_jwts(bed, forge)
    plant_pairs_and_org(bed, forge)
    plant_encoded(bed, forge)
    plant_code(bed, forge)
    plant_names(bed, forge)
