//! Figures over series made by hand.

use chrono::NaiveDate;
use trends::{Chain, Month, Point};

use super::*;

fn series(subject: &Subject, scope: Scope, counts: &[(i64, i64)]) -> Series {
    let days = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-12"];
    let point = |(day, (projects, native)): (&str, &(i64, i64))| Point {
        on: day.parse().expect("a day"),
        projects: *projects,
        downloads: Some(projects * 10),
        native_downloads: Some(100),
        downloads_of: Some("2024-05".to_owned()),
        chain: Chain { with_native: *native, with_sdist: 10, selected: 10, ..Chain::default() },
    };
    let points = days.into_iter().zip(counts).map(point).collect();
    Series { subject: subject.to_string(), scope: scope.to_string(), observed_from: None, points }
}

fn figured(figure: Figure) -> Figured {
    let asked = Asked { target: "abi3-3.11".parse().expect("a target"), scope: Scope::All };
    let counts = [(0, 0), (1, 4), (2, 4), (3, 4), (4, 5)];
    figure.of(asked, |subject, scope| Some(series(subject, scope, &counts))).expect("every series")
}

#[test]
fn values_are_shares_of_projects_with_native_source_and_none_where_there_are_none() {
    let made = figured(Figure::Stable);
    let chart = made.chart(Weight::Each, &[0, 1, 4], &[]);
    assert_eq!(chart.lines[0].values, [None, Some(25.0), Some(80.0)]);
    assert_eq!(
        chart.said[1],
        "2024-02-29: could, abi3-3.11 1, declares abi3 1, abi3 wheels 1, abi3t wheels 1, cp3xt wheels 1 of 4"
    );
    let weighed = made.chart(Weight::Downloads, &[0, 1, 4], &[]);
    assert_eq!(weighed.lines[0].values, [Some(0.0), Some(10.0), Some(40.0)]);
    assert!(weighed.said[2].ends_with("of downloads, 2024-05"), "{}", weighed.said[2]);
}

#[test]
fn each_date_leads_to_who_came_since_the_date_before() {
    let chart = figured(Figure::Stable).chart(Weight::Each, &[1, 4], &[]);
    assert_eq!(
        chart.addresses,
        [
            "/trends/changes?of=could-be%3Aabi3-3.11&after=2024-01&until=2024-02",
            "/trends/changes?of=could-be%3Aabi3-3.11&after=2024-02&until=2024-05",
        ]
    );
}

#[test]
fn of_many_toolchains_five_are_drawn_and_all_are_in_the_table() {
    let made = figured(Figure::Toolchains);
    assert_eq!(made.chart(Weight::Each, &[1], &[]).lines.len(), 5);
    assert_eq!(made.lines.len(), Toolchain::ALL.len());
    assert!(made.lines.iter().all(|(wanted, _)| wanted.subject == Subject::Native && wanted.scope != Scope::All));
}

#[test]
fn few_months_are_all_drawn_and_of_many_the_quarters_and_the_last() {
    let made = figured(Figure::Stable);
    assert_eq!(places(&made.whole.points, None), [1, 2, 3, 4], "from the first native source on");
    let mut less = made.whole.points.clone();
    less[1].chain.selected = 4;
    assert_eq!(places(&less, None), [2, 3, 4], "less than half of what is selected at the end");
    less[3].chain.selected = 8;
    assert_eq!(places(&less, None), [2, 4], "what stood between the ends of quarters was not all read");
    let long: Vec<Point> = (0..40)
        .map(|n| Point {
            on: Month::of("2021-01-31".parse::<NaiveDate>().expect("a day") + chrono::Months::new(n)).last(),
            ..made.whole.points[1].clone()
        })
        .collect();
    let shown: Vec<String> =
        places(&long, None).into_iter().map(|at| long[at].on.format("%y-%m").to_string()).collect();
    assert_eq!(shown.len(), 14);
    assert_eq!((shown[0].as_str(), shown[13].as_str()), ("21-03", "24-04"));
    assert_eq!(places(&long, Some(1)).len(), 13, "a year of months");
}
