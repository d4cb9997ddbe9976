//! What a person sees of an inspected file.

use super::{ColumnView, ExampleView, FormView, InspectView, KindView, TableView};
use crate::model::upload::UploadKind;
use crate::report::ingest::noun;
use crate::report::table::{Column, Table};
use crate::report::text::{count, escape_text};

/// Up to so many records that are no rows are shown of a table.
const SET_ASIDE_SHOWN: usize = 5;
/// Up to so many columns are shown of a table.
const COLUMNS_SHOWN: usize = 100;

/// The lines that a person sees; `width` is the terminal's.
#[must_use]
pub fn render(view: &InspectView, width: Option<usize>) -> String {
    let mut lines = vec![title(view), format!("  {}", form(&view.form))];
    if view.kind.is_none() {
        view.kinds.iter().for_each(|kind| why_not(kind, &mut lines));
        lines.push(columns_said(view));
    }
    lines.push(render_tables(&view.tables, width).trim_end().to_owned());
    lines.extend(
        view.rejected_by_cause.iter().map(|line| format!("would be rejected: {}", escape_text(line))),
    );
    lines.extend(view.notes.iter().map(|note| format!("note: {}", escape_text(note))));
    let is_other = |kind: &&KindView| {
        kind.refused.is_none() && Some(kind.kind) != view.kind && kind.rejected < kind.rows_read
    };
    let others = view.kinds.iter().filter(is_other);
    let others: Vec<&str> = others.map(|kind| kind.kind.name()).collect();
    if !others.is_empty() && view.kind.is_some() {
        lines.push(format!("it can be read as {} too", others.join(", ")));
    }
    if view.kinds.iter().any(|kind| Some(kind.kind) == view.kind && kind.needs_account) {
        lines.push(
            "no column names the account: name it, or say which column does: --map 'COLUMN=account'"
                .to_owned(),
        );
    }
    lines.extend(commands(view));
    if let Some(preset) = &view.preset {
        lines.push(format!("\nfor snapshots.toml, to be used with --preset:\n{preset}"));
    }
    lines.retain(|line| !line.is_empty());
    let mut text = lines.join("\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Why the file is not of a kind: what it lacks, or why none of its rows could be taken, with what to do.
fn why_not(kind: &KindView, lines: &mut Vec<String>) {
    let name = kind.kind.name();
    let Some(why) = &kind.refused else {
        if kind.rejected < kind.rows_read {
            lines.push(format!("  no {name}: too little of it means anything there"));
            return;
        }
        lines.push(format!(
            "  no {name}: none of its {} could be taken",
            count(kind.rows_read, noun(kind.kind))
        ));
        lines.extend(kind.rejected_by_cause.iter().map(|cause| format!("    {}", escape_text(cause))));
        return;
    };
    // The columns are told once, for all kinds.
    let why = why.split_once("; its columns are").map_or(why.as_str(), |(why, _)| why);
    lines.push(format!("  no {name}: {}", escape_text(why)));
    // Numbers are mostly KPIs: what would make them some is worth a line.
    let hint = kind.hint.iter().filter(|_| kind.kind == UploadKind::Kpis);
    lines.extend(hint.map(|hint| format!("    {}", escape_text(hint))));
}

/// The command that reads the file; where something is to be settled first, what, and a command for each way.
fn commands(view: &InspectView) -> Vec<String> {
    let Some(choice) = &view.choice else {
        return view.command.iter().map(|command| format!("\n{}", escape_text(command))).collect();
    };
    let mut lines: Vec<String> =
        choice.why.iter().map(|why| format!("to be settled first: {}", escape_text(why))).collect();
    lines.push(String::from("\nas you know which it is, one of"));
    lines.extend(choice.commands.iter().map(|command| format!("  {}", escape_text(command))));
    lines
}

/// The columns, as the refusals list them.
fn columns_said(view: &InspectView) -> String {
    let refusals = view.kinds.iter().filter_map(|kind| kind.refused.as_deref());
    let columns = refusals.filter_map(|refusal| refusal.split_once("; its columns are")).next();
    columns.map(|(_, columns)| format!("  its columns are{}", escape_text(columns))).unwrap_or_default()
}

/// `june.csv: kpis, 1,475 values, 275 values would be rejected`
fn title(view: &InspectView) -> String {
    let file = escape_text(&view.file);
    let Some(kind) = view.kind else {
        return format!("{file}: nothing here reads it as it is");
    };
    let rejected = match view.rejected_total {
        0 => String::new(),
        some => format!(", {} would be rejected", count(some, noun(kind))),
    };
    format!("{file}: {}, {}{rejected}", kind.name(), count(view.rows_read, noun(kind)))
}

/// `CSV in UTF-8, ';' between cells, packed with gzip`
fn form(form: &FormView) -> String {
    let mut text = match form.format.as_str() {
        "workbook" => "a workbook".to_owned(),
        other => other.to_uppercase(),
    };
    if let Some(encoding) = &form.encoding {
        text.push_str(&format!(" in {encoding}"));
    }
    if let Some(delimiter) = &form.delimiter {
        let name = if delimiter == "\t" { "tabs".to_owned() } else { format!("'{delimiter}'") };
        text.push_str(&format!(", {name} between cells"));
    }
    if let Some(quote) = form.quote.as_ref().filter(|quote| *quote != "\"") {
        text.push_str(&format!(", {quote} around them"));
    }
    if let Some(packing) = &form.packing {
        text.push_str(&format!(", packed with {packing}"));
    }
    text
}

/// How tables would be read, column by column.
#[must_use]
pub fn render_tables(tables: &[TableView], width: Option<usize>) -> String {
    tables.iter().map(|table| one_table(table, width)).collect()
}

fn one_table(view: &TableView, width: Option<usize>) -> String {
    let mut text = String::new();
    let sheet = view.sheet.as_ref().map(|sheet| format!("sheet {}, ", escape_text(sheet)));
    let layout = view.layout.as_ref().map(|layout| format!("{layout} layout, ")).unwrap_or_default();
    let unit = if sheet.is_some() { "row" } else { "line" };
    let header = match view.header_line {
        Some(line) => format!("header in {unit} {line}"),
        None => "no header".to_owned(),
    };
    text.push_str(&format!("  {}{layout}{header}\n", sheet.unwrap_or_default()));
    for aside in view.set_aside.iter().take(SET_ASIDE_SHOWN) {
        let said = escape_text(&aside.text).into_owned();
        text.push_str(&format!(
            "  {unit} {} is no row, but {}: {said}\n",
            aside.line,
            what_it_is(&aside.kind)
        ));
    }
    let more = view.set_aside.len().saturating_sub(SET_ASIDE_SHOWN);
    if more > 0 {
        text.push_str(&format!("  and {more} more set aside\n"));
    }
    let mut table = Table::new(&[
        Column::number("#"),
        Column::text("COLUMN").yielding(2),
        Column::text("READ AS").yielding(1),
        Column::text("VALUES").yielding(3),
    ]);
    for column in view.columns.iter().take(COLUMNS_SHOWN) {
        let number = column.number.to_string();
        table.add_row([
            number.as_str(),
            &column.header,
            column.field.as_deref().unwrap_or("-"),
            &values(column),
        ]);
    }
    text.push_str(&table.render(width));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if view.columns.len() > COLUMNS_SHOWN {
        text.push_str(&format!("  and {} more columns\n", view.columns.len() - COLUMNS_SHOWN));
    }
    text
}

/// What a record is that is no row.
fn what_it_is(kind: &str) -> &str {
    match kind {
        "preamble" => "above the header",
        "header_rows" => "part of the header",
        "repeated_header" => "the header again",
        "total_rows" => "a total",
        "footer" => "below the table",
        "other_table" => "of another table",
        other => other,
    }
}

/// `16-10-2024 = 2024-10-16, 01-10-17 = 2017-10-01`
fn values(column: &ColumnView) -> String {
    column.examples.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn value(example: &ExampleView) -> String {
    match &example.read {
        Some(read) if read != example.raw.trim() => format!("{} = {read}", example.raw.trim()),
        _ => example.raw.trim().to_owned(),
    }
}
