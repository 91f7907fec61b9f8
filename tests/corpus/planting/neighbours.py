"""What may stand right before and right after a token in text."""

from planting.bed import Bed
from planting.forge import Forge, Value

ESC = "\x1b"

# name, extension, text in which {T} is the token
ROWS = (
    ("whole-file", "txt", "{T}"),
    ("start-of-file", "txt", "{T} is the one\nnothing here\n"),
    ("end-of-file-no-newline", "txt", "first line\nHF_TOKEN={T}"),
    ("line-alone", "txt", "before\n{T}\nafter\n"),
    ("crlf", "txt", "HF_HOME=C:\\hf\r\nHF_TOKEN={T}\r\nDEBUG=0\r\n"),
    ("cr-only", "txt", "user=bear\rtoken={T}\rmode=ro\r"),
    ("utf8-bom", "txt", "\ufeff{T}\n"),
    ("tab", "tsv", "name\ttoken\trole\nbear\t{T}\tread\n"),
    ("html-tag", "html", "<dl><dt>token</dt><dd>{T}</dd></dl>\n"),
    ("html-bold", "html", "<p>use <b>{T}</b>.</p>\n"),
    ("paren", "py", "login({T})\n"),
    ("paren-quoted", "py", "login('{T}')\n"),
    ("comma", "csv", "bear,{T},read\n"),
    ("comma-quoted", "csv", '"bear","{T}","read"\n'),
    ("dot", "txt", "key.{T}.suffix\n"),
    ("full-stop", "txt", "I pasted the token {T}. Now it is public.\n"),
    ("full-stop-at-end", "txt", "The token was {T}."),
    ("exclamation-mark", "txt", "Do not use {T}!\n"),
    ("question-mark", "txt", "Is it still {T}?\n"),
    ("amp-query", "txt", "GET /api/models?token={T}&limit=5 HTTP/1.1\n"),
    ("query-last", "txt", "https://hub.example/api?limit=5&access_token={T}\n"),
    ("query-fragment", "txt", "https://hub.example/?token={T}#top\n"),
    ("brace", "txt", "{{T}}\n"),
    ("shell-default", "sh", ': "${HF_TOKEN:={T}}"\n'),
    ("bracket", "txt", "tokens: [{T}]\n"),
    ("angle", "txt", "Authorization: Bearer <{T}>\n"),
    ("pipe-table", "md", "|who|token|\n|---|---|\n|bear|{T}|\n"),
    ("pipe-shell", "sh", "echo {T}|hf auth login\n"),
    ("slash-path", "txt", "GET /v1/tokens/{T}/repos\n"),
    ("backslash-path", "txt", "C:\\Users\\bear\\{T}\\cache\n"),
    ("colon", "txt", "bear:{T}:1001\n"),
    ("yaml-flow", "yaml", "auth: {user: bear, token: {T}}\n"),
    ("nul-environ", "bin", "PATH=/usr/bin\0HF_TOKEN={T}\0HOME=/root\0"),
    ("backtick", "md", "The token is `{T}`\n"),
    ("code-fence", "md", "```\n{T}\n```\n"),
    ("markdown-bold", "md", "The token is **{T}**, keep it.\n"),
    ("markdown-italic", "md", "The token is _{T}_, keep it.\n"),
    ("markdown-bold-underscores", "md", "The token is __{T}__, keep it.\n"),
    ("markdown-strike", "md", "~~{T}~~ was rotated\n"),
    ("markdown-link", "md", "[clone](https://bear:{T}@huggingface.co/bear/den)\n"),
    ("url-userinfo", "txt", "git clone https://bear:{T}@huggingface.co/bear/den\n"),
    ("url-userinfo-alone", "txt", "git clone https://{T}@huggingface.co/bear/den\n"),
    ("at-before", "txt", "login@{T}\n"),
    ("semicolon", "js", "const t={T};next()\n"),
    ("quote-semicolon", "js", "const t='{T}';next()\n"),
    ("dash-after", "txt", "backup-{T}-2024\n"),
    ("dash-before", "sh", "tool -t-{T} run\n"),
    ("equals-both", "txt", "token={T}=ok\n"),
    ("hash-after", "sh", "HF_TOKEN={T}# the real one\n"),
    ("hash-before", "txt", "#{T}\n"),
    ("percent-before", "txt", "100%{T}%\n"),
    ("plus-both", "txt", "bear+{T}+den\n"),
    ("dollar-before", "txt", "${T}$\n"),
    ("caret-both", "txt", "^{T}^\n"),
    ("star-glob", "txt", "*{T}*\n"),
    ("ansi-raw", "log", f"{ESC}[32m{{T}}{ESC}[0m ok\n"),
    ("ansi-raw-bold-256", "log", f"token {ESC}[1;38;5;208m{{T}}{ESC}[22;39m\n"),
    ("ansi-raw-erase-line", "log", f"{ESC}[2K{ESC}[1G{ESC}[K{{T}}{ESC}[K\n"),
    ("ansi-written-x1b", "log", r"INFO \x1b[32m{T}\x1b[0m saved" + "\n"),
    ("ansi-written-u001b", "json", r'{"out":"\u001b[0m{T}\u001b[0m"}' + "\n"),
    ("ansi-written-033", "sh", r'printf "\033[1m{T}\033[0m\n"' + "\n"),
    ("ansi-written-e", "sh", r'echo -e "\e[33m{T}\e[0m"' + "\n"),
    ("ansi-written-twice-escaped", "json", r'{"out":"\\u001b[36m{T}\\u001b[39m"}' + "\n"),
    ("ansi-caret-notation", "log", "^[[32m{T}^[[0m\n"),
    ("written-n", "txt", r"first line\n{T}\nlast line" + "\n"),
    ("written-t", "txt", r"name\t{T}\trole" + "\n"),
    ("written-r-n", "txt", r"first line\r\n{T}\r\nlast line" + "\n"),
    ("written-n-twice-escaped", "txt", r"first line\\n{T}\\nlast line" + "\n"),
    ("written-nul", "txt", r"HOME=/root\0{T}\0PATH=/bin" + "\n"),
    ("written-x00", "txt", r"HOME=/root\x00{T}\x00PATH=/bin" + "\n"),
    ("written-u0022", "js", r"var page = 'token=\u0022{T}\u0022';" + "\n"),
    ("written-u003d-u0026", "json", r'{"url":"https://h.example/?token\u003d{T}\u0026x\u003d1"}'),
    ("written-x22", "js", r"var page = '\x22{T}\x22';" + "\n"),
    ("percent-3d-26", "txt", "next=%2Fapi%3Ftoken%3D{T}%26limit%3D5\n"),
    ("percent-22", "txt", "q=%7B%22token%22%3A%22{T}%22%7D\n"),
    ("percent-25-22", "txt", "q=%2522{T}%2522\n"),
    ("percent-0a", "txt", "q=one%0A{T}%0Atwo\n"),
    ("entity-quot", "html", "<a data-x='&quot;{T}&quot;'>x</a>\n"),
    ("entity-39", "html", "<a onclick='f(&#39;{T}&#39;)'>x</a>\n"),
    ("entity-amp", "html", '<a href="/x?token={T}&amp;y=1">x</a>\n'),
    ("quoted-printable-3d", "eml", "HF_TOKEN=3D{T}=0D=0A\n"),
    ("curly-quotes", "txt", "token \u201c{T}\u201d\n"),
    ("curly-single-quotes", "txt", "token \u2018{T}\u2019\n"),
    ("guillemets", "txt", "jeton \u00ab{T}\u00bb\n"),
    ("em-dash", "txt", "the token\u2014{T}\u2014leaked\n"),
    ("cjk", "txt", "\u4ee4\u724c{T}\u5df2\u6cc4\u9732\n"),
    ("cjk-punctuation", "txt", "\u4ee4\u724c\uff1a{T}\uff0c\u8bf7\u64a4\u9500\u3002\n"),
    ("kana", "txt", "\u30c8\u30fc\u30af\u30f3\u306f{T}\u3067\u3059\n"),
    ("emoji", "txt", "\U0001f917{T}\U0001f510\n"),
    ("non-breaking-space", "txt", "token\u00a0{T}\u00a0ok\n"),
    ("zero-width-space", "txt", "token:\u200b{T}\u200b\n"),
    ("soft-hyphen", "txt", "token:\u00ad{T}\u00ad\n"),
    ("line-separator", "txt", "token\u2028{T}\u2029ok\n"),
    ("cyrillic-word", "txt", "\u0442\u043e\u043a\u0435\u043d:{T}\u0435\n"),
    ("accented-letters", "txt", "cl\u00e9{T}\u00e9\n"),
    ("control-characters", "bin", "\x01{T}\x02\x7f\n"),
    ("ascii-separators", "bin", "bear\x1f{T}\x1fread\x1e\n"),
)

