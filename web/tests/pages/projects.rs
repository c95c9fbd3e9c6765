//! From a project to its lines.

use axum::http::StatusCode;

use crate::client::{get, page};

#[tokio::test]
async fn a_blocked_project_says_by_what_and_leads_to_the_lines() {
    let reply = page("/projects/simplejson").await;
    reply
        .says("simplejson 4.3.0")
        .says("abi3 ▲ blocked in every target up to abi3-3.15")
        .says("What stands in the way of abi3-3.11");
    assert!(reply.text.contains("/projects/simplejson/4.3.0/sites?item=PyUnicode_READ\""), "sites of a blocker");
    assert!(reply.text.contains("/items/PyUnicode_READ\""), "who else uses it");
    reply.says("ffe34ab51a0d37e6d1c661a5672df00d2d5e18804e38eac07abffb83fa5ec3d7");

    let sites = page("/projects/simplejson/4.3.0/sites?item=PyUnicode_READ").await;
    sites.says("21 places").says("value = PyUnicode_READ(op);");
    assert!(sites.text.contains("/source?path=simplejson%2F_speedups.c&#38;line=933"), "{}", sites.text);
}

#[tokio::test]
async fn source_is_seven_lines_at_most_with_the_archives_hash() {
    let reply = page("/projects/simplejson/4.3.0/source?path=simplejson%2F_speedups.c&line=510").await;
    assert_eq!(reply.text.matches("class=\"ln\"").count(), 7);
    reply.says("507").says("513").says("SHA-256 ffe34ab5");
    let missing = get("/projects/simplejson/4.3.0/source?path=x.c&line=200000").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn verdicts_differ_by_target() {
    page("/projects/cryptography")
        .await
        .says("● no blocker found from abi3-3.8 on, in every later target")
        .says("No blocker was found in the code for this target");
    page("/projects/cryptography?target=abi3-3.7").await.says("What stands in the way of abi3-3.7: ▲ blocked");
}

#[tokio::test]
async fn what_has_no_verdict_says_what_is_known_why_not_more_and_what_to_do() {
    for (name, known, why, next) in [
        ("tensorflow", "It has wheels, but no sdist.", "7 wheels, no sdist", "a local folder can be scanned offline"),
        ("requests", "All its wheels are pure Python by their tags.", "would be missed", "--all"),
        (
            "blacksheep",
            "the archive is damaged or encrypted",
            "gzip: the checksum is wrong after 35 entries",
            "a sound sdist",
        ),
        ("grpcio", "Its sdist is waiting to be fetched.", "not its turn", "changes by itself"),
        ("no-such-thing", "PyPI does not know this name.", "404 from the index", "Check the spelling"),
    ] {
        page(&format!("/projects/{name}")).await.says(known).says(why).says(next);
    }
}

#[tokio::test]
async fn an_sdist_without_a_report_is_named_with_its_hash() {
    page("/projects/blacksheep").await.says("blacksheep-2.4.2.tar.gz").says(&"a7".repeat(32));
}

#[tokio::test]
async fn undecided_pure_and_tool_blocked_projects_say_why() {
    page("/projects/lxml").await.says("○ undecided").says("C code that is generated at build time");
    page("/projects/six").await.says("– pure").says("holds no native source");
    page("/projects/gevent").await.says("◆ tool blocks").tells("cython 3.0.12 ◆ blocks Cython 3.1 or later");
}

#[tokio::test]
async fn names_that_are_not_normal_are_redirected_for_good() {
    for (address, to) in [
        ("/projects/NumPy", "/projects/numpy"),
        ("/projects/Py__YAML?target=abi3-3.9", "/projects/py-yaml?target=abi3-3.9"),
        ("/projects/NumPy/2.5.5", "/projects/numpy/2.5.5"),
    ] {
        let reply = get(address).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::MOVED_PERMANENTLY, to));
    }
}

#[tokio::test]
async fn releases_come_fifty_at_a_time() {
    let first = page("/projects/ruff-like").await;
    first.says("Rows 1 to 50 of 201");
    assert!(first.text.contains("href=\"/projects/ruff-like?page=2\" rel=\"next\""));
    page("/projects/ruff-like?page=5").await.says("Rows 201 to 201 of 201");
}

#[tokio::test]
async fn a_release_that_was_not_read_says_so_and_points_to_the_one_that_was() {
    page("/projects/numpy/0.9.1")
        .await
        .says("left out by policy")
        .says("The release that stands for the project is 2.5.5.");
}

