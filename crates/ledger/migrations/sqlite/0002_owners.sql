-- An owner who was written since they were read is not overwritten, and what somebody is backup owner of is
-- found without reading every document.

ALTER TABLE owner ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0);

ALTER TABLE identity ADD COLUMN backup TEXT NOT NULL DEFAULT '';

UPDATE identity SET backup = COALESCE((
    SELECT substr(d.document ->> '$.ownership.backup', 1, 200)
    FROM identity_document d WHERE d.identity = identity.id
), '');

CREATE INDEX identity_by_backup ON identity (backup, id);
