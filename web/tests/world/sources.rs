//! What this world finds in its sources.

use store::{ProjectHits, SourceFound, SourceHit, SourceQuery};

use super::World;

/// One line of one project, of whatever pattern finds something in it. With `own` the time is over.
pub(crate) fn found(world: &World, query: &SourceQuery) -> SourceFound {
    let line = "    Py_TYPE(self)->ob_type = x; /* <script>alert('x')</script> \u{202e} */";
    let shown = world.projects.iter().filter(|known| !known.hides());
    let project = shown.map(|known| &known.detail.name).find(|name| name.as_str() == "simplejson");
    let mut found = SourceFound {
        searched: 32,
        complete: !query.own,
        selective: query.pattern.is_selective(),
        ..SourceFound::default()
    };
    if let Some(project) = project.filter(|_| query.pattern.lines(line.as_bytes()).next().is_some()) {
        let (version, around) = ("4.3.0".to_owned(), vec!["}".to_owned(); query.context as usize]);
        found.lines = 3;
        found.files = 1;
        found.projects.push(ProjectHits {
            project: project.clone(),
            version: version.clone(),
            filename: "simplejson-4.3.0.tar.gz".to_owned(),
            sha256: "ab".repeat(32),
            lines: 3,
            files: 1,
        });
        found.hits.push(SourceHit {
            project: project.clone(),
            version,
            path: "simplejson/_speedups.c".to_owned(),
            line: 510,
            column: 5,
            text: line.to_owned(),
            before: around.clone(),
            after: around,
        });
    }
    found
}
