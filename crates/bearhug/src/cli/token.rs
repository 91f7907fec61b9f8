//! What can be typed about the tokens in the ledger.

use std::path::PathBuf;

use bearhug_core::{
    Verdict,
    identity::{Criticality, State},
};
use bearhug_ledger::Order;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{
    hub::{Dash, Which, parse_dash},
    import::Import,
    ledger::WhichLedger,
};

/// Tokens in the ledger: what there is, whose it is, and what to do about it
///
/// A token of the ledger is an identity: it keeps its name, its owner and its past when its value is
/// replaced. ID is its name `id_…` or the start of it, the fingerprint `fp_…` of any of its tokens, or what
/// it is called, as long as that means one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug scan . --record                          find tokens and keep them
  bearhug token list                               what needs doing, the most urgent first
  bearhug token show id_4xq7                       one of them: risk, owner, places, what to do
  bearhug token adopt id_4xq7 --owner ada          somebody answers for it")]
pub(crate) struct Token {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    List(Box<List>),
    Show(Show),
    Add(Add),
    Import(Import),
    Adopt(Adopt),
    Assign(Assign),
    Tag(Tag),
    Describe(Box<Describe>),
    Confirm(Confirm),
    Released(Released),
    Mark(Mark),
    Retire(Retire),
    History(Past),
}

/// List tokens, those that need something done first
///
/// What is revoked or retired and needs nothing is left out, unless `--all` or a filter asks for it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token list --no-owner --min-risk 50
  bearhug token list --env production --sort age --format csv -o tokens.csv
  bearhug token list --limit 100 --after CURSOR    the next page, as the one before says")]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) filtering: Filtering,
    /// Show those too that need nothing any more
    #[arg(long)]
    pub(crate) all: bool,
    /// What comes first
    #[arg(long, value_enum, value_name = "BY", default_value_t = Sort::Urgency)]
    pub(crate) sort: Sort,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// The page after the one that gave this
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// Which tokens are meant.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which tokens")]
pub(crate) struct Filtering {
    /// In this state (can be repeated)
    #[arg(long, value_name = "STATE", value_parser = state)]
    pub(crate) state: Vec<State>,
    /// That this person or team answers for
    #[arg(long, value_name = "NAME", conflicts_with = "no_owner")]
    pub(crate) owner: Option<String>,
    /// That nobody answers for
    #[arg(long)]
    pub(crate) no_owner: bool,
    /// Used in this environment
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// With this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// With this role on the Hub, such as write
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Of which the Hub said this
    #[arg(long, value_name = "VERDICT", value_parser = verdict)]
    pub(crate) verdict: Option<Verdict>,
    /// That break this rule of the policy; any, if none is named
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = "")]
    pub(crate) breach: Option<String>,
    /// At least this critical: low, normal or high
    #[arg(long, value_name = "LEVEL", value_parser = criticality)]
    pub(crate) criticality: Option<Criticality>,
    /// At least this risky, from 0 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_risk: Option<u8>,
    /// Seen in this: a repository, a folder, a machine, as `token show` names it
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    /// Whose name, account or fingerprint holds this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// What needs doing
    Urgency,
    /// The riskiest
    Risk,
    /// By name
    Name,
    /// By owner, those without first
    Owner,
    /// The oldest token
    Age,
    /// The longest unused
    LastUsed,
    /// The latest change
    Updated,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Urgency => Self::Urgency,
            Sort::Risk => Self::Risk,
            Sort::Name => Self::Name,
            Sort::Owner => Self::Owner,
            Sort::Age => Self::Age,
            Sort::LastUsed => Self::LastUsed,
            Sort::Updated => Self::Updated,
        }
    }
}

/// How a list or one of its rows is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is shown")]
pub(crate) struct Sheets {
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = SheetForm::Human)]
    pub(crate) format: SheetForm,
    /// Write it to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetForm {
    /// Words for a person
    Human,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// One row each, for spreadsheets
    Csv,
}

/// Show all that is known of a token
///
/// Its risk with the reasons, who answers for it or may do so, where it was seen, what the Hub lets it do,
/// what of the policy it breaks and how to mend that, and what happened to it last.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token show id_4xq7
  bearhug token show fp_n3g4p6t6dvaewwyzvcznr3thlu --format json
  bearhug token show old-ci -v                     every place and the last fifty events")]
