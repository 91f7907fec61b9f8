//! The least token for a purpose.

use bearhug_core::{
    need::{Need, Permissions},
    rights::Answer,
};
use serde::Serialize;

use crate::inspection::Wanted;

#[derive(Serialize)]
pub(super) struct NeedModel<'a> {
    scope: Vec<String>,
    allowed: Vec<AnswerModel<'a>>,
    permissions: Vec<NeededModel<'a>>,
    can_read_gated: bool,
    impossible: Vec<String>,
    link: &'a str,
    partly_by_hand: bool,
    wider_than_asked: bool,
}

#[derive(Serialize)]
struct AnswerModel<'a> {
    scope: String,
    answer: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct NeededModel<'a> {
    on: String,
    permissions: Vec<&'a str>,
}

impl<'a> NeedModel<'a> {
    pub(super) fn of(wanted: &'a Wanted) -> Self {
        let answers = wanted.answers.iter().map(|(access, answer)| AnswerModel {
            scope: access.to_string(),
            answer: match answer {
                Answer::Yes(_) => "yes",
                Answer::No(_) => "no",
                Answer::Unknown(_) => "unknown",
            },
            reason: answer.reason(),
        });
        Self {
            scope: wanted.scope.iter().map(ToString::to_string).collect(),
            allowed: answers.collect(),
            permissions: needed(&wanted.need),
            can_read_gated: wanted.need.gated,
            impossible: wanted.need.impossible.iter().map(ToString::to_string).collect(),
            link: &wanted.link,
            partly_by_hand: wanted.need.is_partly_by_hand(),
            wider_than_asked: wanted.need.is_wider_than_asked(&wanted.scope),
        }
    }
}

fn needed(need: &Need) -> Vec<NeededModel<'_>> {
    let model = |on: String, permissions: &Permissions| NeededModel {
        on,
        permissions: permissions.iter().copied().collect(),
    };
    let own = [model("own".to_owned(), &need.own)];
    let orgs = need.orgs.iter().map(|(org, permissions)| model(format!("{org}/*"), permissions));
    let single =
        need.repositories.iter().map(|(on, permissions)| model(on.to_string(), permissions));
    let global = [model("everywhere".to_owned(), &need.global)];
    let all = own.into_iter().chain(orgs).chain(single).chain(global);
    all.filter(|needed| !needed.permissions.is_empty()).collect()
}
