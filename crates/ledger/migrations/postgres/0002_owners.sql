-- An owner who was written since they were read is not overwritten, what somebody is backup owner of is found
-- without reading every document, and identities are searched by the ends of their tokens.

ALTER TABLE owner ADD COLUMN revision BIGINT NOT NULL DEFAULT 1 CHECK (revision > 0);

COMMENT ON COLUMN owner.revision IS 'How often it was written. A writer who read another one is refused.';

ALTER TABLE identity ADD COLUMN backup TEXT COLLATE "C" NOT NULL DEFAULT '';

COMMENT ON COLUMN identity.backup IS 'Who answers for it where the owner cannot.';

COMMENT ON COLUMN identity.searched IS
    'Its name, account, fingerprints and … with the last characters of tokens, in lower case, a line each.';

-- Read without NUL, which PostgreSQL does not read even as an escape, and which the columns have as U+FFFD.
-- Backslashes that are escaped are written otherwise first, so that no second half of one begins an escape.
UPDATE identity SET
    backup = COALESCE(substr(d.document -> 'ownership' ->> 'backup', 1, 200), ''),
    searched = searched || COALESCE((
        SELECT string_agg(E'\n…' || lower(v.value ->> 'last4' COLLATE "C"), '' ORDER BY v.place)
        FROM json_array_elements(d.document -> 'versions') WITH ORDINALITY AS v (value, place)
    ), '')
FROM (
    SELECT identity AS id, CAST(replace(replace(document, '\\', '\u005c'), '\u0000', '\ufffd') AS json) AS document
    FROM identity_document
) AS d
WHERE d.id = identity.id;

CREATE INDEX identity_by_backup ON identity (backup, id);
