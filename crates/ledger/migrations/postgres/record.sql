CREATE TABLE migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL
);

COMMENT ON TABLE migration IS 'Which migrations ran. The one table that no migration makes.';
COMMENT ON COLUMN migration.number IS 'From 1, without gaps.';
COMMENT ON COLUMN migration.sha256 IS 'SHA-256 of its file, as it was when it ran.';
