-- An owner who was written since they were read is not overwritten, what somebody is backup owner of is found
-- without reading every document, and identities are searched by the ends of their tokens.

ALTER TABLE owner ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0);

ALTER TABLE identity ADD COLUMN backup TEXT NOT NULL DEFAULT '';

-- Read without NUL, which PostgreSQL does not read even as an escape, and which the columns have as U+FFFD.
-- Backslashes that are escaped are written otherwise first, so that no second half of one begins an escape.
UPDATE identity SET
    backup = COALESCE(substr(d.document -> 'ownership' ->> 'backup', 1, 200), ''),
    searched = searched || COALESCE((
        SELECT group_concat(char(10) || '…' || lower(v.value ->> 'last4'), '' ORDER BY v.key)
        FROM json_each(d.document, '$.versions') AS v
    ), '')
FROM (
    SELECT identity AS id, replace(replace(document, '\\', '\u005c'), '\u0000', '\ufffd') AS document
    FROM identity_document
) AS d
WHERE d.id = identity.id;

CREATE INDEX identity_by_backup ON identity (backup, id);
