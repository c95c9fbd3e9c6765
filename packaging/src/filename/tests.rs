use proptest::prelude::*;
use uv_distribution_filename::WheelFilename;

use super::*;

fn parse(project: &str, filename: &str) -> DistFile {
    DistFile::parse(&project.parse().unwrap(), filename)
}

fn sdist_of(project: &str, filename: &str) -> Option<(String, SdistFormat)> {
    match parse(project, filename) {
        DistFile::Sdist { version, format } => Some((version.to_string(), format)),
        _ => None,
    }
}

fn wheel_of(project: &str, filename: &str) -> Option<(String, String)> {
    match parse(project, filename) {
        DistFile::Wheel { version, tags } => Some((version.to_string(), tags.to_string())),
        _ => None,
    }
}

#[test]
fn every_ending_of_an_sdist_is_known() {
    use SdistFormat::{Tar, TarBz2, TarGz, TarXz, TarZ, Tgz, Zip};
    for (ending, format) in [
        ("tar.gz", TarGz),
        ("zip", Zip),
        ("ZIP", Zip),
        ("tgz", Tgz),
        ("tar.bz2", TarBz2),
        ("tbz", TarBz2),
        ("tar.xz", TarXz),
        ("tar.Z", TarZ),
        ("tar", Tar),
    ] {
        let found = sdist_of("demo", &format!("demo-1.2.{ending}"));
        assert_eq!(found, Some(("1.2".to_owned(), format)), "{ending}");
    }
}

#[test]
fn tar_gz_is_preferred_then_zip_then_the_rest() {
    use SdistFormat::{Tar, TarBz2, TarGz, TarXz, TarZ, Tgz, Zip};
    let mut formats = [Tar, TarZ, TarXz, TarBz2, Tgz, Zip, TarGz];
    formats.sort();
    assert_eq!(formats[..2], [TarGz, Zip]);
}

#[test]
fn names_of_old_uploads_end_where_the_projects_name_ends() {
    for (project, filename, version) in [
        ("markupsafe", "MarkupSafe-0.11.tar.gz", "0.11"),
        ("zope-interface", "zope.interface-3.0.tar.gz", "3.0"),
        ("python-levenshtein", "python-Levenshtein-0.12.tgz", "0.12"),
        ("zope-interface", "zope_interface-7.2.tar.gz", "7.2"),
        ("foo", "foo-1.0-1.tar.gz", "1.0-1"),
        ("foo-2", "foo-2-1.0.zip", "1.0"),
        ("foo", "foo-2-1.0.zip", "2-1.0"),
        ("pytz", "pytz-2004d.tar.gz", "2004d"),
        ("demo", "demo-0.1dev-r1716.tar.gz", "0.1dev-r1716"),
    ] {
        let found = sdist_of(project, filename).map(|(version, _)| version);
        assert_eq!(found.as_deref(), Some(version), "{filename}");
    }
}

#[test]
fn an_archive_of_a_renamed_project_is_read_by_its_version() {
    assert_eq!(sdist_of("pil", "Imaging-1.1.6.tar.gz").unwrap().0, "1.1.6");
    assert_eq!(sdist_of("new-name", "old-2-name-1.0.tar.gz").unwrap().0, "1.0");
    assert!(matches!(parse("pil", "Imaging.tar.gz"), DistFile::Other(_)));
    assert!(matches!(parse("demo", "demo-.tar.gz"), DistFile::Other(_)));
}

#[test]
fn built_archives_are_not_sdists() {
    for filename in ["demo-1.0.linux-x86_64.tar.gz", "demo-1.0.win32.zip", "demo-1.0.macosx-10.9-x86_64.tar.gz"] {
        assert_eq!(parse("demo", filename), DistFile::Other("a built archive (bdist_dumb)"), "{filename}");
    }
}

#[test]
fn other_files_are_told_with_a_reason() {
    for (filename, reason) in [
        ("coverage-3.7.1-py2.7.egg", "an egg"),
        ("coverage-3.7.1.win32-py2.7.exe", "a Windows installer"),
        ("coverage-3.7.1.win-amd64-py3.3.msi", "a Windows installer package"),
        ("coverage-3.7.1-1.noarch.rpm", "an RPM package"),
        ("coverage-3.7.1.dmg", "a macOS disk image"),
        ("python-coverage_3.7.1-1_all.deb", "a Debian package"),
        ("coverage-3.7.1.tar.gz.asc", "a signature"),
        ("coverage-3.7.1.jar", "a file of unknown type"),
        ("", "a file of unknown type"),
        ("é", "a file of unknown type"),
    ] {
        assert_eq!(parse("coverage", filename), DistFile::Other(reason), "{filename}");
    }
}

