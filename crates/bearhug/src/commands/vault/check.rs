//! `bearhug vault check`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{lending, lending::Keeper as _};
use bearhug_vault::{Entry, Unlocked, VaultError, check_name};
use bearhug_view::vault::{Checked, Condition, Listing};

use super::list;
use crate::{
    Exit,
    cli::{CheckEntries, Global},
    error::CommandError,
    hub::{Hub, Standing},
    vault::Vault,
};

pub(super) fn run(
    arguments: &CheckEntries,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    for name in &arguments.names {
        check_name(name).map_err(VaultError::from)?;
    }
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let hub = Hub::of_environment(stop, global)?;
    let unlocked = vault.unlock()?;
    let unknown = arguments.names.iter().find(|name| !unlocked.entries().any(|e| e.name == **name));
    if let Some(name) = unknown {
        return Err(VaultError::Unknown(name.clone()).into());
    }
    vault.wait(unlocked.fetch(&vault.elsewhere))?;
    let is_meant =
        |entry: &&Entry| arguments.names.is_empty() || arguments.names.contains(&entry.name);
    let mut entries = Vec::new();
    for entry in unlocked.entries().filter(is_meant) {
        let checked = checked(entry, &unlocked, &hub)?;
        entries.push(list::shown(entry, Some(checked)));
    }
    let (path, key) = (vault.path().display().to_string(), unlocked.source().name());
    let listing = Listing { path, key, entries };
    list::show(&listing, &arguments.showing, global)?;
    Ok(exit(&listing))
}

fn checked(entry: &Entry, unlocked: &Unlocked, hub: &Hub) -> Result<Checked, CommandError> {
    let permit = lending::keep(entry.name.clone(), "check");
    let token = match unlocked.open(&permit) {
        Ok(token) => token,
        Err(why) => {
            return Ok(Checked { replaced_by: None, condition: Condition::Unopened(why) });
        }
    };
    let now = token.fingerprint();
    let replaced_by = (now != entry.fingerprint).then_some(now);
    if let Some(why) = token.kind().unknown_to_whoami() {
        return Ok(Checked { replaced_by, condition: Condition::Unasked(why.to_owned()) });
    }
    let condition = match hub.standing(&token)? {
        Standing::Live(whoami) => Condition::Live(whoami.grant.account.name.clone()),
        Standing::Dead(refused) => Condition::Dead(refused.words),
        Standing::Unanswered(why) => Condition::Unanswered(why),
    };
    Ok(Checked { replaced_by, condition })
}

fn exit(listing: &Listing) -> Exit {
    let all = || listing.entries.iter().filter_map(|entry| entry.checked.as_ref());
    let has = |is: fn(&Condition) -> bool| all().any(|checked| is(&checked.condition));
    if has(|c| matches!(c, Condition::Unanswered(_) | Condition::Unopened(_))) {
        Exit::Partial
    } else if has(|c| matches!(c, Condition::Dead(_))) {
        Exit::NotAuthenticated
    } else if all().any(|checked| checked.replaced_by.is_some()) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
