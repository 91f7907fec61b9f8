//! `bearhug owner`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    event::{EventKind, Happening},
    owner::{Owner, OwnerKind},
};
use bearhug_ledger::Changes;

use crate::{
    Exit,
    cli::{self, AddOwner, Alias, Global, OwnerCommand},
    config,
    error::CommandError,
    interrupt,
    ledger::Desk,
    words,
};

mod campaign;
mod holdings;
mod offboard;

pub(crate) fn run(arguments: &cli::Owner, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    match &arguments.command {
        OwnerCommand::Add(add) => self::add(add, global, &stop),
        OwnerCommand::Alias(alias) => self::alias(alias, global, &stop),
        OwnerCommand::List(list) => holdings::list(list, global, &stop),
        OwnerCommand::Show(show) => holdings::show(show, global, &stop),
        OwnerCommand::Offboard(offboard) => offboard::run(offboard, global, &stop),
        OwnerCommand::Campaign(campaign) => campaign::run(campaign, global, &stop),
    }
}

fn add(
    arguments: &AddOwner,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let name = checked_name(&arguments.name)?;
    let email = arguments.email.as_deref();
    email.map(|email| words::without_token(email, "`--email`")).transpose()?;
    let aliases = checked_aliases(&arguments.alias)?;
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    change(&desk, |known| {
        let mut owner = known.iter().find(|owner| owner.name == name).cloned().unwrap_or(Owner {
            name: name.to_owned(),
            revision: 0,
            kind: OwnerKind::Person,
            email: None,
            aliases: BTreeSet::new(),
            left_at: None,
        });
        if arguments.team {
            owner.kind = OwnerKind::Team;
        }
        owner.email = arguments.email.clone().or(owner.email);
        owner.aliases.extend(aliases.iter().cloned());
        // Who is added is here, also if they had left.
        owner.left_at = None;
        Ok(owner)
    })
}

fn alias(arguments: &Alias, global: &Global, stop: &Arc<AtomicBool>) -> Result<Exit, CommandError> {
    let aliases = checked_aliases(&arguments.aliases)?;
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    change(&desk, |known| {
        let mut owner = named(known, &arguments.name)?.clone();
        owner.aliases.extend(aliases.iter().cloned());
        owner.aliases.retain(|alias| !arguments.remove.contains(alias));
        Ok(owner)
    })
}

/// Changes one owner, and records what changed.
fn change(
    desk: &Desk,
    edit: impl Fn(&[Owner]) -> Result<Owner, CommandError>,
) -> Result<Exit, CommandError> {
    let owner = desk.ledger.change(|ledger| {
        let known = ledger.wait(ledger.store.owners())?;
        let owner = edit(&known)?;
        let before = known.iter().find(|other| other.name == owner.name);
        let mut changes = Changes::default();
        if before != Some(&owner) {
            taken(&known, &owner)?;
            changes.events.push(happened(desk, before, &owner));
            changes.owners.push(owner.clone());
        }
        Ok((changes, owner))
    })?;
    let aliases: Vec<_> = owner.aliases.iter().map(String::as_str).collect();
    let aliases = if aliases.is_empty() { "no alias".to_owned() } else { aliases.join(", ") };
    words::say(&format!("{}: {aliases}", owner.name));
    Ok(Exit::Clean)
}

/// Fails if somebody else is called the same.
fn taken(known: &[Owner], owner: &Owner) -> Result<(), CommandError> {
    let names = |owner: &Owner| -> BTreeSet<String> {
        let all = owner.aliases.iter().chain([&owner.name]).chain(&owner.email);
        all.map(|name| name.to_lowercase()).collect()
    };
    let own = names(owner);
    let others = known.iter().filter(|other| other.name != owner.name);
    for other in others {
        if let Some(name) = names(other).intersection(&own).next() {
            return Err(CommandError::new(format!("{} is called `{name}` already", other.name))
                .hint("take it away first, with `bearhug owner alias NAME --remove ALIAS`"));
        }
    }
    Ok(())
}

fn happened(desk: &Desk, before: Option<&Owner>, after: &Owner) -> Happening {
    let mut details = BTreeMap::from([("owner".to_owned(), after.name.clone())]);
    let mut tell = |key: &str, was: Option<String>, is: Option<String>| {
        if was != is {
            let word = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
            details.insert(key.to_owned(), format!("{} → {}", word(was), word(is)));
        }
    };
    let joined = |owner: &Owner| {
        let aliases: Vec<_> = owner.aliases.iter().map(String::as_str).collect();
        (!aliases.is_empty()).then(|| aliases.join(", "))
    };
    tell("email", before.and_then(|owner| owner.email.clone()), after.email.clone());
    tell("aliases", before.and_then(joined), joined(after));
    let kind = |owner: &Owner| match owner.kind {
        OwnerKind::Person => "person".to_owned(),
        OwnerKind::Team => "team".to_owned(),
    };
    tell("kind", before.map(kind), Some(kind(after)));
    let left = |owner: &Owner| owner.left_at.map(|at| at.to_string());
    tell("left", before.and_then(left), left(after));
    Happening {
        at: desk.now,
        kind: EventKind::Owner,
        actor: desk.author.name.clone(),
        identity: None,
        details,
    }
}

