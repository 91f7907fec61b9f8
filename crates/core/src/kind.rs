//! What sorts of Hugging Face credential there are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sort of credential.
///
/// The shapes are documented where they are matched, in `bearhug-detect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A user access token or a service-account token: both are `hf_` and 34 characters.
    UserToken,
    /// An organisation API token. The Hub stopped honouring them in May 2024
    /// (<https://huggingface.co/blog/space-secrets-disclosure>).
    OrgToken,
    /// An OAuth access token: `hf_oauth_` and a JWT.
    OauthAccessToken,
    /// An OAuth refresh token: `hf_oauth__refresh_` and 34 characters.
    OauthRefreshToken,
    /// A trusted publisher's token for one repository: `hf_jwt_` and a JWT
    /// (<https://huggingface.co/docs/hub/trusted-publishers>).
    TrustedPublisherToken,
    /// An S3 session credential: `hf_s3_` and a JWT.
    S3SessionToken,
    /// An application's own token: `hf_app_` and 32 characters.
    AppToken,
    /// The secret of an OAuth application: `oauth_app_secret_` and 34 characters.
    OauthAppSecret,
    /// The secret half of an S3 key pair whose id starts with `HFAK`
    /// (<https://huggingface.co/docs/hub/storage-buckets-s3>).
    S3SecretKey,
    /// An S3 access key id, `HFAK…`, without its secret: public, but it points at one.
    S3AccessKeyId,
    /// One of bearhug's own leases: short-lived, and verifiable offline by its checksum.
    Lease,
}

impl Kind {
    /// Every kind, in the order in which reports list them.
    pub const ALL: [Self; 11] = [
        Self::UserToken,
        Self::OrgToken,
        Self::OauthAccessToken,
        Self::OauthRefreshToken,
        Self::TrustedPublisherToken,
        Self::S3SessionToken,
        Self::AppToken,
        Self::OauthAppSecret,
        Self::S3SecretKey,
        Self::S3AccessKeyId,
        Self::Lease,
    ];

    /// The name that machine-readable output uses. It never changes once released.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserToken => "user_token",
            Self::OrgToken => "org_token",
            Self::OauthAccessToken => "oauth_access_token",
            Self::OauthRefreshToken => "oauth_refresh_token",
            Self::TrustedPublisherToken => "trusted_publisher_token",
            Self::S3SessionToken => "s3_session_token",
            Self::AppToken => "app_token",
            Self::OauthAppSecret => "oauth_app_secret",
            Self::S3SecretKey => "s3_secret_key",
            Self::S3AccessKeyId => "s3_access_key_id",
            Self::Lease => "lease",
        }
    }

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::UserToken => "user access token",
            Self::OrgToken => "organisation API token",
            Self::OauthAccessToken => "OAuth access token",
            Self::OauthRefreshToken => "OAuth refresh token",
            Self::TrustedPublisherToken => "trusted publisher token",
            Self::S3SessionToken => "S3 session token",
            Self::AppToken => "app token",
            Self::OauthAppSecret => "OAuth app secret",
            Self::S3SecretKey => "S3 secret access key",
            Self::S3AccessKeyId => "S3 access key id",
            Self::Lease => "bearhug lease",
        }
    }

    /// Why whoami-v2 cannot say anything about a credential of this sort, where it cannot: a sentence
    /// without a full stop. The Hub turns such a value down whether it is alive or dead, so its answer
    /// must not be taken for an end.
    pub fn unknown_to_whoami(self) -> Option<&'static str> {
        match self {
            Self::OauthRefreshToken => Some(
                "A refresh token renews access and has none by itself: the Hub cannot be asked about it",
            ),
            Self::OauthAppSecret => Some(
                "An application's secret speaks for no account: the Hub cannot be asked about it",
            ),
            Self::S3SessionToken | Self::S3SecretKey | Self::S3AccessKeyId => {
                Some("The S3 gateway takes it, and not the Hub, which cannot be asked about it")
            }
            // A lease is known to the broker that lent it, which answers as the Hub does.
            Self::UserToken
            | Self::OrgToken
            | Self::OauthAccessToken
            | Self::TrustedPublisherToken
            | Self::AppToken
            | Self::Lease => None,
        }
    }

    /// The characters that a redacted value keeps in front, empty where the value has no prefix.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::UserToken => "hf_",
            Self::OrgToken => "api_org_",
            Self::OauthAccessToken => "hf_oauth_",
            Self::OauthRefreshToken => "hf_oauth__refresh_",
            Self::TrustedPublisherToken => "hf_jwt_",
            Self::S3SessionToken => "hf_s3_",
            Self::AppToken => "hf_app_",
            Self::OauthAppSecret => "oauth_app_secret_",
            Self::S3SecretKey => "",
            Self::S3AccessKeyId => "HFAK",
            Self::Lease => crate::LEASE_PREFIX,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
