//! The least token for a purpose.

use std::io;

use bearhug_core::{
    need::{Need, Permissions},
    rights::Answer,
};

use crate::{inspection::Wanted, sanitize::visible, sheet::Sheet};

pub(super) fn need(sheet: &mut Sheet<'_>, wanted: &Wanted) -> io::Result<()> {
    sheet.labelled("need:", &visible(&wanted.scope.to_string()))?;
    for (access, answer) in &wanted.answers {
        let word = match answer {
            Answer::Yes(_) => "has it",
            Answer::No(_) => "lacks it",
            Answer::Unknown(_) => "not sure",
        };
        let head = format!("{word:8}  ");
        sheet.nested(1, &head, &visible(&format!("{access}: {}", answer.reason())))?;
    }
    let need = &wanted.need;
    sheet.labelled("give:", "a fine-grained token with these permissions, and no others")?;
    for (place, permissions) in places(need) {
        let names: Vec<_> = permissions.iter().copied().collect();
        sheet.nested(1, &format!("{place}: "), &names.join(", "))?;
    }
    if need.gated {
        sheet.nested(1, "", "read access to public gated repositories its owner was let into")?;
    }
    for access in &need.impossible {
        sheet.nested(1, "", &format!("no token of this account can have {access}"))?;
    }
    sheet.whole("make:", &wanted.link)?;
    if need.is_partly_by_hand() {
        let text = "The form opens with what a link can say. Add by hand what is on single repositories, \
                    or differs between organisations, from the list above.";
        sheet.labelled("", text)?;
    }
    if need.is_wider_than_asked(&wanted.scope) {
        let text = "repo.write also deletes repositories and changes their settings: the Hub has nothing \
                    narrower, unless the token creates the repositories that it writes; then its \
                    contributor permission is.";
        sheet.labelled("note:", text)?;
    }
    Ok(())
}

/// What is needed where.
fn places(need: &Need) -> Vec<(String, &Permissions)> {
    let own = [("all of the owner's own".to_owned(), &need.own)];
    let orgs = need.orgs.iter().map(|(org, permissions)| (format!("all of {org}"), permissions));
    let single = need.repositories.iter();
    let single = single.map(|(repository, permissions)| (repository.to_string(), permissions));
    let global = [("everywhere".to_owned(), &need.global)];
    let all = own.into_iter().chain(orgs).chain(single).chain(global);
    all.filter(|(_, permissions)| !permissions.is_empty()).collect()
}
