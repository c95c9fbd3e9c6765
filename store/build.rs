//! A new migration is compiled in without anything else being touched.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
