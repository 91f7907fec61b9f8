-- An owner who was written since they were read is not overwritten, and what somebody is backup owner of is
-- found without reading every document.

ALTER TABLE owner ADD COLUMN revision BIGINT NOT NULL DEFAULT 1 CHECK (revision > 0);

COMMENT ON COLUMN owner.revision IS 'How often it was written. A writer who read another one is refused.';

ALTER TABLE identity ADD COLUMN backup TEXT COLLATE "C" NOT NULL DEFAULT '';

COMMENT ON COLUMN identity.backup IS 'Who answers for it where the owner cannot.';

UPDATE identity SET backup = COALESCE((
    SELECT substr(CAST(d.document AS json) -> 'ownership' ->> 'backup', 1, 200)
    FROM identity_document d WHERE d.identity = identity.id
), '');

CREATE INDEX identity_by_backup ON identity (backup, id);
