//! The address of the default package index, apart because it costs a hundred crates.

/// The Simple API of the public index that Python's installers use by default.
pub fn url() -> String {
    uv_distribution_types::PYPI_URL.to_string()
}
