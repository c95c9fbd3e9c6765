//! A small survey in one line: projects with one sdist, fetched and analysed.

use std::collections::BTreeMap;

use analyzer::{
    Accesses, Certainty, Condition, Kind, Origin, OriginClass, Outcome, Report, Site, SourceFile, SourceTree,
    TreeFacts, Undecided, Use, Verdict,
};
use bytes::Bytes;
use capi::Target;
use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{
    Blobs, FileId, FileKind, FileRecord, ProjectPage, ProjectState, ReleaseRecord, ReleaseState, Sha256, Store,
};

/// The only native source of every project here.
pub(crate) const SOURCE: &str = "#include <Python.h>\nint a = PyTuple_GET_SIZE(t);\nf->f_code;\nPy_TYPE(x) = y;\n";
pub(crate) const PATH: &str = "src/a.c";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) pool: PgPool,
    pub(crate) blobs: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new(pool: PgPool) -> Self {
        let blobs = tempfile::tempdir().unwrap();
        // The queue's part of the schema.
        Store::migrate(url(&pool).as_str()).await.unwrap();
        let store = Store::connect(url(&pool).as_str(), Blobs::folder(blobs.path()).unwrap()).await.unwrap();
        Self { store, pool, blobs }
    }

    /// The same database over connections of its own, as another process has them.
    pub(crate) async fn another(&self) -> Store {
        Store::connect(url(&self.pool).as_str(), Blobs::folder(self.blobs.path()).unwrap()).await.unwrap()
    }

    /// A single number.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// Changes rows behind the store's back, as time and other programs do.
    pub(crate) async fn change(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.pool).await.unwrap();
    }

    /// Records the page of a project with one release, 1.0, whose sdist is to be analysed.
    pub(crate) async fn listed(&self, name: &str) -> FileId {
        self.store.project_recorded(&page(name)).await.unwrap();
        self.file(name).await
    }

    pub(crate) async fn fetched(&self, name: &str) -> FileId {
        let file = self.listed(name).await;
        self.store.file_fetched(file, bytes(name)).await.unwrap();
        file
    }

    pub(crate) async fn analysed(&self, name: &str, uses: Vec<Use>) -> FileId {
        let file = self.fetched(name).await;
        self.store.file_analysed(file, &tree(), &report(name, uses)).await.unwrap();
        file
    }

    pub(crate) async fn file(&self, name: &str) -> FileId {
        let version = ReleaseVersion::new("1.0");
        self.store.selected_file(&name.parse().unwrap(), &version).await.unwrap().unwrap()
    }
}

pub(crate) fn url(pool: &PgPool) -> String {
    use sqlx::ConnectOptions;
    pool.connect_options().to_url_lossy().to_string()
}

pub(crate) fn bytes(name: &str) -> Bytes {
    format!("the archive of {name}").into()
}

pub(crate) fn page(name: &str) -> ProjectPage {
    ProjectPage {
        name: name.parse().unwrap(),
        display_name: name.to_uppercase(),
        state: ProjectState::Listed,
        status_text: None,
        history: None,
        serial: Some(10),
        etag: Some("\"tag\"".to_owned()),
        releases: vec![release(name, "1.0")],
    }
}

/// The latest release, with an sdist that is selected and a wheel.
pub(crate) fn release(name: &str, version: &str) -> ReleaseRecord {
    ReleaseRecord {
        version: ReleaseVersion::new(version),
        prerelease: false,
        yanked: false,
        latest: true,
        requires_python: Some(">=3.9".to_owned()),
        uploaded_at: Some("2024-05-06T07:08:09.101112Z".parse().unwrap()),
        state: ReleaseState::Selected,
        reason: None,
        selected: Some(0),
        files: vec![sdist(name, version, &bytes(name)), wheel(name, version)],
    }
}

pub(crate) fn sdist(name: &str, version: &str, bytes: &[u8]) -> FileRecord {
    FileRecord {
        filename: format!("{name}-{version}.tar.gz"),
        url: format!("https://files.example/{name}-{version}.tar.gz"),
        sha256: Some(Sha256::of(bytes)),
        size: Some(1000),
        uploaded_at: None,
        yanked: None,
        kind: FileKind::Sdist,
    }
}

fn wheel(name: &str, version: &str) -> FileRecord {
    tagged_wheel(name, version, "cp311-abi3-manylinux_2_17_x86_64")
}

pub(crate) fn tagged_wheel(name: &str, version: &str, tags: &str) -> FileRecord {
    FileRecord {
        filename: format!("{name}-{version}-{tags}.whl"),
        kind: FileKind::Wheel(tags.to_owned()),
        ..sdist(name, version, b"a wheel")
    }
}

pub(crate) fn tree() -> SourceTree {
    SourceTree {
        files: vec![SourceFile { path: PATH.to_owned(), bytes: SOURCE.as_bytes().to_vec().into() }],
        ..SourceTree::default()
    }
}

/// An item used at these lines of the source. `Structure.member` is a member.
pub(crate) fn used(kind: Kind, item: &str, lines: &[u32]) -> Use {
    let (structure, name) = match item.split_once('.') {
        Some((structure, member)) => (Some(structure.to_owned()), member.to_owned()),
        None => (None, item.to_owned()),
    };
    Use {
        kind,
        name,
        structure,
        member_path: None,
        access: Accesses::default(),
        origin: Origin { class: OriginClass::Own, by: None },
        condition: Condition::always(),
        active: None,
        certainty: Certainty::Certain,
        sites: lines.iter().map(|line| Site { file: 0, line: *line, column: 1, expansions: 0 }).collect(),
    }
}

/// A report in which every member and l-value blocks every target; one without any use is undecided.
pub(crate) fn report(name: &str, uses: Vec<Use>) -> Report {
    let names = |member| {
        let of = |use_: &&Use| {
            if member { use_.kind == Kind::Member } else { use_.kind == Kind::Lvalue }
        };
        uses.iter().filter(of).map(Use::item).collect::<Vec<_>>()
    };
    let (blocking, blocking_members) = (names(false), names(true));
    let outcome = match (blocking.len() + blocking_members.len(), uses.len()) {
        (_, 0) => Outcome::Undecided,
        (0, _) => Outcome::NoBlocker,
        _ => Outcome::Blocked,
    };
    let undecided = Undecided { reason: "generated-at-build".to_owned(), count: 1 };
    let verdict = |target| Verdict {
        target,
        verdict: outcome,
        blocking: blocking.clone(),
        blocking_members: blocking_members.clone(),
        blocking_types: Vec::new(),
        undecided: if outcome == Outcome::Undecided { vec![undecided.clone()] } else { Vec::new() },
    };
    Report {
        schema_version: analyzer::SCHEMA_VERSION,
        analyzer_version: analyzer::ANALYZER_VERSION.to_owned(),
        capi_version: capi::DATA_VERSION.to_owned(),
        sdist: format!("{name}-1.0.tar.gz"),
        tree: TreeFacts { entries: 3, native_files: 1, native_bytes: SOURCE.len() as u64, ..TreeFacts::default() },
        tools: Vec::new(),
        declarations: Vec::new(),
        files: vec![PATH.to_owned()],
        contents: Vec::new(),
        verdicts: Target::all().map(verdict).collect(),
        floor: (outcome == Outcome::NoBlocker).then(|| Target::all().next().unwrap()),
        uses,
        unresolved: BTreeMap::from([("next".to_owned(), 2)]),
        structures: BTreeMap::new(),
        problems: Vec::new(),
    }
}
