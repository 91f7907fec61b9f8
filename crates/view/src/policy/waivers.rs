//! Leave to break rules.

use std::io;

use bearhug_core::owner::Waiver;
use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::Serialize;

use crate::{Options, sanitize::visible, sheet::Sheet};

/// Until when leave holds that ends at this moment: to the end of the day before, if a day starts then.
pub fn until(end: Timestamp) -> String {
    let date_time = TimeZone::UTC.to_datetime(end);
    match date_time.date().yesterday() {
        Ok(last_day) if date_time.time() == Time::midnight() => {
            format!("the end of {last_day} (UTC)")
        }
        _ => end.strftime("%Y-%m-%d %H:%MZ").to_string(),
    }
}

/// A waiver, and what else there is to say of it.
#[derive(Serialize)]
pub struct Held {
    /// The waiver.
    #[serde(flatten)]
    pub waiver: Waiver,
    /// What people call the identity, if the ledger still has it.
    pub name: Option<String>,
    /// Whether it holds.
    pub holds: bool,
}

/// Some waivers.
pub struct Waivers {
    /// The waivers.
    pub waivers: Vec<Held>,
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    waivers: &'a [Held],
}

impl Waivers {
    /// Writes them for a person.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        for Held { waiver, name, holds } in &self.waivers {
            let (style, state) =
                if *holds { (sheet.ink.strong, "holds") } else { (sheet.ink.faint, "ended") };
            let name = name.as_deref().map(|name| format!("  {}", visible(name)));
            let (rule, id) = (visible(&waiver.rule), waiver.identity.short());
            writeln!(
                sheet.out,
                "{style}{state:8}{rule}{style:#}  {id}{}",
                name.unwrap_or_default()
            )?;
            sheet.labelled("until:", &until(waiver.until))?;
            sheet.labelled("why:", &visible(&waiver.reason))?;
            sheet.labelled("by:", &visible(&waiver.by))?;
        }
        if self.waivers.is_empty() {
            writeln!(sheet.out, "No rule is waived")?;
        }
        Ok(())
    }

    /// Writes them for a program: `bearhug.waivers/1`.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        super::whole(&Model { schema: "bearhug.waivers/1", waivers: &self.waivers }, out)
    }
}
