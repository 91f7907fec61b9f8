#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, which ends with it and leaves nothing behind:
#
#     tests/postgres.sh cargo test -p bearhug-ledger
#
# The command finds the server's URL in BEARHUG_TEST_POSTGRES, and the certificate by which the server can be
# known in the file BEARHUG_TEST_POSTGRES_CERTIFICATE. The server listens on a socket in a temporary folder and on
# a loopback port that was free, asks for a password, and holds nothing but tests.
set -euo pipefail

newest=$(find /usr/lib/postgresql/*/bin/initdb 2> /dev/null | sort -t/ -k5 -n | tail -n 1) || true
programs=${newest%/initdb}
if [ -z "$programs" ]; then
    echo "error: PostgreSQL is missing: Debian's package is postgresql" >&2
    exit 1
fi

folder=$(mktemp -d)
chmod 755 "$folder"
# The server refuses to be root, who becomes somebody without any rights instead.
as_nobody=()
give() { :; }
if [ "$(id -u)" = 0 ]; then
    as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    give() { chown nobody:nogroup "$@"; }
fi
give "$folder"
# The server may not have the right to be in the folder that this was started from.
server() { (cd "$folder" && "${as_nobody[@]}" "$programs/$1" "${@:2}"); }

stop() {
    server pg_ctl --pgdata="$folder/data" --mode=immediate stop > /dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && printf '%s' "$password" > "$folder/password")
give "$folder/password"
server initdb --pgdata="$folder/data" --username=bearhug --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 > "$folder/initdb.log" \
    || { cat "$folder/initdb.log" >&2; exit 1; }

openssl req -new -x509 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
    -addext basicConstraints=critical,CA:FALSE \
    -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
    -keyout "$folder/data/server.key" -out "$folder/data/server.crt" 2> /dev/null
chmod 600 "$folder/data/server.key"
give "$folder"/data/server.{key,crt}
cp "$folder/data/server.crt" "$folder/server.crt"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >> "$folder/data/postgresql.conf" << END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 200
ssl = on
END
server pg_ctl --pgdata="$folder/data" --log="$folder/server.log" --wait start > /dev/null \
    || { cat "$folder/server.log" >&2; exit 1; }

export BEARHUG_TEST_POSTGRES=postgres://bearhug:$password@127.0.0.1:$port/postgres
export BEARHUG_TEST_POSTGRES_CERTIFICATE=$folder/server.crt
"$@"