/// The owner of this name or alias.
fn named<'a>(known: &'a [Owner], name: &str) -> Result<&'a Owner, CommandError> {
    let by_name = known.iter().find(|owner| owner.name == name);
    let by_alias = || known.iter().find(|owner| owner.aliases.contains(name));
    by_name.or_else(by_alias).ok_or_else(|| {
        let names = known.iter().flat_map(|owner| owner.aliases.iter().chain([&owner.name]));
        let meant = config::nearest(name, names.map(String::as_str));
        let meant = meant.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        CommandError::new(format!("nobody in the ledger is called `{name}`{meant}"))
            .hint("`bearhug owner list` names them; `bearhug owner add NAME` adds somebody")
    })
}

/// Somebody who is to answer for something.
pub(crate) struct Meant {
    /// What they are called in the ledger.
    pub(crate) name: String,
    /// What is recorded of them if they are new there.
    newcomer: Option<(Owner, Happening)>,
}

impl Meant {
    /// Whether they enter the ledger by this.
    pub(crate) fn is_new(&self) -> bool {
        self.newcomer.is_some()
    }
}

/// Whom a person means: by name, by an alias, or as a suggestion has them, such as `Ada <ada@example.org>`.
/// Who left answers for nothing any more.
pub(crate) fn meant(desk: &Desk, text: &str) -> Result<Meant, CommandError> {
    let known = desk.ledger.wait(desk.ledger.store.owners())?;
    let is_called = |owner: &&Owner| owner.name == text || owner.aliases.contains(text);
    if let Some(owner) = known.iter().find(is_called) {
        return present(owner);
    }
    let new = newcomer(text)?;
    let is_same = |owner: &&Owner| {
        owner.name == new.name || (new.email.is_some() && owner.email == new.email)
    };
    if let Some(owner) = known.iter().find(is_same) {
        return present(owner);
    }
    let happening = happened(desk, None, &new);
    Ok(Meant { name: new.name.clone(), newcomer: Some((new, happening)) })
}

/// Somebody in the ledger, if they are still there.
fn present(owner: &Owner) -> Result<Meant, CommandError> {
    let name = owner.name.clone();
    let Some(day) = left(owner) else { return Ok(Meant { name, newcomer: None }) };
    Err(CommandError::new(format!("{name} left on {day}"))
        .hint("name somebody who is there; `bearhug owner add NAME` takes who came back"))
}

/// The day on which somebody left.
fn left(owner: &Owner) -> Option<String> {
    owner.left_at.map(|at| at.strftime("%Y-%m-%d").to_string())
}

/// Those who are new, each once.
pub(crate) fn newcomers<'a>(meant: impl IntoIterator<Item = &'a Meant>) -> Vec<(Owner, Happening)> {
    let new = meant.into_iter().filter_map(|meant| meant.newcomer.clone());
    let by_name: BTreeMap<_, _> = new.map(|new| (new.0.name.clone(), new)).collect();
    by_name.into_values().collect()
}

/// Somebody as they would enter the ledger.
fn newcomer(text: &str) -> Result<Owner, CommandError> {
    let (name, alias, email) = match text.strip_suffix('>').and_then(|it| it.rsplit_once(" <")) {
        Some((alias, email)) => {
            let local = email.split('@').next().unwrap_or_default();
            (local, Some(alias), Some(email))
        }
        None => (text, None, None),
    };
    for text in alias.into_iter().chain(email) {
        words::without_token(text, "the name")?;
    }
    Ok(Owner {
        name: checked_name(name)?.to_owned(),
        revision: 0,
        // CODEOWNERS names a team by its organisation.
        kind: if name.contains('/') { OwnerKind::Team } else { OwnerKind::Person },
        email: email.map(str::to_owned),
        aliases: alias.map(str::to_owned).into_iter().collect(),
        left_at: None,
    })
}

/// A name that can be typed again, and that no list breaks at.
fn checked_name(name: &str) -> Result<&str, CommandError> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.@/+".contains(c);
    if name.is_empty() || name.chars().count() > 64 || !name.chars().all(is_plain) {
        return Err(CommandError::new("an owner's name is up to 64 letters, digits and -_.@/+")
            .hint("give a short name; `bearhug owner add NAME --alias …` takes what else they are called")
            .usage());
    }
    words::without_token(name, "the name")
}

fn checked_aliases(aliases: &[String]) -> Result<Vec<String>, CommandError> {
    aliases.iter().map(|alias| words::without_token(alias, "an alias").map(str::to_owned)).collect()
}
