//! A page for a terminal: labels in the margin, and what they are about to their right.

use std::io;

use anstyle::Style;

use crate::{
    Options,
    terminal::{Ink, width},
    text::wrap,
};

/// The column at which everything but a label starts.
pub(crate) const INDENT: usize = 8;

/// Somewhere to write a page to.
pub(crate) struct Sheet<'a> {
    pub(crate) ink: Ink,
    pub(crate) width: usize,
    pub(crate) out: &'a mut dyn io::Write,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(options: &Options, out: &'a mut dyn io::Write) -> Self {
        Self { ink: Ink::new(options), width: width(options), out }
    }

    /// A paragraph with a label in the margin.
    pub(crate) fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (i, line) in wrap(text, self.width - INDENT).iter().enumerate() {
            writeln!(self.out, "{}{line}", margin(if i == 0 { label } else { "" }))?;
        }
        Ok(())
    }

    /// An empty line, between parts that are read one by one.
    pub(crate) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A line that is there to be copied, which is never broken.
    pub(crate) fn whole(&mut self, label: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}{text}", margin(label))
    }

    /// A paragraph some steps further in. Lines after the first stand under what follows the `head`.
    pub(crate) fn nested(&mut self, step: usize, head: &str, text: &str) -> io::Result<()> {
        self.row(step, Style::new(), head, text)
    }

    /// As [`nested`](Self::nested), with a head in a style of its own.
    pub(crate) fn row(
        &mut self,
        step: usize,
        style: Style,
        head: &str,
        text: &str,
    ) -> io::Result<()> {
        let indent = INDENT + 2 * step;
        let hang = head.chars().count();
        let room = self.width.saturating_sub(indent + hang).max(20);
        for (i, line) in wrap(text, room).iter().enumerate() {
            let head = if i == 0 { head } else { "" };
            let style = if i == 0 { style } else { Style::new() };
            writeln!(self.out, "{:indent$}{style}{head:hang$}{style:#}{line}", "")?;
        }
        Ok(())
    }

    /// A paragraph some steps further in, in a style of its own.
    pub(crate) fn painted(&mut self, step: usize, style: Style, text: &str) -> io::Result<()> {
        let indent = INDENT + 2 * step;
        for line in wrap(text, self.width - indent) {
            writeln!(self.out, "{:indent$}{style}{line}{style:#}", "")?;
        }
        Ok(())
    }
}

/// A label, and the space to its right.
fn margin(label: &str) -> String {
    if label.is_empty() { " ".repeat(INDENT) } else { format!("  {label:<6}") }
}
