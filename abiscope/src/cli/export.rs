//! Arguments of `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::HomeArgs;

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ExportArgs {
    /// Folder to write to; it is made if need be, and files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Format of the tables; may be repeated
    #[arg(long, value_name = "FORMAT", value_enum, default_values_t = [ExportFormat::Parquet, ExportFormat::Csv])]
    pub format: Vec<ExportFormat>,
    #[command(flatten)]
    pub home: HomeArgs,
}

const AFTER_HELP: &str = "\
Writes the survey as it stands, all of one moment: the tables projects, verdicts, uses, structures, declarations and
wheels; schema.json, which says what each column means; and manifest.json, with versions, row counts and SHA-256 of each
file. The same data gives the same bytes. Lines of source are not exported. An earlier export in the folder stays until the
new one is whole; `abiscope serve --exports DIR` offers it for download.

Examples:
  abiscope export --out survey
  abiscope export --out survey --format jsonl
  duckdb -c \"SELECT item, count(DISTINCT project) FROM 'survey/uses.parquet' GROUP BY item ORDER BY 2 DESC\"

Exit status: 0 done, 1 a file could not be written, 2 wrong usage.
";

/// Formats of `export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// With a line of names; a missing value is empty
    Csv,
    /// JSON Lines: an object a line
    Jsonl,
    /// Apache Parquet, compressed with zstd
    Parquet,
}

impl ExportFormat {
    /// The same to the room that writes it.
    pub const fn format(self) -> export::Format {
        match self {
            Self::Csv => export::Format::Csv,
            Self::Jsonl => export::Format::JsonLines,
            Self::Parquet => export::Format::Parquet,
        }
    }
}
