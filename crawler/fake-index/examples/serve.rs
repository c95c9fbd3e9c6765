//! A generated index to crawl by hand: `cargo run -p fake-index --example serve -- PROJECTS SEED PORT`.

use fake_index::FakeIndex;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>().expect("a number"));
    let (projects, seed) = (numbers.next().unwrap_or(1000), numbers.next().unwrap_or(1));
    let port = numbers.next().map_or(0, |port| u16::try_from(port).expect("a port"));
    let index = FakeIndex::start_at(port);
    index.keep_only_counts();
    index.generate(u64::from(seed), projects);
    index.send_validators();
    println!("{projects} projects at {} until Enter or the end of the input", index.url());
    _ = std::io::stdin().read_line(&mut String::new());
    println!("{} requests", index.total());
}
