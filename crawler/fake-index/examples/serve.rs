//! A generated index to crawl by hand: `cargo run -p fake-index --example serve -- PROJECTS SEED PORT`. It hears the
//! words `evolve`, `storm`, `calm` and `count`, one a line, and ends with its input.

use fake_index::{FakeIndex, FaultPlan};

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>().expect("a number"));
    let (projects, seed) = (numbers.next().unwrap_or(1000), numbers.next().unwrap_or(1));
    let port = numbers.next().map_or(0, |port| u16::try_from(port).expect("a port"));
    let index = FakeIndex::start_at(port);
    index.keep_only_counts();
    index.generate(u64::from(seed), projects);
    index.send_validators();
    println!("{projects} projects at {}", index.url());
    for (seed, line) in (1..).zip(std::io::stdin().lines()) {
        match line.expect("text").trim() {
            "evolve" => index.evolve(),
            "storm" => index.begin_phase(Some(FaultPlan::transient(seed))),
            "calm" => index.begin_phase(None),
            "count" => println!("{} requests, {} at once", index.total(), index.most_at_once()),
            other => println!("{other:?} is none of evolve, storm, calm, count"),
        }
    }
}
