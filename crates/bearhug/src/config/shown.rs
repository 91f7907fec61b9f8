//! The configuration as it is shown: every value there is, and where it comes from.

use bearhug_core::{policy::Policy, risk::Weights};
use bearhug_sources::git::remote::without_password;
use bearhug_view::settings::Setting;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Config, Scan, origin::Origin};

#[derive(Serialize)]
struct Shown<'a> {
    ledger: Ledger<'a>,
    policy: &'a Policy,
    risk: &'a Weights,
    scan: &'a Scan,
    vault: Vault<'a>,
}

#[derive(Serialize)]
struct Ledger<'a> {
    address: Option<&'a str>,
}

#[derive(Serialize)]
struct Vault<'a> {
    path: Option<&'a str>,
}

impl Config {
    /// Every value, in the order of the keys.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let Config { policy, weights, ledger, scan, vault, .. } = self;
        let ledger = Ledger { address: ledger.as_deref() };
        let vault = Vault { path: vault.as_deref() };
        let shown = serde_json::to_value(Shown { ledger, policy, risk: weights, scan, vault });
        let mut settings = Vec::new();
        if let Ok(Value::Object(all)) = shown {
            self.add(&all, &mut Vec::new(), &mut settings);
        }
        settings
    }

    fn add<'a>(
        &self,
        table: &'a Map<String, Value>,
        keys: &mut Vec<&'a str>,
        settings: &mut Vec<Setting>,
    ) {
        for (key, value) in table {
            keys.push(key);
            match value {
                Value::Object(inner) => self.add(inner, keys, settings),
                value => settings.push(self.setting(keys, value)),
            }
            keys.pop();
        }
    }

    fn setting(&self, keys: &[&str], value: &Value) -> Setting {
        let node = self.said.get(keys.iter().copied());
        let value = match value {
            // An address may hold a password.
            Value::String(text) => Value::String(without_password(text)),
            other => other.clone(),
        };
        Setting {
            key: keys.iter().map(|key| written_key(key)).collect::<Vec<_>>().join("."),
            toml: (!value.is_null()).then(|| written(&value)),
            value,
            origin: node.map_or(Origin::Default, |node| node.origin.clone()).to_string(),
        }
    }
}

/// A value as TOML writes it. Nothing, for what TOML has no word for.
pub(crate) fn written(value: &Value) -> String {
    toml::Value::try_from(value).map(|value| value.to_string()).unwrap_or_default()
}

/// A key as TOML writes it (<https://toml.io/en/v1.0.0#keys>).
fn written_key(key: &str) -> String {
    let is_bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(is_bare) {
        key.to_owned()
    } else {
        toml::Value::String(key.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{keys, node::Node, sections::Sections};

    const PAGE: &str = include_str!("../../../../docs/config.md");

    #[test]
    fn every_key_is_documented() {
        let Sections { policy, risk, ledger, scan, vault } = Sections::default();
        let config = Config {
            policy,
            weights: risk,
            ledger: ledger.address,
            vault: vault.path,
            scan,
            environments: crate::config::Environments::default(),
            said: Node::empty(),
        };
        let row = |setting: &Setting| {
            let code = |text: Option<&str>| text.map(|t| format!("`{t}`")).unwrap_or_default();
            let (whose, variable) = keys::of_key(&setting.key);
            let default = code(setting.toml.as_deref());
            format!("| `{}` | {default} | {whose} | {} |\n", setting.key, code(variable))
        };
        let rows: String = config.settings().iter().map(row).collect();
        let table =
            format!("| key | default | who may set it | variable |\n|---|---|---|---|\n{rows}");
        assert!(PAGE.contains(&table), "docs/config.md should have:\n{table}");
    }
}
