//! abiscope
fn main() {}