pub(crate) struct Show {
    /// The token
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// Add a token by its value
///
/// The value comes by the standard input, the environment or a file, never as an argument, and is not
/// kept: the ledger knows its fingerprint and its last four characters.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  pass show ci/hugging-face | bearhug token add - --name ci --owner ada --verify
  bearhug token add --env HF_TOKEN --owner ml-platform --environment production
  pass show ci/new | bearhug token add - --replaces ci")]
pub(crate) struct Add {
    /// `-` reads the token from the standard input, which is also done if nothing else is said
    #[arg(value_name = "-", group = "from", value_parser = parse_dash)]
    pub(crate) dash: Option<Dash>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Where it is used, such as production or ci
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// It takes the place of the current token of this one
    #[arg(long, value_name = "ID", conflicts_with_all = ["name", "owner", "environment"])]
    pub(crate) replaces: Option<String>,
    /// Ask the Hub whose it is and what it may do
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Which tokens something is done to.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("chosen").required(true).multiple(false))]
pub(crate) struct Chosen {
    /// The tokens
    #[arg(value_name = "ID", group = "chosen")]
    pub(crate) ids: Vec<String>,
    /// All that match, as words such as `state=discovered source=https://… owner=ada tag=ci`, or `all`
    #[arg(long, value_name = "FILTER", group = "chosen")]
    pub(crate) all_matching: Option<String>,
    /// Do it to all that match without asking
    #[arg(short, long, requires = "all_matching")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Take tokens on: from now on somebody answers for them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token adopt id_4xq7 --owner ada --backup ml-platform
  bearhug token adopt --all-matching 'state=discovered env=ci' --owner ml-platform")]
pub(crate) struct Adopt {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Who answers for them
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    /// Who does when the owner cannot
    #[arg(long, value_name = "NAME")]
    pub(crate) backup: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// Say who answers for tokens
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("who").required(true).multiple(true),
    after_help = "\
Examples:
  bearhug token assign ci --owner bob --reason 'ada moved to research'
  bearhug token assign ci --no-backup"
)]
pub(crate) struct Assign {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Who answers for them
    #[arg(long, value_name = "NAME", group = "who")]
    pub(crate) owner: Option<String>,
    /// Who does when the owner cannot
    #[arg(long, value_name = "NAME", group = "who", conflicts_with = "no_backup")]
    pub(crate) backup: Option<String>,
    /// Nobody does when the owner cannot
    #[arg(long, group = "who")]
    pub(crate) no_backup: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// Add words to find tokens by, or take them away
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("tags").required(true).multiple(true),
    after_help = "\
Examples:
  bearhug token tag ci --add nightly --remove experiment"
)]
pub(crate) struct Tag {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Add this (can be repeated)
    #[arg(long, value_name = "TAG", group = "tags")]
    pub(crate) add: Vec<String>,
    /// Take this away (can be repeated)
    #[arg(long, value_name = "TAG", group = "tags")]
    pub(crate) remove: Vec<String>,
}

/// Say what tokens are for
///
/// An empty text takes away what was said before.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).multiple(true),
    after_help = "\
Examples:
  bearhug token describe ci --purpose 'uploads the nightly model' --environment ci
  bearhug token describe ci --criticality high --resource acme/model"
)]
pub(crate) struct Describe {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// What to call it
    #[arg(long, value_name = "NAME", group = "what", conflicts_with = "all_matching")]
    pub(crate) name: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", group = "what")]
    pub(crate) purpose: Option<String>,
    /// Where it is used, such as production or ci
    #[arg(long, value_name = "NAME", group = "what")]
    pub(crate) environment: Option<String>,
    /// How much depends on it: low, unknown, normal or high
    #[arg(long, value_name = "LEVEL", group = "what", value_parser = criticality)]
    pub(crate) criticality: Option<Criticality>,
    /// A model or dataset in production that depends on it (can be repeated)
    #[arg(long, value_name = "REPOSITORY", group = "what")]
    pub(crate) resource: Vec<String>,
    /// One that no longer does (can be repeated)
    #[arg(long, value_name = "REPOSITORY", group = "what")]
    pub(crate) no_resource: Vec<String>,
    /// Whatever else is worth knowing
    #[arg(long, value_name = "TEXT", group = "what")]
    pub(crate) note: Option<String>,
}

/// Confirm that tokens are still needed and rightly described
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token confirm ci
  bearhug token confirm --all-matching owner=ada")]
pub(crate) struct Confirm {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
}

/// Record that a release was made with tokens
///
/// From then on the rule `rotate-after-release` of the policy asks for a new value.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token released ci --reason 'acme/model 1.4'
  bearhug token released ci --at 2027-01-31")]
pub(crate) struct Released {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// On which day in UTC, such as 2027-01-31; just now if nothing is said
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<Date>,
    /// What was released
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// Move tokens on, or say what is wrong with them
///
/// Only a proof makes a token revoked: `bearhug revoke` brings one, and so does a census.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token mark ci --as active
  bearhug token mark ci --as compromised --reason 'posted in a public issue'
  bearhug token mark ci --as rotating")]
pub(crate) struct Mark {
    /// What they are from now on
    #[arg(long = "as", value_enum, value_name = "WHAT")]
    pub(crate) what: Brand,
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// What a token can be marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Brand {
    /// It works and is needed; or its rotation is called off
    Active,
    /// A new token is to take its place
    Rotating,
    /// Somebody else has it
    Compromised,
    /// Nobody else has it after all
    NotCompromised,
    /// Nobody uses it
    Dormant,
    /// Somebody uses it after all
    NotDormant,
}

/// Make tokens history that no longer work
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token retire ci --reason 'the job is gone'")]
pub(crate) struct Retire {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// Show what happened to a token, the latest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token history ci
  bearhug token history ci --format jsonl --limit 1000")]
pub(crate) struct Past {
    /// The token
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// At most so many events
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// The page after the one that gave this
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// The value of this name, or what the names are.
fn named<T: Copy>(text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|value| name(*value) == text);
    found.ok_or_else(|| {
        format!(
            "it is one of {}",
            all.iter().map(|value| name(*value)).collect::<Vec<_>>().join(", ")
        )
    })
}

pub(crate) fn state(text: &str) -> Result<State, String> {
    named(text, &State::ALL, State::name)
}

pub(crate) fn criticality(text: &str) -> Result<Criticality, String> {
    named(text, &Criticality::ALL, Criticality::name)
}

pub(crate) fn verdict(text: &str) -> Result<Verdict, String> {
    let all = [
        Verdict::Unverified,
        Verdict::Active,
        Verdict::Inactive,
        Verdict::Expired,
        Verdict::BlockedByOrg,
        Verdict::Unavailable,
    ];
    named(text, &all, Verdict::name)
}
