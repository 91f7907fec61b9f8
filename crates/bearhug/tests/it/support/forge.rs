//! Tokens that nobody was issued. They are made when a test runs, so that no source file holds
//! anything of a token's shape.

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UPPER_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Draws values from a seed: the same ones every time.
pub(crate) struct Forge {
    state: u64,
}

/// A credential as it is planted.
pub(crate) struct Planted {
    /// The name that reports use for its kind.
    pub(crate) kind: &'static str,
    /// What is written into a file.
    pub(crate) text: String,
    /// The credential itself.
    pub(crate) value: String,
    /// The part of it that was drawn, none of which may be printed but the last four characters.
    pub(crate) secret: String,
}

impl Forge {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Splitmix64.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() % n as u64).unwrap()
    }

    fn text(&mut self, len: usize, alphabet: &[u8]) -> String {
        (0..len).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    pub(crate) fn letters(&mut self, len: usize) -> String {
        self.text(len, LETTERS)
    }

    /// A user access token.
    pub(crate) fn token(&mut self) -> String {
        format!("hf_{}", self.letters(34))
    }

    pub(crate) fn tokens(&mut self, n: usize) -> Vec<String> {
        (0..n).map(|_| self.token()).collect()
    }

    /// One credential of every kind.
    pub(crate) fn every_kind(&mut self) -> Vec<Planted> {
        let mut all = Vec::new();
        for (kind, prefix, len) in [
            ("user_token", "hf_", 34),
            ("org_token", "api_org_", 34),
            ("oauth_refresh_token", "hf_oauth__refresh_", 34),
            ("app_token", "hf_app_", 32),
            ("oauth_app_secret", "oauth_app_secret_", 34),
        ] {
            let body = self.letters(len);
            all.push(Planted::plain(kind, prefix, &body, body.clone()));
        }
        for (kind, prefix) in [
            ("oauth_access_token", "hf_oauth_"),
            ("trusted_publisher_token", "hf_jwt_"),
            ("s3_session_token", "hf_s3_"),
        ] {
            let signature = self.text(86, LETTERS_AND_DIGITS);
            // `{"alg":"EdDSA"}` and `{"sub":"60"}`.
            let body = format!("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI2MCJ9.{signature}");
            all.push(Planted::plain(kind, prefix, &body, signature));
        }
        let random = self.letters(34);
        let body = format!("{random}{}", base62_of_crc32(&random));
        all.push(Planted::plain("lease", "hf_lease", &body, body.clone()));
        let (id, secret) = (self.text(16, UPPER_AND_DIGITS), self.text(40, LETTERS_AND_DIGITS));
        all.push(Planted {
            kind: "s3_secret_key",
            text: format!("aws_access_key_id = HFAK{id}\naws_secret_access_key = {secret}"),
            value: secret.clone(),
            secret,
        });
        all
    }
}

impl Planted {
    fn plain(kind: &'static str, prefix: &str, body: &str, secret: String) -> Self {
        let value = format!("{prefix}{body}");
        Self { kind, text: format!("token = \"{value}\""), value, secret }
    }
}

/// The six base62 digits of the CRC-32 that zip and PNG use, worked out bit by bit.
fn base62_of_crc32(text: &str) -> String {
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let mut rest = !crc;
    let mut digits = [0; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.into_iter().map(char::from).collect()
}