#[test]
fn wheels_keep_their_tags_even_those_nobody_knows() {
    for (project, filename, version, tags) in [
        ("six", "six-1.17.0-py2.py3-none-any.whl", "1.17.0", "py2.py3-none-any"),
        (
            "demo",
            "demo-1.0-cp315-abi3.abi3t-manylinux_2_28_x86_64.whl",
            "1.0",
            "cp315-abi3.abi3t-manylinux_2_28_x86_64",
        ),
        ("demo", "demo-1.0-xy9-future-moon.whl", "1.0", "xy9-future-moon"),
        ("demo", "demo-1.0-2local-py3-none-any.whl", "1.0", "py3-none-any"),
        ("zope-interface", "zope.interface-4.0-cp27-none-linux_i686.whl", "4.0", "cp27-none-linux_i686"),
        ("my-demo", "my-demo-1.0-py2-none-any.whl", "1.0", "py2-none-any"),
        ("demo", "demo-1.0_1-py2-none-any.whl", "1.0-1", "py2-none-any"),
        ("demo", "demo-0.1dev_r1716x-py2-none-any.whl", "0.1dev-r1716x", "py2-none-any"),
        ("renamed", "demo-1.0-py2-none-any.whl", "1.0", "py2-none-any"),
    ] {
        assert_eq!(wheel_of(project, filename), Some((version.to_owned(), tags.to_owned())), "{filename}");
    }
}

#[test]
fn a_wheel_with_parts_missing_is_recorded_as_malformed() {
    for filename in ["demo.whl", "demo-1.0.whl", "demo-py3-none-any.whl", "demo-1.0-py3--any.whl"] {
        assert_eq!(parse("demo", filename), DistFile::Other("a wheel with a malformed name"), "{filename}");
    }
}

#[test]
fn a_file_of_another_type_names_its_possible_versions_longest_first() {
    let candidates = |filename| {
        let versions = possible_versions(&"demo".parse().unwrap(), filename);
        versions.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(candidates("demo-3.7.1-py2.7.egg"), ["3.7.1", "3.7", "3"]);
    assert_eq!(candidates("demo-3.7.win32-py2.7.exe"), ["3.7", "3"]);
    assert_eq!(candidates("demo-3.7-1.noarch.rpm"), ["3.7-1", "3.7", "3"]);
    assert!(candidates("other-3.7-py2.7.egg").is_empty());
    assert!(candidates("demo.exe").is_empty());
}

proptest! {
    #[test]
    fn nothing_makes_reading_a_file_name_panic(filename in "\\PC{0,40}(\\.tar\\.gz|\\.whl|\\.zip)?") {
        let _ = parse("demo", &filename);
    }

    #[test]
    fn wheel_names_are_read_as_uv_reads_them(
        name in "[a-z]{1,5}(_[a-z0-9]{1,4}){0,2}",
        version in "[0-9]{1,2}(\\.[0-9]{1,2}){1,2}(rc1|\\.post2|\\+local)?",
        build in "(-[0-9]{1,2}[a-z]{0,2})?",
        tags in "(py3-none-any|cp311-abi3-win_amd64|cp313-cp313t-manylinux_2_17_x86_64)",
    ) {
        let filename = format!("{name}-{version}{build}-{tags}.whl");
        let theirs: WheelFilename = filename.parse().unwrap();
        let (ours, our_tags) = wheel_of(theirs.name.as_ref(), &filename).unwrap();
        prop_assert_eq!(&ours, &version);
        prop_assert!(ReleaseVersion::new(&ours).is_same_release(&ReleaseVersion::new(&theirs.version.to_string())));
        prop_assert_eq!(our_tags, tags);
    }

    #[test]
    fn sdists_of_any_spelling_are_read_back(
        name in "[A-Za-z]{1,5}([-_.]{1,2}[A-Za-z0-9]{1,4}){0,2}",
        version in "[0-9]{1,2}(\\.[0-9]{1,2}){1,2}(-1|rc1|dev-r9)?",
    ) {
        let found = sdist_of(&name, &format!("{name}-{version}.tar.gz"));
        prop_assert_eq!(found, Some((version, SdistFormat::TarGz)));
    }
}
