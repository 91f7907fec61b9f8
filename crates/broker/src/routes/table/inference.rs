//! Inference, at a path of the broker's own, since clients do not find the router by the Hub's address.
//!
//! What follows `/.bearhug/inference` is the path at `https://router.huggingface.co`. Its providers have
//! paths and bodies of their own, which are not lent: the first ones here are alike for all of them.

use super::{Action, Form, Row, Rule, row};

const CALL: Rule = Rule::Body(Form::Inference);

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",  "/.bearhug/inference/v1/models",           "infer.models", Rule::All(Action::Infer)),
    row("POST", "/.bearhug/inference/v1/chat/completions", "infer",        CALL),
    row("POST", "/.bearhug/inference/v1/completions",      "infer",        CALL),
    row("POST", "/.bearhug/inference/v1/responses",        "infer",        CALL),
    row("POST", "/.bearhug/inference/v1/embeddings",       "infer",        CALL),
];

/// Hugging Face's own provider, whose path names the model.
#[rustfmt::skip]
pub(super) const MODELS: &[Row] = &[
    row("POST", "/.bearhug/inference/hf-inference/models/{id}",                     "infer", Rule::Model),
    row("POST", "/.bearhug/inference/hf-inference/models/{id}/pipeline/{task}",     "infer", Rule::Model),
    row("POST", "/.bearhug/inference/hf-inference/models/{id}/v1/chat/completions", "infer", Rule::Model),
];
