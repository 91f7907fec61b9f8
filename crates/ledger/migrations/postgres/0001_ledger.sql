-- The inventory. Times are microseconds since 1970 in UTC. Digests are lower-case hexadecimal. Text that
-- could be absent and is sorted on is empty where it is absent. No column ever holds a token.

CREATE TABLE identity (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL CHECK (revision > 0),
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL
        CHECK (state IN ('discovered', 'adopted', 'active', 'rotating', 'revoked', 'retired')),
    dormant BIGINT NOT NULL CHECK (dormant IN (0, 1)),
    compromised BIGINT NOT NULL CHECK (compromised IN (0, 1)),
    owner TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    criticality BIGINT NOT NULL CHECK (criticality BETWEEN 0 AND 3),
    role TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    risk BIGINT NOT NULL CHECK (risk BETWEEN 0 AND 255),
    urgency BIGINT NOT NULL CHECK (urgency >= 0),
    attested_at BIGINT,
    born_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    searched TEXT COLLATE "C" NOT NULL,
    tags TEXT COLLATE "C" NOT NULL,
    breaches TEXT COLLATE "C" NOT NULL
);

COMMENT ON TABLE identity IS 'Governed credentials: what they are filtered and sorted by. All else is in identity_document.';
COMMENT ON COLUMN identity.id IS '`id_` and 26 base32 characters.';
COMMENT ON COLUMN identity.revision IS 'How often it was written. A writer who read another one is refused.';
COMMENT ON COLUMN identity.name IS 'At most 200 characters of what people call it.';
COMMENT ON COLUMN identity.criticality IS 'From 0, low, by way of 1, nobody said, to 3, high.';
COMMENT ON COLUMN identity.role IS 'Its role on the Hub.';
COMMENT ON COLUMN identity.urgency IS 'How soon something is to be done. 0 is never.';
COMMENT ON COLUMN identity.attested_at IS 'When somebody last confirmed it. NULL is never.';
COMMENT ON COLUMN identity.born_at IS 'When its current token was made or, where nobody told, became known.';
COMMENT ON COLUMN identity.used_at IS 'When it was last used or, where nobody told, born.';
COMMENT ON COLUMN identity.searched IS 'Its name, account and fingerprints, in lower case, a line each.';
COMMENT ON COLUMN identity.tags IS 'Its tags, a line each, with a line break before the first as well.';
COMMENT ON COLUMN identity.breaches IS 'The rules of the policy that it breaks, in the same form.';

CREATE INDEX identity_by_urgency ON identity (urgency, id);
CREATE INDEX identity_by_risk ON identity (risk, id);
CREATE INDEX identity_by_name ON identity (name, id);
CREATE INDEX identity_by_owner ON identity (owner, id);
CREATE INDEX identity_by_birth ON identity (born_at, id);
CREATE INDEX identity_by_use ON identity (used_at, id);
CREATE INDEX identity_by_update ON identity (updated_at, id);

CREATE TABLE identity_document (
    identity TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identity (id),
    document TEXT COLLATE "C" NOT NULL CHECK (CAST(document AS json) IS NOT NULL)
);

COMMENT ON TABLE identity_document IS 'All that is known of an identity, as JSON. Apart, so that a search does not read it.';

CREATE TABLE version (
    fingerprint TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    identity TEXT COLLATE "C" NOT NULL REFERENCES identity (id)
);

COMMENT ON TABLE version IS 'Whose a token is. A token has one identity; an identity goes through many tokens.';
COMMENT ON COLUMN version.fingerprint IS '`fp_` and 26 base32 characters.';

CREATE INDEX version_by_identity ON version (identity);

CREATE TABLE source (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL
);

COMMENT ON TABLE source IS 'What was searched: repositories, machines, exports.';
COMMENT ON COLUMN source.id IS 'The first 16 bytes of SHA-256 over its length and name.';

CREATE TABLE sighting (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    place TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    fingerprint TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C",
    line BIGINT,
    commit_id TEXT COLLATE "C",
    author TEXT COLLATE "C",
    keeping TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C",
    presence TEXT COLLATE "C" NOT NULL CHECK (presence IN ('present', 'in_history', 'gone')),
    looked_at BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL
);