#[tokio::test]
async fn an_exact_name_goes_straight_to_its_page() {
    for (text, to) in
        [("numpy", "/projects/numpy"), ("NumPy", "/projects/numpy"), ("PyTuple_GET_ITEM", "/items/PyTuple_GET_ITEM")]
    {
        let reply = get(&format!("/search?q={text}")).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, to));
    }
    page("/search?q=tuple").await.says("with “tuple” in the name").says("PyTuple_GET_SIZE");
    page("/search?q=zzz").await.says("Nothing in the survey has “zzz” in its name.");
}

#[tokio::test]
async fn what_is_declared_stands_beside_the_verdict_and_contradictions_say_what_to_write() {
    let reply = page("/projects/bcrypt").await;
    reply
        .says("abi3 from 3.9: tagged; not compiled, not named")
        .says("What does not fit together")
        .says("macro-missing");
    assert!(reply.text.contains("/projects/bcrypt/5.0.0/source?path=pyproject.toml&#38;line=2\""), "{}", reply.text);
    reply.says("What its files say about the stable ABI 1 statements");
    page("/projects/simplejson").await.says("no stable ABI");
}

#[tokio::test]
async fn a_verdict_says_how_sure_it_is() {
    page("/projects/simplejson").await.says("Certain: each is seen in code that is compiled.");
    page("/projects/cryptography").await.says("As far as the sources tell; it is not a promise that it builds.");
    page("/projects/gevent").await.says("Certain as long as this tool makes the code.");
}

#[tokio::test]
async fn blockers_come_with_a_line_and_what_there_is_instead_and_since_when() {
    let reply = page("/projects/simplejson").await;
    reply.says("simplejson/_speedups.c:933 value = PyUnicode_READ(op);").says("PyUnicode_ReadChar limited since 3.3");
    assert!(!reply.text.contains("<b>not markup</b>"));
}

#[tokio::test]
async fn switching_to_abi3_is_told_in_wheels() {
    page("/projects/simplejson")
        .await
        .says("With abi3 from Python 3.11 on there would be 6 instead of 18 wheels.")
        .says("What stands in the way of it has to go first.")
        .says("The minimum becomes Python 3.11: 3.10 would get no wheel, unless theirs are built beside it.")
        .says("3 wheels stay as they are")
        .tells("macOS arm64 cp310 cp311 cp312 cp313 cp313t cp314 cp311-abi3 cp313t");
    page("/projects/cryptography")
        .await
        .says("4 of 8 wheels abi3: cp311-abi3, cp38-abi3")
        .says("It ships abi3 wheels for Python 3.8 and later beside others");
    assert!(!page("/projects/tensorflow").await.text.contains("id=\"switching\""));
}

#[tokio::test]
async fn the_way_to_abi3t_is_a_list_with_what_to_write() {
    let reply = page("/projects/simplejson").await;
    reply.says("▲to do Static types: 2 static typesmake a heap type with PyType_FromModuleAndSpec");
    assert!(reply.text.contains("/projects/simplejson/4.3.0/uses?kind=static-type\""));
    assert!(!page("/projects/cryptography").await.text.contains("id=\"abi3t\""), "Rust has none of it");
}

#[tokio::test]
async fn structures_are_touched_directly_and_through_macros() {
    let reply = page("/projects/numpy").await;
    reply.says("In the way of opaque structures").tells("PyFrameObject 0 0");
    assert!(reply.text.contains("sites?item=PyTypeObject.tp_name\""), "{}", reply.text);
    assert!(reply.text.contains("sites?item=Py_INCREF\""), "{}", reply.text);
}

#[tokio::test]
async fn the_history_tells_when_wheels_of_the_stable_abi_came_and_went() {
    page("/projects/cryptography")
        .await
        .says("taken up in 42.0.0 (2022-03-01), given up in 43.0.0 (2023-03-01), taken up again in 44.0.0 (2024-03-01)")
        .says("1 of 7 releases here was read by the survey.")
        .says("43.0.0 (2023-03-01): not selected; 12 wheels");
    page("/projects/numpy").await.says("None of its 2 releases with wheels has one of the stable ABI.");
}

#[tokio::test]
async fn whoever_finds_an_error_is_told_what_to_report() {
    page("/projects/simplejson").await.says("Is something wrong?").says("abiscope scan simplejson-4.3.0.tar.gz");
}
