//! `abiscope db prune`, and the same as a policy of a crawl.

use std::io::Write;
use std::time::Duration;

use store::{Archives, Removed, Retained, Retention, Run};

use super::Home;
use crate::cli::{PruneArgs, RetentionArgs};
use crate::exit::Exit;
use crate::output::{self, BOLD};

const DAY: u64 = 24 * 60 * 60;

impl RetentionArgs {
    /// What these options keep.
    pub fn policy(&self) -> Retention {
        let days = |days: u32| Duration::from_secs(u64::from(days) * DAY);
        Retention {
            archives: if self.drop_archives { Archives::DropAfterPack } else { Archives::Keep },
            old_reports: self.old_reports.map(days),
            orphans: days(self.orphans),
        }
    }
}

/// Removes what the policy does not keep, or says what that is.
pub async fn run(args: PruneArgs) -> anyhow::Result<Exit> {
    let policy = args.retention.policy();
    let home = Home::open(&args.home).await?;
    let run = if args.dry_run { Run::Dry } else { Run::Real };
    let retained = home.store.retained(&policy, run).await;
    home.leave().await;
    write(&retained?, &policy, run, &mut anstream::stdout().lock())?;
    Ok(Exit::Done)
}

fn write(retained: &Retained, policy: &Retention, run: Run, out: &mut impl Write) -> std::io::Result<()> {
    let head = if run == Run::Dry { "would go" } else { "gone" };
    writeln!(out, "{BOLD}{:<30}{head:>12}{:>12}{BOLD:#}", "", "bytes")?;
    let mut line = |what: &str, removed: &Removed, kept: Option<&str>| {
        if let Some(kept) = kept {
            return writeln!(out, "{what:<30}{:>12}{:>12}  {kept}", "–", "");
        }
        let bytes = if removed.bytes == 0 { String::new() } else { output::bytes(removed.bytes) };
        writeln!(out, "{what:<30}{:>12}{bytes:>12}", output::grouped(removed.count))
    };
    let archives = (policy.archives == Archives::Keep).then_some("kept; --drop-archives: not once packed");
    let reports = policy.old_reports.is_none().then_some("kept; --old-reports DAYS: not longer than so");
    line("archives that are packed", &retained.archives, archives)?;
    line("reports of older analyzers", &retained.reports, reports)?;
    line("blobs that nothing names", &retained.orphans, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(retained: &Retained, policy: &Retention, run: Run) -> String {
        let mut out = Vec::new();
        write(retained, policy, run, &mut anstream::StripStream::new(&mut out)).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn each_part_is_a_line_and_what_is_kept_says_how_it_would_not_be() {
        let all =
            Retention { archives: Archives::DropAfterPack, old_reports: Some(Duration::ZERO), ..Retention::default() };
        let retained = Retained {
            archives: Removed { count: 12_345, bytes: 34_500_000 },
            reports: Removed { count: 3, bytes: 0 },
            orphans: Removed::default(),
        };
        assert_eq!(
            text(&retained, &all, Run::Dry),
            "                                  would go       bytes\n\
             archives that are packed            12,345     34.5 MB\n\
             reports of older analyzers               3            \n\
             blobs that nothing names                 0            \n"
        );
        let kept = text(&Retained::default(), &Retention::default(), Run::Real);
        assert!(kept.contains("gone") && kept.contains("kept; --drop-archives"), "{kept}");
    }

    #[test]
    fn without_options_everything_is_kept_and_orphans_for_a_week() {
        let args = RetentionArgs { drop_archives: false, old_reports: None, orphans: 7 };
        assert_eq!(args.policy(), Retention::default());
        let args = RetentionArgs { drop_archives: true, old_reports: Some(30), orphans: 1 };
        let policy = args.policy();
        assert_eq!(policy.archives, Archives::DropAfterPack);
        assert_eq!((policy.old_reports, policy.orphans.as_secs()), (Some(Duration::from_secs(30 * DAY)), DAY));
    }
}
