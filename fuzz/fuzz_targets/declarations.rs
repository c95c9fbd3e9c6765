#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| analyzer::any_input::declarations(data));
