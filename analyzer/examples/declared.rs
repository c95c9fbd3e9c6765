//! Prints what each sdist named on the command line declares.
use analyzer::{Abi, Limits, Options, analyze, intent, read_sdist};

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("readable");
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let tree = read_sdist(&name, &bytes, &Limits::default()).expect("an sdist");
        let report = analyze(&tree, &Options::default());
        println!("== {name} floor {:?}", report.floor.map(|f| f.to_string()));
        for abi in [Abi::Abi3, Abi::Abi3t] {
            if let Some(intent) = intent(&report.declarations, abi) { println!("   {intent}"); }
        }
        for found in report.contradictions(None) { print!("{found}"); }
        for found in &report.declarations { println!("   {found}  [{} {} {:?} {:?}]", found.sets, found.says.as_str(), found.depends_on, found.certainty); }
    }
}
