//! # internal-header: an include of CPython's internal headers
//!
//! **What.** `#include` of `internal/…`, `pycore_…` or `cpython/…`.
//!
//! **Why.** `Include/internal` needs `Py_BUILD_CORE` and changes at any time; `Include/cpython` is not to be included
//! directly and has nothing for limited mode. Each blocks the stable ABI by itself.
//!
//! **Hits.** `#include "internal/pycore_frame.h"`, `#include <cpython/frameobject.h>`.
//!
//! **Near misses.** `#include <frameobject.h>`, which is public; a header of the package in a folder of that name is
//! told apart by its file name only, since CPython's all start with `pycore_`.

use crate::judge::{Finding, Name};
use crate::report::Kind as Report;
use crate::scan::{Guard, Line, included};

/// Looks at one `#include` line.
pub(crate) fn check(line: &Line, source: &[u8], guard: Guard) -> Option<Finding> {
    let header = included(line, source)?;
    let is_internal =
        capi::is_internal_header(header) || header.starts_with("cpython/") && capi::header(header).is_some();
    if !is_internal || guard == Guard::NEVER {
        return None;
    }
    let start = header.as_ptr() as usize - source.as_ptr() as usize;
    let range = (u32::try_from(start).ok()?, u32::try_from(start + header.len()).ok()?);
    let offset = u32::try_from(line.bytes.start).ok()?;
    Some(Finding::new(Report::InternalHeader, Name::Text(range.0, range.1), offset, guard))
}
