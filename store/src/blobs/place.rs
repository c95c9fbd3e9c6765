//! Where blobs are kept, as an operator says it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

/// Where blobs are kept: a folder of this machine, or a bucket of an S3 store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobPlace {
    /// A folder: a path, or `file:///path`.
    Folder(PathBuf),
    /// `s3://bucket` or `s3://bucket/prefix`. Endpoint, region and credentials come from the environment.
    S3(S3Address),
}

/// A bucket, and what stands before every key in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Address {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
}

/// The text is no place for blobs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no place for blobs: {why}; give a folder or s3://BUCKET/PREFIX")]
pub struct NotABlobPlace {
    text: String,
    why: &'static str,
}

impl FromStr for BlobPlace {
    type Err = NotABlobPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = |why| NotABlobPlace { text: text.to_owned(), why };
        if text.is_empty() {
            return Err(refused("it is empty"));
        }
        if !text.contains("://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        let url = Url::parse(text).map_err(|_| refused("it is not a URL"))?;
        if url.query().is_some() || url.fragment().is_some() || url.port().is_some() {
            return Err(refused("a URL of blobs has no port, no ? and no #"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            // Not repeated in the message: it may be a secret.
            return Err(NotABlobPlace {
                text: format!("{}://…", url.scheme()),
                why: "credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            });
        }
        match (url.scheme(), url.host_str()) {
            ("file", _) => {
                url.to_file_path().map(Self::Folder).map_err(|()| refused("it is not a path of this machine"))
            }
            ("s3", Some(bucket)) if !bucket.is_empty() => {
                let prefix = url.path().trim_matches('/').to_owned();
                Ok(Self::S3(S3Address { bucket: bucket.to_owned(), prefix }))
            }
            ("s3", _) => Err(refused("it names no bucket")),
            _ => Err(refused("only file and s3 URLs are known")),
        }
    }
}

impl fmt::Display for BlobPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::S3(S3Address { bucket, prefix }) if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3(S3Address { bucket, prefix }) => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s3(bucket: &str, prefix: &str) -> BlobPlace {
        BlobPlace::S3(S3Address { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }

    #[test]
    fn folders_and_buckets_are_told_apart() {
        for (text, place, shown) in [
            ("/var/blobs", BlobPlace::Folder("/var/blobs".into()), "/var/blobs"),
            ("blobs", BlobPlace::Folder("blobs".into()), "blobs"),
            ("file:///var/blobs", BlobPlace::Folder("/var/blobs".into()), "/var/blobs"),
            ("s3://survey", s3("survey", ""), "s3://survey"),
            ("s3://survey/a/b/", s3("survey", "a/b"), "s3://survey/a/b"),
        ] {
            let parsed: BlobPlace = text.parse().unwrap();
            assert_eq!(parsed, place);
            assert_eq!(parsed.to_string(), shown);
        }
    }

    #[test]
    fn what_is_neither_is_refused_with_the_way_out() {
        for text in ["", "https://bucket.example/x", "s3://", "s3://bucket:9000/x", "s3://bucket/x?y", "file://host/x"]
        {
            let refused = text.parse::<BlobPlace>().unwrap_err().to_string();
            assert!(refused.contains("s3://BUCKET/PREFIX"), "{refused}");
        }
    }

    #[test]
    fn credentials_in_a_url_are_refused_and_not_repeated() {
        let refused = "s3://id:hunter2@bucket/x".parse::<BlobPlace>().unwrap_err().to_string();
        assert!(refused.contains("AWS_ACCESS_KEY_ID") && !refused.contains("hunter2"), "{refused}");
    }
}
