"""Every kind of credential in the environment, in JSON, in YAML and in prose."""

import json
from collections.abc import Callable

from planting.bed import Bed
from planting.forge import Forge, Value

Fields = list[tuple[str, str]]


def named(name: str, make: Callable[[Forge], Value]) -> Callable[[Forge], tuple[Fields, Value]]:
    def fields(forge: Forge) -> tuple[Fields, Value]:
        value = make(forge)
        return [(name, value.text)], value

    return fields


def pair(forge: Forge) -> tuple[Fields, Value]:
    key = forge.pair()
    return [("AWS_ACCESS_KEY_ID", key.id), ("AWS_SECRET_ACCESS_KEY", key.secret.text)], key.secret


KINDS = (
    ("user", named("HF_TOKEN", Forge.user)),
    ("user-with-digits", named("HUGGING_FACE_HUB_TOKEN", Forge.user_with_digits)),
    ("org", named("HF_ORG_TOKEN", Forge.org)),
    ("oauth", named("HF_ACCESS_TOKEN", Forge.oauth)),
    ("refresh", named("HF_REFRESH_TOKEN", Forge.refresh)),
    ("publisher", named("HF_PUBLISH_TOKEN", Forge.publisher)),
    ("s3-session", named("AWS_SESSION_TOKEN", Forge.s3_session)),
    ("app", named("HF_APP_TOKEN", Forge.app)),
    ("app-secret", named("OAUTH_CLIENT_SECRET", Forge.app_secret)),
    ("s3-pair", pair),
    ("lease", named("HF_TOKEN", Forge.lease)),
)


def env(fields: Fields) -> str:
    return "DEBUG=1\n" + "".join(f"{name}={text}\n" for name, text in fields) + "PORT=80\n"


def as_json(fields: Fields) -> str:
    return json.dumps({"profile": "den", **dict(fields), "region": "us-east-1"}, indent=2) + "\n"


def yaml(fields: Fields) -> str:
    body = "".join(f"  {name.lower()}: {text}\n" for name, text in fields)
    return f"den:\n{body}  region: us-east-1\n"


def prose(fields: Fields) -> str:
    named_texts = " and ".join(f"{name.replace('_', ' ')} {text}" for name, text in fields)
    return f"For the run of Monday we used {named_texts}, and we should rotate it.\n"


FORMATS = (("env", "env", env), ("json", "json", as_json), ("yaml", "yaml", yaml))
PROSE = ("prose", "md", prose)

# Other places for single kinds: name, extension, maker, template
PLACES = (
    ("oauth-full-stop", "txt", Forge.oauth, "The token was {T}.\n"),
    ("oauth-comma", "txt", Forge.oauth, "token={T},next\n"),
    ("oauth-bearer", "http", Forge.oauth, "Authorization: Bearer {T}\r\nAccept: */*\r\n"),
    ("oauth-escaped-quote", "json", Forge.oauth, r'{"body":"{\"access_token\":\"{T}\"}"}'),
    ("publisher-query", "txt", Forge.publisher, "https://h.example/?token={T}&x=1\n"),
    ("publisher-full-stop", "txt", Forge.publisher, "Bearer {T}."),
    ("s3-session-xml", "xml", Forge.s3_session, "<SessionToken>{T}</SessionToken>\n"),
    ("refresh-ini", "ini", Forge.refresh, "[oauth-bear]\nrefresh_token = {T}\n"),
    ("refresh-full-stop", "txt", Forge.refresh, "It said {T}. Then it failed.\n"),
    ("app-paren", "py", Forge.app, "run({T})\n"),
    ("app-secret-url", "txt", Forge.app_secret, "https://id:{T}@huggingface.co/oauth/token\n"),
    ("org-old-login", "sh", Forge.org, "huggingface-cli login --token {T};\n"),
    ("lease-netrc", "netrc", Forge.lease, "machine huggingface.co login hf password {T}\n"),
    ("lease-url", "txt", Forge.lease, "https://hf:{T}@127.0.0.1:8080/bear/den\n"),
    ("lease-ansi", "log", Forge.lease, "\x1b[32m{T}\x1b[0m\n"),
)

# Other places for a key pair: name, extension, template with {I} the id and {T} the secret
PAIR_PLACES = (
    (
        "aws-credentials",
        "ini",
        "[hf]\naws_access_key_id = {I}\naws_secret_access_key = {T}\nregion = auto\n",
    ),
    (
        "rclone",
        "conf",
        "[hf]\ntype = s3\nprovider = Other\naccess_key_id = {I}\nsecret_access_key = {T}\n",
    ),
    ("boto3", "py", 's3 = client("s3", aws_access_key_id="{I}", aws_secret_access_key="{T}")\n'),
    ("csv", "csv", "Access key ID,Secret access key\n{I},{T}\n"),
    ("duckdb", "sql", "CREATE SECRET den (TYPE s3, KEY_ID '{I}', SECRET '{T}');\n"),
    ("secret-first", "json", '{"secretAccessKey": "{T}", "accessKeyId": "{I}"}\n'),
    ("xml", "xml", "<K><AccessKeyId>{I}</AccessKeyId><SecretKey>{T}</SecretKey></K>\n"),
    ("crlf", "env", "AWS_ACCESS_KEY_ID={I}\r\nAWS_SECRET_ACCESS_KEY={T}\r\n"),
    ("colon", "txt", "{I}:{T}\n"),
)


def plant(bed: Bed, forge: Forge) -> None:
    for kind, make in KINDS:
        for name, ext, write in (*FORMATS, PROSE):
            fields, value = make(forge)
            bed.found("kind", f"{kind}-{name}", write(fields), value, ext=ext)
    for name, ext, make, template in PLACES:
        value = make(forge)
        bed.found("kind", name, template.replace("{T}", value.text), value, ext=ext)
    for name, ext, template in PAIR_PLACES:
        key = forge.pair()
        body = template.replace("{I}", key.id).replace("{T}", key.secret.text)
        bed.found("kind", f"s3-pair-{name}", body, key.secret, ext=ext)
    token, refresh = forge.oauth(), forge.refresh()
    answer = {"access_token": token.text, "refresh_token": refresh.text, "token_type": "bearer"}
    bed.found("kind", "oauth-answer", json.dumps(answer), token, refresh, ext="json")
