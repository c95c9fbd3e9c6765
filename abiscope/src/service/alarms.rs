//! `abiscope alarms`: what a person should look at.

use std::io::Write;

use store::Alarm;

use super::Home;
use crate::cli::AlarmsArgs;
use crate::exit::Exit;
use crate::output::{self, BOLD, DIM};

/// Lists the alarms, or clears them and says which.
pub async fn run(args: AlarmsArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    let alarms = if args.clear {
        home.store.alarms_cleared(args.kind.as_deref(), args.about.as_deref()).await
    } else {
        home.store.alarms().await
    };
    home.leave().await;
    let alarms = alarms?;
    write(&alarms, &mut anstream::stdout().lock())?;
    let count = output::counted(alarms.len() as u64, "alarm");
    match (args.clear, alarms.is_empty()) {
        (true, _) => eprintln!("{count} cleared."),
        (false, true) => eprintln!("No alarms."),
        (false, false) => eprintln!("{count}. Once looked at: abiscope alarms --clear"),
    }
    Ok(Exit::Done)
}

fn write(alarms: &[Alarm], out: &mut impl Write) -> std::io::Result<()> {
    for alarm in alarms {
        let Alarm { kind, subject, detail, times, first_at, last_at } = alarm;
        let when = match times {
            1 => format!("{}", last_at.format("%F %R UTC")),
            _ => format!("{}, {times} times since {}", last_at.format("%F %R UTC"), first_at.format("%F %R")),
        };
        let (subject, detail) = (output::harmless(subject), output::harmless(detail));
        writeln!(out, "{BOLD}{kind}{BOLD:#}  {subject}  {DIM}{when}{DIM:#}\n    {detail}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_says_to_what_when_and_how_often_and_cannot_play_with_the_terminal() {
        let alarm = Alarm {
            kind: "file-content-changed".to_owned(),
            subject: "spam spam-1.0.tar.gz\u{1b}[2J".to_owned(),
            detail: "the index gave it another hash".to_owned(),
            times: 2,
            first_at: "2026-11-20T01:02:03Z".parse().expect("a time"),
            last_at: "2026-11-26T04:05:06Z".parse().expect("a time"),
        };
        let mut out = Vec::new();
        write(&[alarm], &mut anstream::StripStream::new(&mut out)).expect("written");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "file-content-changed  spam spam-1.0.tar.gz\\u{1b}[2J  2026-11-26 04:05 UTC, 2 times since 2026-11-20 01:02\n    \
             the index gave it another hash\n"
        );
    }
}
