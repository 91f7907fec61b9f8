//! Tables for a terminal: columns as wide as what is in them, and the last one takes what is left.

use std::io;

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    sheet::Sheet,
    text::{window, wrap},
};

/// The space between columns.
const GUTTER: &str = "  ";

/// How many lines of a row the last column may take.
const MOST_LINES: usize = 2;

/// A column but the last.
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// The most that it may be wide.
    pub(crate) limit: usize,
}

/// A cell, harmless to show.
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Cell {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }
}

/// Writes a table. Each row has a cell for each column, and a text for the last one.
pub(crate) fn write(
    sheet: &mut Sheet<'_>,
    columns: &[Column],
    last: &str,
    rows: &[(Vec<Cell>, String)],
) -> io::Result<()> {
    let widths: Vec<_> = widths(columns, rows).collect();
    let used: usize = widths.iter().map(|width| width + GUTTER.len()).sum();
    let room = sheet.width.saturating_sub(used).max(20);
    head(sheet, columns, &widths, last)?;
    for (cells, text) in rows {
        let mut lines = wrap(text, room);
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            if let Some(cut) = lines.last_mut() {
                *cut = window(&format!("{cut} …"), "", room);
            }
        }
        let mut lines = lines.into_iter();
        line(sheet, cells, &widths, &lines.next().unwrap_or_default())?;
        for more in lines {
            writeln!(sheet.out, "{:used$}{more}", "")?;
        }
    }
    Ok(())
}

/// Writes a table in which a paragraph stands under each row. Columns that do not fit are left out, from
/// the last on.
pub(crate) fn with_notes(
    sheet: &mut Sheet<'_>,
    columns: &[Column],
    rows: &[(Vec<Cell>, String)],
) -> io::Result<()> {
    let mut used = 0;
    let fits = |width: &usize| {
        used += width + GUTTER.len();
        used <= sheet.width + GUTTER.len()
    };
    let widths: Vec<_> = widths(columns, rows).take_while(fits).collect();
    let indent = widths.first().map_or(0, |width| width + GUTTER.len());
    head(sheet, columns, &widths, "")?;
    for (cells, note) in rows {
        line(sheet, cells, &widths, "")?;
        for more in wrap(note, sheet.width - indent).iter().filter(|more| !more.is_empty()) {
            writeln!(sheet.out, "{:indent$}{more}", "")?;
        }
    }
    Ok(())
}

/// How wide each column is.
fn widths(columns: &[Column], rows: &[(Vec<Cell>, String)]) -> impl Iterator<Item = usize> {
    columns.iter().enumerate().map(|(at, column)| {
        let cells = rows.iter().filter_map(|(cells, _)| cells.get(at));
        let widest = cells.map(|cell| cell.text.width()).max().unwrap_or(0);
        widest.min(column.limit).max(column.title.width())
    })
}

fn head(sheet: &mut Sheet<'_>, columns: &[Column], widths: &[usize], last: &str) -> io::Result<()> {
    let faint = sheet.ink.faint;
    let titles: Vec<_> = columns.iter().map(|column| Cell::plain(column.title)).collect();
    write!(sheet.out, "{faint}")?;
    line(sheet, &titles, widths, last)?;
    write!(sheet.out, "{faint:#}")
}

fn line(sheet: &mut Sheet<'_>, cells: &[Cell], widths: &[usize], last: &str) -> io::Result<()> {
    let cell = |(Cell { text, style }, width): (&Cell, &usize)| {
        let shown = window(text, "", *width);
        let padding = " ".repeat(width.saturating_sub(shown.width()));
        format!("{style}{shown}{style:#}{padding}{GUTTER}")
    };
    let cells: String = cells.iter().zip(widths).map(cell).collect();
    let text = cells + last;
    writeln!(sheet.out, "{}", text.trim_end())
}
