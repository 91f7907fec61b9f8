//! Which tokens of the ledger are meant: flags of a list, or a filter in words.

use bearhug_ledger::Filter;

use crate::{
    cli::{Filtering, criticality, state, verdict},
    error::CommandError,
    words,
};

/// The words that a filter is written with.
const KEYS: &str =
    "state, owner, env, tag, role, verdict, breach, criticality, min-risk, source, search";

/// What the flags say. None passes everything.
pub(crate) fn of(filtering: &Filtering) -> Result<Filter, CommandError> {
    let Filtering { state, owner, no_owner, env, tag, role, verdict, .. } = filtering.clone();
    let Filtering { breach, criticality, min_risk, source, search, .. } = filtering.clone();
    for text in [&owner, &env, &tag, &role, &breach, &source, &search].into_iter().flatten() {
        words::no_token_argument(text)?;
    }
    Ok(Filter {
        states: state.into_iter().collect(),
        owner: owner.or_else(|| no_owner.then(String::new)),
        environment: env,
        tag,
        role,
        verdict,
        breach,
        criticality,
        min_risk,
        source,
        text: search,
        ..Filter::default()
    })
}

/// What words such as `state=discovered owner= env=ci` say. `all` is every token.
pub(crate) fn parse(text: &str) -> Result<Filter, CommandError> {
    words::no_token_argument(text)?;
    if text.trim() == "all" {
        return Ok(Filter::default());
    }
    let mut filter = Filter::default();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let (key, value) = word.split_once('=').ok_or_else(|| wrong(word, "it has no `=`"))?;
        set(&mut filter, key, value).map_err(|why| wrong(word, &why))?;
        is_empty = false;
    }
    if is_empty {
        return Err(wrong(text, "it says nothing; `all` is every token"));
    }
    Ok(filter)
}

fn set(filter: &mut Filter, key: &str, value: &str) -> Result<(), String> {
    let text = || Some(value.to_owned());
    match key {
        "state" => {
            filter.states.insert(state(value)?);
        }
        "owner" => filter.owner = text(),
        "env" => filter.environment = text(),
        "tag" => filter.tag = text(),
        "role" => filter.role = text(),
        "verdict" => filter.verdict = Some(verdict(value)?),
        "breach" => filter.breach = text(),
        "criticality" => filter.criticality = Some(criticality(value)?),
        "min-risk" => {
            let risk = value.parse().ok().filter(|risk| *risk <= 100);
            filter.min_risk = Some(risk.ok_or("a risk is a number from 0 to 100")?);
        }
        "source" => filter.source = text(),
        "search" => filter.text = text(),
        _ => return Err(format!("the words are {KEYS}")),
    }
    Ok(())
}

fn wrong(word: &str, why: &str) -> CommandError {
    CommandError::new(format!("`{word}` is no filter: {why}"))
        .hint("write it as 'state=discovered env=ci'; `owner=` alone is nobody's")
        .usage()
}

#[cfg(test)]
mod tests {
    use bearhug_core::identity::State;

    use super::*;

    #[test]
    fn words_say_what_flags_say() {
        let filter = parse("state=discovered state=active owner= min-risk=50 env=ci").unwrap();
        let flags = Filtering {
            state: vec![State::Active, State::Discovered],
            no_owner: true,
            min_risk: Some(50),
            env: Some("ci".to_owned()),
            ..Filtering::default()
        };
        assert_eq!(filter, of(&flags).unwrap());
        assert_eq!(parse("all").unwrap(), Filter::default());
        for bad in ["", "x", "x=1", "state=x", "min-risk=101", "min-risk=x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
