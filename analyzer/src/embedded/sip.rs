//! The C++ in SIP's specifications: `%ModuleCode … %End` and its like.

use super::Mask;

/// Directives whose code stands at file scope; all other code is part of a function.
const FILE_LEVEL: [&[u8]; 7] = [
    b"ModuleCode",
    b"ModuleHeaderCode",
    b"TypeCode",
    b"TypeHeaderCode",
    b"UnitCode",
    b"UnitPostIncludeCode",
    b"ExportedHeaderCode",
];

/// The code of all directives.
pub(super) fn c_inside(source: &[u8]) -> Option<Vec<u8>> {
    let mut mask = Mask::new(source);
    // Where the code of the open directive starts.
    let mut open: Option<(usize, bool)> = None;
    let mut start = 0;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let at = start + line.len() - line.trim_ascii_start().len();
        start += line.len();
        let Some(directive) = line.trim_ascii_start().strip_prefix(b"%") else { continue };
        let end = directive.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(directive.len());
        let directive = &directive[..end];
        if let Some((from, is_body)) = open {
            if directive == b"End" {
                mask.keep(from..at);
                if is_body {
                    mask.put(at, b"}");
                }
                open = None;
            }
        } else if holds_code(directive) {
            let is_body = !FILE_LEVEL.contains(&directive);
            if is_body {
                mask.put(at, b"_(){");
            }
            open = Some((at + 1 + directive.len(), is_body));
        }
    }
    mask.finish()
}

fn holds_code(directive: &[u8]) -> bool {
    // Type hints are Python.
    let is_code = directive.ends_with(b"Code") && !directive.ends_with(b"TypeHintCode") && directive != b"ExtractCode";
    is_code || directive == b"VirtualErrorHandler"
}