# The same text in JSON strings within JSON strings has its quotes escaped 1, 3, 7 times.
ESCAPED_QUOTES = (
    ("escaped-quote-once", r'{"line": "token = \"{T}\""}' + "\n"),
    ("escaped-quote-twice", r'{"line": "{\"line\": \"token = \\\"{T}\\\"\"}"}' + "\n"),
    (
        "escaped-quote-thrice",
        r'{"a": "{\"b\": \"{\\\"line\\\": \\\"token = \\\\\\\"{T}\\\\\\\"\\\"}\"}"}' + "\n",
    ),
    ("escaped-single-quote", r"s = 'token = \'{T}\' and more'" + "\n"),
)

WITH_DIGITS_EVERY = 8


def token(forge: Forge, at: int) -> Value:
    """Mostly letters, as user tokens are; now and then with digits."""
    digits = at % WITH_DIGITS_EVERY == WITH_DIGITS_EVERY - 1
    return forge.user_with_digits() if digits else forge.user()


def plant(bed: Bed, forge: Forge) -> None:
    rows = (*ROWS, *((name, "json", text) for name, text in ESCAPED_QUOTES))
    for at, (name, ext, template) in enumerate(rows):
        value = token(forge, at)
        bed.found("boundary", name, template.replace("{T}", value.text), value, ext=ext)
    value = forge.user()
    latin_1 = f"jeton \xab{value.text}\xe9\xbb\n".encode("latin-1")
    bed.found("boundary", "latin-1-file", latin_1, value)
