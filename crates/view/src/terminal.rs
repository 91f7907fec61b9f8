//! What is common to everything that is written for a terminal.

use anstyle::{AnsiColor, Style};
use bearhug_core::Confidence;

use crate::Options;

/// The columns to stay within.
pub(crate) fn width(options: &Options) -> usize {
    options.width.unwrap_or(100).clamp(40, 100)
}

/// The styles, all plain when colour is off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ink {
    pub(crate) strong: Style,
    pub(crate) faint: Style,
    pub(crate) alarm: Style,
    pub(crate) doubt: Style,
}

impl Ink {
    pub(crate) fn new(options: &Options) -> Self {
        if !options.color {
            return Self::default();
        }
        Self {
            strong: Style::new().bold(),
            faint: Style::new().dimmed(),
            alarm: AnsiColor::Red.on_default().bold(),
            doubt: AnsiColor::Yellow.on_default().bold(),
        }
    }

    pub(crate) fn of(self, confidence: Confidence) -> Style {
        match confidence {
            Confidence::High => self.alarm,
            Confidence::Medium => self.doubt,
            Confidence::Low => self.faint,
        }
    }
}
