//! Tables that read as well in a terminal as in a rendered page.

/// A Markdown table: words to the left, figures to the right.
pub(super) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    is_aligned: bool,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows: Vec::new(), is_aligned: true }
    }

    /// Without spaces that align the columns: for long tables, of which one changed row should not change all.
    pub(super) fn compact(head: &[&str]) -> Self {
        Self { is_aligned: false, ..Self::new(head) }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().map(|cell| cell.replace('|', "\\|"));
        self.rows.push(cells.collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns: Vec<Column> = (0..self.head.len()).map(|column| self.column(column)).collect();
        line(out, &self.head, &columns)?;
        let rules = columns.iter().map(|Column { width, is_figures }| {
            let width = RULE.max(*width) - usize::from(*is_figures);
            format!("{:->width$}{}", "", if *is_figures { ":" } else { "" })
        });
        line(out, &rules.collect::<Vec<_>>(), &columns)?;
        self.rows.iter().try_for_each(|row| line(out, row, &columns))
    }
}

/// The least that Markdown takes for the line under the head.
const RULE: usize = 3;

struct Column {
    width: usize,
    is_figures: bool,
}

impl Table {
    fn column(&self, column: usize) -> Column {
        let cells = || self.rows.iter().filter_map(|row| row.get(column));
        let widest = cells().chain(self.head.get(column)).map(|cell| cell.chars().count()).max();
        let width = widest.filter(|_| self.is_aligned).map_or(0, |widest| widest.max(RULE));
        let is_figure = |cell: &String| cell == NOTHING || cell.parse::<f64>().is_ok();
        Column { width, is_figures: !self.is_empty() && cells().all(is_figure) }
    }
}

fn line(out: &mut std::fmt::Formatter<'_>, cells: &[String], columns: &[Column]) -> std::fmt::Result {
    for (cell, Column { width, is_figures }) in cells.iter().zip(columns) {
        if *is_figures { write!(out, "| {cell:>width$} ")? } else { write!(out, "| {cell:<width$} ")? }
    }
    writeln!(out, "|")
}

/// What stands where there is no figure.
pub(super) const NOTHING: &str = "-";

/// A share with four digits: goals have three.
pub(super) fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| format!("{value:.4}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_to_the_left_and_figures_to_the_right() {
        let mut table = Table::new(&["what", "how many"]);
        table.row(["a|b".to_owned(), "7".to_owned()]);
        table.row(["longer".to_owned(), NOTHING.to_owned()]);
        let expected = "\
| what   | how many |
| ------ | -------: |
| a\\|b   |        7 |
| longer |        - |
";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn a_compact_table_has_no_padding() {
        let mut table = Table::compact(&["what", "lines"]);
        table.row(["much longer".to_owned(), "7".to_owned()]);
        assert_eq!(table.to_string(), "| what | lines |\n| --- | --: |\n| much longer | 7 |\n");
    }

    #[test]
    fn a_figure_is_not_rounded_up_to_its_goal() {
        assert_eq!(figure(Some(0.9979)), "0.9979");
        assert_eq!(figure(None), NOTHING);
    }
}
