//! What somebody could do with a token, and how risky it is.

use std::collections::BTreeMap;

use bearhug_core::{
    impact::{BlastRadius, Evidence, Impact},
    risk::Risk,
};
use serde::Serialize;

use crate::inspection::Private;

#[derive(Serialize)]
pub(super) struct EvidenceModel<'a> {
    words: &'a str,
    on: Vec<String>,
    part: Option<&'a str>,
    by: String,
}

impl<'a> EvidenceModel<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            words: &evidence.words,
            on: evidence.on.iter().map(ToString::to_string).collect(),
            part: evidence.part.as_deref(),
            by: evidence.by.to_string().replace('`', ""),
        }
    }
}

pub(super) fn impacts(radius: &BlastRadius) -> BTreeMap<&'static str, Vec<EvidenceModel<'_>>> {
    let all = Impact::ALL.into_iter().map(|impact| {
        let evidence = radius.evidence(impact).iter().map(EvidenceModel::of);
        (impact.name(), evidence.collect())
    });
    all.collect()
}

#[derive(Serialize)]
pub(super) struct RiskModel<'a> {
    score: u8,
    level: &'static str,
    parts: Vec<PartModel<'a>>,
}

#[derive(Serialize)]
struct PartModel<'a> {
    factor: &'static str,
    points: u8,
    of: u8,
    reason: &'a str,
}

impl<'a> RiskModel<'a> {
    pub(super) fn of(risk: &'a Risk) -> Self {
        let parts = risk.parts.iter().map(|part| PartModel {
            factor: part.factor.name(),
            points: part.points,
            of: part.limit,
            reason: &part.reason,
        });
        Self { score: risk.score(), level: risk.level().name(), parts: parts.collect() }
    }
}

#[derive(Serialize)]
pub(super) struct PrivateModel<'a> {
    names: &'a [String],
    complete: bool,
}

impl<'a> PrivateModel<'a> {
    pub(super) fn of(private: &'a Private) -> Self {
        Self { names: &private.names, complete: private.is_complete }
    }
}
