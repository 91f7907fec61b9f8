-- The inventory. Times are microseconds since 1970 in UTC. Digests are lower-case hexadecimal. Text that
-- could be absent and is sorted on is empty where it is absent. No column ever holds a token.

-- Governed credentials: what they are filtered and sorted by. All else is in identity_document.
CREATE TABLE identity (
    -- `id_` and 26 base32 characters.
    id TEXT NOT NULL PRIMARY KEY,
    -- How often it was written. A writer who read another one is refused.
    revision INTEGER NOT NULL CHECK (revision > 0),
    -- At most 200 characters of what people call it.
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('discovered', 'adopted', 'active', 'rotating', 'revoked', 'retired')),
    dormant INTEGER NOT NULL CHECK (dormant IN (0, 1)),
    compromised INTEGER NOT NULL CHECK (compromised IN (0, 1)),
    owner TEXT NOT NULL,
    environment TEXT NOT NULL,
    -- From 0, low, by way of 1, nobody said, to 3, high.
    criticality INTEGER NOT NULL CHECK (criticality BETWEEN 0 AND 3),
    -- Its role on the Hub.
    role TEXT NOT NULL,
    verdict TEXT NOT NULL,
    risk INTEGER NOT NULL CHECK (risk BETWEEN 0 AND 255),
    -- How soon something is to be done. 0 is never.
    urgency INTEGER NOT NULL CHECK (urgency >= 0),
    -- When somebody last confirmed it. NULL is never.
    attested_at INTEGER,
    -- When its current token was made or, where nobody told, became known.
    born_at INTEGER NOT NULL,
    -- When it was last used or, where nobody told, born.
    used_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Its name, account and fingerprints, in lower case, a line each.
    searched TEXT NOT NULL,
    -- Its tags, a line each, with a line break before the first as well.
    tags TEXT NOT NULL,
    -- The rules of the policy that it breaks, in the same form.
    breaches TEXT NOT NULL
) STRICT;

CREATE INDEX identity_by_urgency ON identity (urgency, id);
CREATE INDEX identity_by_risk ON identity (risk, id);
CREATE INDEX identity_by_name ON identity (name, id);
CREATE INDEX identity_by_owner ON identity (owner, id);
CREATE INDEX identity_by_birth ON identity (born_at, id);
CREATE INDEX identity_by_use ON identity (used_at, id);
CREATE INDEX identity_by_update ON identity (updated_at, id);

-- All that is known of an identity, as JSON. Apart, so that a search does not read it.
CREATE TABLE identity_document (
    identity TEXT NOT NULL PRIMARY KEY REFERENCES identity (id),
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;

-- Whose a token is. A token has one identity; an identity goes through many tokens.
CREATE TABLE version (
    -- `fp_` and 26 base32 characters.
    fingerprint TEXT NOT NULL PRIMARY KEY,
    identity TEXT NOT NULL REFERENCES identity (id)
) STRICT;

CREATE INDEX version_by_identity ON version (identity);

-- What was searched: repositories, machines, exports.
CREATE TABLE source (
    -- The first 16 bytes of SHA-256 over its length and name.
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- Places where tokens were seen. It refers to an identity and a source, which the statement that fills it
-- takes from `version` and adds to `source`; to have each row checked again takes a third of the time.
CREATE TABLE sighting (
    -- In the order in which they came. It settles ties.
    id INTEGER PRIMARY KEY,
    -- The first 16 bytes of SHA-256 over the fingerprint, the source and the origin, each with its length.
    place TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    -- Whose the token is, as in `version`.
    identity TEXT NOT NULL,
    source TEXT NOT NULL,
    -- The way to the bytes in the source.
    origin TEXT NOT NULL,
    path TEXT,
    -- From 1.
    line INTEGER,
    commit_id TEXT,
    author TEXT,
    -- How the token is kept there.
    keeping TEXT NOT NULL,
    environment TEXT,
    presence TEXT NOT NULL CHECK (presence IN ('present', 'in_history', 'gone')),
    -- As of when `presence` and `keeping` hold. For what is gone: since when.
    looked_at INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
) STRICT;

CREATE INDEX sighting_by_identity ON sighting (identity, last_seen, id);
CREATE INDEX sighting_by_source ON sighting (source, last_seen, id, identity);
CREATE INDEX sighting_by_time ON sighting (last_seen, id);

-- People and teams that answer for identities.
CREATE TABLE owner (
    name TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'team')),
    email TEXT,
    -- Other names of theirs, a JSON array.
    aliases TEXT NOT NULL CHECK (json_valid(aliases)),
    left_at INTEGER
) STRICT;

-- Leave to break a rule for a while.
CREATE TABLE waiver (
    rule TEXT NOT NULL,
    identity TEXT NOT NULL REFERENCES identity (id),
    reason TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    -- Until when it holds.
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (rule, identity)
) STRICT;

-- What happened, each linked with the one before. Rows are added and never changed.
CREATE TABLE event (
    -- From 1, without gaps.
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    -- When, by the clock of whoever caused it: it may run backwards from one event to the next.
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    -- Whom it concerns. No reference, for it may not be in the ledger.
    identity TEXT,
    -- The particulars, a JSON object of texts.
    details TEXT NOT NULL CHECK (json_valid(details)),
    -- SHA-256 over the hash of the event before and everything above.
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX event_by_time ON event (at, seq);
CREATE INDEX event_by_kind ON event (kind, at, seq);
CREATE INDEX event_by_actor ON event (actor, at, seq);
CREATE INDEX event_by_identity ON event (identity, at, seq) WHERE identity IS NOT NULL;

-- Where the chain of events ends. Its one row is what writers queue for.
CREATE TABLE chain (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The last event, 0 if there is none.
    seq INTEGER NOT NULL CHECK (seq >= 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

INSERT INTO chain (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Signed statements of where the chain was.
CREATE TABLE checkpoint (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    at INTEGER NOT NULL,
    -- The place that the checkpoint before vouches for, 0 if this is the first.
    previous INTEGER NOT NULL UNIQUE CHECK (previous >= 0),
    -- Which key signed.
    key TEXT NOT NULL,
    -- The signature, in hexadecimal.
    signature TEXT NOT NULL
) STRICT;
