//! The schema is what is committed, and no released migration was edited.

use std::{collections::BTreeSet, fs, path::Path};

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::{Place, on_both_databases};

on_both_databases!(migrations_make_the_schema_that_is_committed);

/// What SQLite says of its tables and indexes: the statements that made them.
const SQLITE: &str =
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name";

/// What PostgreSQL says of its columns, constraints, indexes and comments.
const POSTGRES: &str = "
SELECT line FROM (
    SELECT c.relname AS relation, 1 AS part, a.attnum AS place,
        'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || COALESCE(' COLLATE ' || NULLIF(l.collname, 'default'), '')
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS' ELSE '' END
        || COALESCE(' -- ' || col_description(c.oid, a.attnum), '') AS line
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT c.relname, 0, 0, 'table ' || c.relname || COALESCE(' -- ' || obj_description(c.oid), '')
    FROM pg_class c
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r'
    UNION ALL
    SELECT c.relname, 2, 0, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = CAST(current_schema() AS regnamespace) AND k.contype <> 'n'
    UNION ALL
    SELECT i.tablename, 3, 0, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema()
) AS lines
ORDER BY relation, part, place, line";

fn migrations() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
}

/// Run with `UPDATE_SCHEMA=1` to write what should be committed.
async fn migrations_make_the_schema_that_is_committed(place: Place) {
    place.open().await.close().await;
    let (asked, file) = if place.is_sqlite() {
        (SQLITE, "sqlite/schema.txt")
    } else {
        (POSTGRES, "postgres/schema.txt")
    };
    let pool = place.behind().await;
    let rows = sqlx::query(AssertSqlSafe(asked)).fetch_all(&pool).await.unwrap();
    let lines = rows.iter().map(|row| row.get::<String, _>(0) + "\n");
    let schema: String = lines.collect();
    let path = migrations().join(file);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::io::Write::write_all(
            &mut fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)
                .unwrap(),
            schema.as_bytes(),
        )
        .unwrap();
    }
    assert_eq!(schema, fs::read_to_string(path).unwrap());
}

/// The list is as `sha256sum` prints it, so that `sha256sum --check` agrees.
#[test]
fn no_released_migration_was_edited() {
    let list = fs::read_to_string(migrations().join("released.txt")).unwrap();
    let mut listed = BTreeSet::new();
    for line in list.lines() {
        let (digest, name) = line.split_once("  ").unwrap();
        let bytes = fs::read(migrations().join(name)).unwrap();
        let found = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        assert_eq!(found, digest, "{name} was edited: write another migration instead");
        listed.insert(name.to_owned());
    }
    let mut there = BTreeSet::new();
    for database in ["sqlite", "postgres"] {
        for file in fs::read_dir(migrations().join(database)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|end| end == "sql") {
                there.insert(format!("{database}/{name}"));
            }
        }
    }
    assert_eq!(there, listed, "a new migration is added to released.txt");
}
