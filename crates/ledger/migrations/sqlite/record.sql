-- Which migrations ran. The one table that no migration makes.
CREATE TABLE migration (
    -- From 1, without gaps.
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- SHA-256 of its file, as it was when it ran.
    sha256 TEXT NOT NULL
) STRICT;
