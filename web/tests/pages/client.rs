//! One request, one answer.

use std::sync::{Arc, LazyLock};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use crate::world::World;

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// A header as text, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Fails with the page unless it says `words`. Markup between words does not matter.
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert!(self.prose().contains(words), "not said: {words:?} in\n{}", self.prose());
        self
    }

    /// As [`Reply::says`], with a space between the cells of tables.
    pub(crate) fn tells(&self, words: &str) -> &Self {
        let text =
            ["</td>", "</th>", "</dt>", "</dd>"].iter().fold(self.text.clone(), |text, end| text.replace(end, " <>"));
        let apart = Self { text, headers: self.headers.clone(), ..*self };
        assert!(apart.prose().contains(words), "not told: {words:?} in\n{}", apart.prose());
        self
    }

    /// The page without its tags, its white space folded.
    pub(crate) fn prose(&self) -> String {
        let mut prose = String::new();
        let mut inside = false;
        for c in self.text.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => prose.push(c),
                _ => {}
            }
        }
        prose.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Built once: nothing in it changes but by a test's own copy.
static SAMPLE: LazyLock<Arc<World>> = LazyLock::new(|| Arc::new(World::new()));

/// Asks a world of the test's own.
pub(crate) async fn ask(world: World, request: Request<Body>) -> Reply {
    answer(Arc::new(world), web::Config::default(), request).await
}

/// Asks a server that is set up in some way, over the sample world.
pub(crate) async fn ask_as(config: web::Config, request: Request<Body>) -> Reply {
    answer(Arc::clone(&SAMPLE), config, request).await
}

async fn answer(world: Arc<World>, config: web::Config, request: Request<Body>) -> Reply {
    let response = web::router_over(world, config).oneshot(request).await.expect("the router never fails");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 10_000_000).await.expect("a body");
    Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

/// A plain GET of the sample world.
pub(crate) async fn get(address: &str) -> Reply {
    ask_as(web::Config::default(), Request::get(address).body(Body::empty()).expect("a request")).await
}

/// A GET that must be answered with a page.
pub(crate) async fn page(address: &str) -> Reply {
    let reply = get(address).await;
    assert_eq!(reply.status, StatusCode::OK, "{address}");
    reply
}

/// Addresses of every kind of page.
pub(crate) const PAGES: [&str; 44] = [
    "/",
    "/?target=abi3t-3.15",
    "/projects",
    "/projects?verdict=blocked&sort=blockers",
    "/projects?q=zzz",
    "/structures",
    "/structures/PyTypeObject",
    "/unlock",
    "/trends",
    "/trends/stable-abi?scope=toolchain:cython",
    "/trends/series?of=structure:PyTypeObject",
    "/trends/changes?of=tagged:abi3&after=2024-01&until=2026-11",
    "/methodology",
    "/exports",
    "/reports",
    "/whatif",
    "/whatif?opaque=PyTypeObject&title=A%20title",
    "/projects/numpy",
    "/projects/numpy?target=abi3-3.2",
    "/projects/numpy/2.5.5",
    "/projects/numpy/0.9.1",
    "/projects/lxml",
    "/projects/lxml/changes",
    "/projects/six",
    "/projects/gevent",
    "/projects/cryptography",
    "/projects/tensorflow",
    "/projects/requests",
    "/projects/blacksheep",
    "/projects/no-such-thing",
    "/projects/hostile",
    "/projects/ruff-like?page=2",
    "/projects/numpy/2.5.5/uses",
    "/projects/simplejson/4.3.0/sites?item=PyUnicode_READ",
    "/projects/simplejson/4.3.0/source?path=simplejson%2F_speedups.c&line=510",
    "/items",
    "/items?kind=member&q=tp_",
    "/items/PyTuple_GET_ITEM",
    "/search?q=tuple",
    "/search/source",
    "/search/source?q=ob_type%5Cs*%3D&around=3",
    "/search/source?q=(",
    "/status",
    "/about",
];
