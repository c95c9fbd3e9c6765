//! The sums in sentences, each with its denominator.

use std::collections::BTreeSet;

use crate::read::SOURCE;
use crate::{Answer, Judgement, Reviewed, Status};

/// What was asked, how many stand in the way, how much of all downloads that is, and what was not read.
pub fn sentences(answer: &Answer) -> Vec<String> {
    let sums = &answer.sums;
    let count = |status: Status| sums.statuses.get(&status).copied().unwrap_or(0);
    let all: i64 = sums.strata.iter().find(|part| part.name == "all").map_or(0, |part| part.scanned);
    let mut sentences = vec![format!("Asked for CPython {}: {}.", answer.python, rules(answer))];
    let rest: Vec<String> = Status::ALL
        .into_iter()
        .skip(1)
        .filter(|status| count(*status) > 0)
        .map(|status| format!("{} {}", grouped(count(status)), status.as_str()))
        .collect();
    let rest = if rest.is_empty() { String::new() } else { format!("; {}", rest.join(", ")) };
    sentences.push(format!(
        "{} of {} projects with sources that were read would have to change their own code{rest}.",
        grouped(count(Status::Affected)),
        grouped(all)
    ));
    if sums.own_sites > 0 {
        sentences.push(format!(
            "That is {} sites of their own; for {} of them there is something to write instead.",
            grouped(sums.own_sites),
            grouped(sums.replaceable)
        ));
    }
    let mut not_read = format!("{} projects were not read", grouped(sums.not_scanned));
    if sums.downloads > 0 {
        let of = sums.downloads_of.as_deref().unwrap_or("an unknown month");
        sentences.push(format!(
            "Projects where something is left to do have {} of the downloads of {of}.",
            percent(sums.downloads_open, sums.downloads)
        ));
        not_read = format!("{not_read}, with {} of the downloads", percent(sums.downloads_not_scanned, sums.downloads));
    }
    sentences.push(format!("{not_read}. Of the survey: {}.", chain(answer)));
    sentences.extend(review_sentence(answer));
    sentences.extend(answer.notes.iter().cloned());
    sentences
}

/// What people's verdicts changed; `None` where there are none about this question.
fn review_sentence(answer: &Answer) -> Option<String> {
    let count = |is: fn(&Reviewed) -> bool| {
        let judged = answer.reviewed.iter().filter(|one| is(one));
        let (sites, projects): (BTreeSet<_>, BTreeSet<_>) =
            judged.map(|one| ((&one.name, &one.place, &one.item), &one.name)).unzip();
        (sites.len(), projects.len())
    };
    let (out, of) = count(|one| one.taken_out);
    let (confirmed, _) = count(|one| one.verdict == Judgement::Confirmed);
    (!answer.reviewed.is_empty()).then(|| {
        format!(
            "People looked at some of these sites: {out} in {of} project{} do not count because somebody judged them \
             false positives, {confirmed} were confirmed.",
            if of == 1 { "" } else { "s" }
        )
    })
}

/// The rules, names of one field together: `make PyObject, PyVarObject opaque`.
fn rules(answer: &Answer) -> String {
    let of = |(field, value): &(String, String)| {
        let names = listed(&crate::names::shortened(value.split(',').collect()));
        Some(match field.as_str() {
            "remove" => format!("remove {names}"),
            "hide" => format!("hide {names}"),
            "opaque" => format!("make {names} opaque"),
            "opaque-abi" => format!("make {names} opaque, in binaries too"),
            "forbid-lvalue" => format!("forbid as l-values {names}"),
            "unlimit" => format!("remove from the limited API {names}"),
            "minimum-limited" => format!("drop limited API levels below {names}"),
            // One pattern, with commas of its own.
            SOURCE => format!("forbid code that matches {value}"),
            _ => return None,
        })
    };
    answer.fields.iter().filter_map(of).collect::<Vec<_>>().join("; ")
}

/// `a, b and 61 more`.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    match names.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}

/// `40 in all, 38 with an sdist, …`.
fn chain(answer: &Answer) -> String {
    let parts: Vec<String> = answer.sums.chain.iter().map(|(name, n)| format!("{} {name}", grouped(*n))).collect();
    parts.join(" → ")
}

/// `1,204`.
fn grouped(n: i64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digit != '-' {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// With one decimal, in integers: the same text on every machine.
fn percent(part: i64, whole: i64) -> String {
    let tenths = (i128::from(part) * 2000 + i128::from(whole)) / (2 * i128::from(whole));
    format!("{}.{} %", tenths / 10, tenths % 10)
}
