//! Which identity a token belongs to.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Fingerprint,
    identity::{Identity, IdentityId},
};
use serde::Serialize;
use sqlx::Row as _;

use crate::{LedgerError, database::Writing, stored, write::rows::Rows};

const HOLDERS: &str = "
SELECT v.fingerprint, v.identity
FROM {rows}
JOIN version v ON v.fingerprint = e.value ->> 'fingerprint'
";

const DELETE: &str =
    "DELETE FROM version WHERE identity IN (SELECT e.value ->> 'identity' FROM {rows})";

const INSERT: &str = "
INSERT INTO version (fingerprint, identity)
SELECT e.value ->> 'fingerprint', e.value ->> 'identity' FROM {rows}
";

const MOVE_SIGHTINGS: &str = "
UPDATE sighting SET identity = (
    SELECT v.identity FROM version v WHERE v.fingerprint = sighting.fingerprint
)
WHERE fingerprint IN (SELECT e.value ->> 'fingerprint' FROM {rows})
";

/// A token and whose it is.
#[derive(Serialize)]
struct TokenRow {
    fingerprint: String,
    identity: String,
}

/// Gives each identity the tokens that it lists. A token can move between identities that are written
/// together, and takes its sightings along.
pub(super) async fn write(
    writing: &mut Writing,
    identities: &[Identity],
) -> Result<(), LedgerError> {
    let claims = claims(identities)?;
    let before = holders(writing, &claims).await?;
    let written: BTreeSet<IdentityId> = identities.iter().map(|identity| identity.id).collect();
    let moved: BTreeMap<Fingerprint, IdentityId> = claims
        .iter()
        .filter(|(token, id)| before.get(token).is_some_and(|was| was != *id))
        .map(|(token, id)| (*token, *id))
        .collect();
    for fingerprint in moved.keys() {
        // Whoever is written as well has given the token up, or it would be claimed twice.
        if let Some(holder) = before.get(fingerprint).filter(|holder| !written.contains(holder)) {
            return Err(LedgerError::Taken { fingerprint: *fingerprint, holder: *holder });
        }
    }
    super::ids(identities)?.run(writing, DELETE).await?;
    rows(&claims)?.run(writing, INSERT).await?;
    rows(&moved)?.run(writing, MOVE_SIGHTINGS).await
}

/// Who is to have which token. Fails if two are to have one.
fn claims(identities: &[Identity]) -> Result<BTreeMap<Fingerprint, IdentityId>, LedgerError> {
    let mut claims = BTreeMap::new();
    for identity in identities {
        for fingerprint in identity.versions.iter().filter_map(|version| version.fingerprint) {
            let other = claims.insert(fingerprint, identity.id);
            if let Some(holder) = other.filter(|other| *other != identity.id) {
                return Err(LedgerError::Taken { fingerprint, holder });
            }
        }
    }
    Ok(claims)
}

/// Whose these tokens are now.
async fn holders(
    writing: &mut Writing,
    claims: &BTreeMap<Fingerprint, IdentityId>,
) -> Result<BTreeMap<Fingerprint, IdentityId>, LedgerError> {
    let mut holders = BTreeMap::new();
    for rows in rows(claims)?.finish() {
        let statement = writing.say(HOLDERS);
        for row in sqlx::query(statement).bind(rows).fetch_all(writing.connection()).await? {
            let (fingerprint, identity): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            holders.insert(stored::parsed(&fingerprint)?, stored::parsed(&identity)?);
        }
    }
    Ok(holders)
}

fn rows(tokens: &BTreeMap<Fingerprint, IdentityId>) -> Result<Rows, LedgerError> {
    Rows::of(tokens.iter().map(|(fingerprint, identity)| TokenRow {
        fingerprint: fingerprint.to_string(),
        identity: identity.to_string(),
    }))
}
