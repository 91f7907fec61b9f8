-- Brings a sighting together with what is known of its place. Whichever looked later says whether the
-- token is still there and how it is kept; what only one of them knows is kept.
INSERT INTO sighting (
    place, fingerprint, identity, source, origin, path, line, commit_id, author, keeping,
    environment, presence, looked_at, first_seen, last_seen
)
SELECT
    e.value ->> 'place',
    v.fingerprint,
    v.identity,
    e.value ->> 'source',
    e.value ->> 'origin',
    e.value ->> 'path',
    CAST(e.value ->> 'line' AS BIGINT),
    e.value ->> 'commit_id',
    e.value ->> 'author',
    e.value ->> 'keeping',
    e.value ->> 'environment',
    e.value ->> 'presence',
    CAST(e.value ->> 'looked_at' AS BIGINT),
    CAST(e.value ->> 'first_seen' AS BIGINT),
    CAST(e.value ->> 'last_seen' AS BIGINT)
FROM {rows}
JOIN version v ON v.fingerprint = e.value ->> 'fingerprint'
WHERE true
ON CONFLICT (place) DO UPDATE SET
    path = COALESCE(excluded.path, sighting.path),
    line = COALESCE(excluded.line, sighting.line),
    commit_id = COALESCE(excluded.commit_id, sighting.commit_id),
    author = COALESCE(excluded.author, sighting.author),
    environment = COALESCE(excluded.environment, sighting.environment),
    keeping = CASE
        WHEN excluded.looked_at >= sighting.looked_at THEN excluded.keeping ELSE sighting.keeping
    END,
    presence = CASE
        WHEN excluded.looked_at >= sighting.looked_at THEN excluded.presence ELSE sighting.presence
    END,
    looked_at = {greatest}(excluded.looked_at, sighting.looked_at),
    first_seen = {least}(excluded.first_seen, sighting.first_seen),
    last_seen = {greatest}(excluded.last_seen, sighting.last_seen)
