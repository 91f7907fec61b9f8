//! git and git-lfs, as they speak over HTTP.

use super::{Form, READ, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // Its query says for which of the two that follow.
    row("GET",  "/[{kind}/]{id}[.git]/info/refs",                  "git.refs",     Rule::Service),
    row("POST", "/[{kind}/]{id}[.git]/git-upload-pack",            "git.fetch",    READ),
    row("POST", "/[{kind}/]{id}[.git]/git-receive-pack",           "git.push",     Rule::Push),
    row("POST", "/[{kind}/]{id}[.git]/info/lfs/objects/batch",     "large.batch",  Rule::Body(Form::LargeFiles)),
    row("POST", "/[{kind}/]{id}[.git]/info/lfs/objects/verify",    "large.verify", Rule::WriteSome),
    row("GET",  "/[{kind}/]{id}[.git]/info/lfs/locks",             "large.locks",  READ),
    row("POST", "/[{kind}/]{id}[.git]/info/lfs/locks",             "large.lock",   Rule::WriteSome),
    row("POST", "/[{kind}/]{id}[.git]/info/lfs/locks/verify",      "large.locks",  Rule::WriteSome),
    row("POST", "/[{kind}/]{id}[.git]/info/lfs/locks/{lock}/unlock", "large.unlock", Rule::WriteSome),
];
