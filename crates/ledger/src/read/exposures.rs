//! What the sightings of identities come to.

use std::collections::BTreeMap;

use bearhug_core::identity::{Exposure, IdentityId};
use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::{Row as _, any::AnyRow};

use crate::{LedgerError, database::Database, stored};

/// The places of identities, counted by what they have in common.
const GROUPS: &str = "
SELECT
    s.identity, s.presence, s.keeping, s.environment, n.name AS source, COUNT(*) AS places
FROM {rows}
JOIN sighting s ON s.identity = e.value ->> 'identity'
JOIN source n ON n.id = s.source
GROUP BY s.identity, s.presence, s.keeping, s.environment, n.name
";

/// How many sources are named.
const SOURCES: usize = 16;

/// An identity that is asked about.
#[derive(Serialize)]
struct IdRow {
    identity: String,
}

/// What the sightings of these identities come to, also of those that have none.
pub(crate) async fn of(
    database: &Database,
    of: &[IdentityId],
) -> Result<BTreeMap<IdentityId, Exposure>, LedgerError> {
    let mut exposures: BTreeMap<_, _> = of.iter().map(|id| (*id, Exposure::default())).collect();
    for some in of.chunks(1000) {
        let rows: Vec<IdRow> = some.iter().map(|id| IdRow { identity: id.to_string() }).collect();
        let rows = serde_json::to_string(&rows).unwrap_or_default();
        let mut connection = database.reading().await?;
        let statement = database.say(GROUPS);
        let mut groups = sqlx::query(statement).bind(rows).fetch(&mut *connection);
        while let Some(group) = groups.try_next().await? {
            let identity = stored::parsed(group.try_get("identity")?)?;
            add(exposures.entry(identity).or_default(), &group)?;
        }
    }
    Ok(exposures)
}

/// Adds places that have everything in common.
fn add(exposure: &mut Exposure, group: &AnyRow) -> Result<(), LedgerError> {
    let places = stored::count(group.try_get("places")?)?;
    let presence: String = group.try_get("presence")?;
    exposure.places += places;
    if presence != "gone" {
        exposure.present += places;
        exposure.keepings.insert(stored::from_word(group.try_get("keeping")?)?);
        exposure.environments.extend(group.try_get::<Option<String>, _>("environment")?);
        exposure.sources.insert(group.try_get("source")?);
        if exposure.sources.len() > SOURCES {
            exposure.sources.pop_last();
        }
    }
    if presence == "in_history" {
        exposure.in_history += places;
    }
    Ok(())
}
