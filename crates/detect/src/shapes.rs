//! The table of credential shapes: one row a kind.
//!
//! No shape has a published checksum or alphabet. The rows follow the Hub's own log redactor
//! (`hf_[A-Za-z0-9]{34}` and its neighbours in the hf-mcp-server sources) and, for what that does
//! not cover, the documentation that each row names.

use bearhug_core::{Kind, LEASE_PREFIX, lease_checksum};

use crate::body::Body;

/// What a credential of one kind looks like.
#[derive(Debug)]
pub struct Shape {
    /// The kind.
    pub kind: Kind,
    /// What every value starts with.
    pub prefix: &'static str,
    /// What follows the prefix.
    pub body: Body,
    /// Texts that resemble this kind and are not of it, in pieces to be joined. Examples of what is
    /// of it are made by [`generate`](Self::generate): a source file that holds one, ours included,
    /// holds what looks like a live credential.
    pub counter_examples: &'static [&'static [&'static str]],
}

/// Every shape. Where one prefix starts with another, the longer one comes first.
pub const SHAPES: &[Shape] = &[
    Shape {
        kind: Kind::OauthRefreshToken,
        prefix: "hf_oauth__refresh_",
        body: Body::Random(34),
        counter_examples: &[&["hf_oauth__refresh_", "QkRvTzLpWmXc"]],
    },
    Shape {
        kind: Kind::OauthAccessToken,
        prefix: "hf_oauth_",
        body: Body::Jwt,
        counter_examples: &[&["hf_oauth_", JWT_HEADER, ".", JWT_PAYLOAD], &["hf_oauth_login"]],
    },
    Shape {
        kind: Kind::TrustedPublisherToken,
        prefix: "hf_jwt_",
        body: Body::Jwt,
        counter_examples: &[&["hf_jwt_", "a.b.c"]],
    },
    Shape {
        kind: Kind::S3SessionToken,
        prefix: "hf_s3_",
        body: Body::Jwt,
        counter_examples: &[&["hf_s3_", "bucket.name.here"]],
    },
    Shape {
        kind: Kind::AppToken,
        prefix: "hf_app_",
        body: Body::Random(32),
        counter_examples: &[&["hf_app_", "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr"]],
    },
    Shape {
        kind: Kind::Lease,
        prefix: LEASE_PREFIX,
        body: Body::Lease,
        counter_examples: &[&[LEASE_PREFIX, "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr", "000000"]],
    },
    Shape {
        kind: Kind::UserToken,
        prefix: "hf_",
        body: Body::Random(34),
        counter_examples: &[
            &["hf_", "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZ"],
            &["hf_", "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZrA"],
            &["hf_hub_download"],
        ],
    },
    Shape {
        kind: Kind::OrgToken,
        prefix: "api_org_",
        body: Body::Random(34),
        counter_examples: &[&["api_org_", "QkRvTzLpWmXcJnYbGsHd"]],
    },
    Shape {
        kind: Kind::OauthAppSecret,
        prefix: "oauth_app_secret_",
        body: Body::Random(34),
        counter_examples: &[&["oauth_app_secret_", "name"]],
    },
    // The length of the id is not documented; AWS's are 20 characters, others up to 32.
    // https://huggingface.co/docs/hub/storage-buckets-s3
    Shape {
        kind: Kind::S3AccessKeyId,
        prefix: "HFAK",
        body: Body::KeyId,
        counter_examples: &[&["HFAK", "edata"], &["HFAK", "7Q2Z"]],
    },
];

const JWT_HEADER: &str = "eyJhbGciOiJFZERTQSJ9";
const JWT_PAYLOAD: &str = "eyJzY29wZSI6WyJvcGVuaWQiXSwic3ViIjoiNjAifQ";

impl Shape {
    /// The shape that `bytes` starts with, if any.
    pub(crate) fn starting(bytes: &[u8]) -> impl Iterator<Item = &'static Self> + use<'_> {
        SHAPES.iter().filter(move |shape| bytes.starts_with(shape.prefix.as_bytes()))
    }

    /// The shapes of which `bytes` ends with a value, among those of one length.
    pub(crate) fn ending(bytes: &[u8]) -> impl Iterator<Item = &'static Self> + use<'_> {
        SHAPES.iter().filter(move |shape| {
            let Body::Random(body) = shape.body else { return false };
            let start = bytes.len().checked_sub(shape.prefix.len() + body);
            start.is_some_and(|start| {
                let value = &bytes[start..];
                value.starts_with(shape.prefix.as_bytes())
                    && value[shape.prefix.len()..].iter().all(u8::is_ascii_alphanumeric)
            })
        })
    }

    /// A value of this shape made from a stream of random numbers. For tests and decoys.
    pub fn generate(&self, random: &mut dyn FnMut() -> u32) -> String {
        let mut text = |len: usize, alphabet: &[u8]| -> String {
            (0..len).map(|_| char::from(alphabet[random() as usize % alphabet.len()])).collect()
        };
        let body = match self.body {
            Body::Random(len) => text(len, LETTERS),
            Body::KeyId => text(16, UPPER_AND_DIGITS),
            Body::Jwt => format!("{JWT_HEADER}.{JWT_PAYLOAD}.{}", text(86, LETTERS)),
            Body::Lease => {
                let random = text(34, LETTERS);
                let checksum = lease_checksum(&random);
                random + &checksum
            }
        };
        format!("{}{body}", self.prefix)
    }
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const UPPER_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
