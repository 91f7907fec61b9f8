//! The configuration that holds: `bearhug config show`.

use std::io;

use serde::Serialize;

use crate::{Options, json::harmless, sanitize::visible, terminal::Ink};

/// One value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key as TOML writes it: `policy.max-age-days`.
    pub key: String,
    /// The value. Null where nothing is set.
    pub value: serde_json::Value,
    /// The value as TOML writes it. None where nothing is set.
    #[serde(skip)]
    pub toml: Option<String>,
    /// Where it comes from: a file and a line, a variable, or `default`.
    pub origin: String,
}

/// All values, in the order of the keys.
pub struct Settings {
    /// The values.
    pub settings: Vec<Setting>,
    /// Whether people are to see where each comes from.
    pub with_origin: bool,
}

/// A way of writing settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object, `bearhug.config/1`.
    Json,
    /// A file that would set the same.
    Toml,
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    settings: &'a [Setting],
}

impl Settings {
    /// Writes them.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => self.human(options, out),
            Format::Json => {
                let model = Model { schema: "bearhug.config/1", settings: &self.settings };
                writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
            }
            Format::Toml => self.toml(out),
        }
    }

    fn human(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let Ink { strong, faint, .. } = Ink::new(options);
        let width = |text: &str| text.chars().count();
        let keys = self.settings.iter().map(|s| width(&visible(&s.key))).max().unwrap_or(0);
        for setting in &self.settings {
            let key = visible(&setting.key);
            let pad = keys - width(&key);
            let value = setting.toml.as_deref().unwrap_or("-");
            write!(out, "{strong}{key}{strong:#}{:pad$}  {}", "", visible(value))?;
            if self.with_origin {
                write!(out, "  {faint}({}){faint:#}", visible(&setting.origin))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn toml(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for setting in &self.settings {
            let Some(value) = &setting.toml else { continue };
            if self.with_origin {
                writeln!(out, "# {}", visible(&setting.origin))?;
            }
            writeln!(out, "{} = {value}", setting.key)?;
        }
        Ok(())
    }
}

/// The files that are asked, in order.
#[derive(Serialize)]
pub struct Files {
    /// The files.
    pub files: Vec<File>,
}

/// A file that is asked for values.
#[derive(Serialize)]
pub struct File {
    /// Whose it is: `repository` or `user`.
    pub whose: &'static str,
    /// Where it would be.
    pub path: String,
    /// Whether what it says counts.
    pub is_read: bool,
    /// Why not, in a sentence without a full stop.
    pub remark: Option<String>,
}

#[derive(Serialize)]
struct FilesModel<'a> {
    schema: &'static str,
    files: &'a [File],
}

impl Files {
    /// Writes them for a person.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for File { whose, path, remark, .. } in &self.files {
            let remark = remark.as_ref().map(|remark| format!("  ({remark})"));
            writeln!(out, "{whose:10}  {}{}", visible(path), remark.unwrap_or_default())?;
        }
        Ok(())
    }

    /// Writes them for a program: `bearhug.config-path/1`.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let model = FilesModel { schema: "bearhug.config-path/1", files: &self.files };
        writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(format: Format, with_origin: bool) -> String {
        let setting =
            |key: &str, value: serde_json::Value, toml: Option<&str>, origin: &str| Setting {
                key: key.to_owned(),
                value,
                toml: toml.map(str::to_owned),
                origin: origin.to_owned(),
            };
        let settings = vec![
            setting("ledger.address", serde_json::Value::Null, None, "default"),
            setting("risk.scope", 30.into(), Some("30"), "bearhug.toml:4"),
        ];
        let mut out = Vec::new();
        Settings { settings, with_origin }.render(format, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_see_each_value_beside_its_origin() {
        let expected = "\
ledger.address  -  (default)
risk.scope      30  (bearhug.toml:4)
";
        assert_eq!(rendered(Format::Human, true), expected);
    }

    #[test]
    fn what_is_not_set_is_no_line_of_a_file() {
        assert_eq!(rendered(Format::Toml, true), "# bearhug.toml:4\nrisk.scope = 30\n");
        assert_eq!(rendered(Format::Toml, false), "risk.scope = 30\n");
    }

    #[test]
    fn programs_read_values_with_their_types() {
        let json: serde_json::Value = serde_json::from_str(&rendered(Format::Json, false)).unwrap();
        assert_eq!(json["schema"], "bearhug.config/1");
        assert_eq!(json["settings"][1]["value"], 30);
        assert_eq!(json["settings"][1]["origin"], "bearhug.toml:4");
        assert!(json["settings"][0]["value"].is_null());
    }
}