COMMENT ON TABLE sighting IS 'Places where tokens were seen. It refers to an identity and a source, which the statement that fills it takes from `version` and adds to `source`; to have each row checked again takes a third of the time.';
COMMENT ON COLUMN sighting.id IS 'In the order in which they came. It settles ties.';
COMMENT ON COLUMN sighting.place IS 'The first 16 bytes of SHA-256 over the fingerprint, the source and the origin, each with its length.';
COMMENT ON COLUMN sighting.identity IS 'Whose the token is, as in `version`.';
COMMENT ON COLUMN sighting.origin IS 'The way to the bytes in the source.';
COMMENT ON COLUMN sighting.line IS 'From 1.';
COMMENT ON COLUMN sighting.keeping IS 'How the token is kept there.';
COMMENT ON COLUMN sighting.looked_at IS 'As of when `presence` and `keeping` hold. For what is gone: since when.';

CREATE INDEX sighting_by_identity ON sighting (identity, last_seen, id);
CREATE INDEX sighting_by_source ON sighting (source, last_seen, id, identity);
CREATE INDEX sighting_by_time ON sighting (last_seen, id);

CREATE TABLE owner (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person', 'team')),
    email TEXT COLLATE "C",
    aliases TEXT COLLATE "C" NOT NULL CHECK (CAST(aliases AS json) IS NOT NULL),
    left_at BIGINT
);

COMMENT ON TABLE owner IS 'People and teams that answer for identities.';
COMMENT ON COLUMN owner.aliases IS 'Other names of theirs, a JSON array.';

CREATE TABLE waiver (
    rule TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL REFERENCES identity (id),
    reason TEXT COLLATE "C" NOT NULL,
    given_by TEXT COLLATE "C" NOT NULL,
    given_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (rule, identity)
);

COMMENT ON TABLE waiver IS 'Leave to break a rule for a while.';
COMMENT ON COLUMN waiver.ends_at IS 'Until when it holds.';

CREATE TABLE event (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C",
    details TEXT COLLATE "C" NOT NULL CHECK (CAST(details AS json) IS NOT NULL),
    hash TEXT COLLATE "C" NOT NULL CHECK (length(hash) = 64)
);

COMMENT ON TABLE event IS 'What happened, each linked with the one before. Rows are added and never changed.';
COMMENT ON COLUMN event.seq IS 'From 1, without gaps.';
COMMENT ON COLUMN event.at IS 'When, by the clock of whoever caused it: it may run backwards from one event to the next.';
COMMENT ON COLUMN event.identity IS 'Whom it concerns. No reference, for it may not be in the ledger.';
COMMENT ON COLUMN event.details IS 'The particulars, a JSON object of texts.';
COMMENT ON COLUMN event.hash IS 'SHA-256 over the hash of the event before and everything above.';

CREATE INDEX event_by_time ON event (at, seq);
CREATE INDEX event_by_kind ON event (kind, at, seq);
CREATE INDEX event_by_actor ON event (actor, at, seq);
CREATE INDEX event_by_identity ON event (identity, at, seq) WHERE identity IS NOT NULL;

CREATE TABLE chain (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    hash TEXT COLLATE "C" NOT NULL CHECK (length(hash) = 64)
);

COMMENT ON TABLE chain IS 'Where the chain of events ends. Its one row is what writers queue for.';
COMMENT ON COLUMN chain.seq IS 'The last event, 0 if there is none.';

INSERT INTO chain (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE checkpoint (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq >= 0),
    hash TEXT COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    at BIGINT NOT NULL,
    previous BIGINT NOT NULL UNIQUE CHECK (previous >= 0),
    key TEXT COLLATE "C" NOT NULL,
    signature TEXT COLLATE "C" NOT NULL
);

COMMENT ON TABLE checkpoint IS 'Signed statements of where the chain was.';
COMMENT ON COLUMN checkpoint.previous IS 'The place that the checkpoint before vouches for, 0 if this is the first.';
COMMENT ON COLUMN checkpoint.key IS 'Which key signed.';
COMMENT ON COLUMN checkpoint.signature IS 'The signature, in hexadecimal.';
