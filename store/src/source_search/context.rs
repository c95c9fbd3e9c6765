//! Lines around a hit that lie in another frame than it does.

use std::time::Instant;

use super::SourceHit;
use crate::{Error, Store};

impl Store {
    /// Reads what is missing of the context of hits near the edge of a frame. Ends early if the time is over: then some
    /// hits have less around them.
    pub(super) async fn contexts_completed(
        &self,
        hits: &mut [SourceHit],
        count: u32,
        end: Instant,
    ) -> Result<(), Error> {
        for hit in hits {
            let wanted = count.min(hit.line - 1) as usize;
            let is_cut = hit.before.len() < wanted || hit.after.len() < count as usize;
            if !is_cut || Instant::now() >= end {
                continue;
            }
            let first = hit.line - u32::try_from(wanted).unwrap_or(0);
            let lines =
                self.snippet(&hit.project, &hit.version, &hit.path, first, hit.line.saturating_add(count)).await?;
            let Some(mut lines) = lines.filter(|lines| lines.len() > wanted) else { continue };
            hit.after = lines.split_off(wanted + 1);
            lines.truncate(wanted);
            hit.before = lines;
        }
        Ok(())
    }
}
