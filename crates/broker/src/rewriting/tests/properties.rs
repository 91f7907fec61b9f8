//! What holds of every answer.

use super::*;

/// Whatever a Hub puts the token into, in whatever form.
fn forms() -> impl Strategy<Value = String> {
    let basic = data_encoding::BASE64.encode(format!("user:{}", token()).as_bytes());
    prop_oneof![
        Just(token()),
        Just(format!("Bearer {}", token())),
        Just(format!("Basic {basic}")),
        Just(format!("https://user:{}@huggingface.co/x", token())),
        Just(format!("https://cdn.example/?t={}", token().replace('_', "%5F"))),
        "[ -~]{0,12}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        forms().prop_map(Value::from),
        Just(Value::from("https://huggingface.co/acme/m")),
    ];
    let names = prop_oneof![
        Just("objects".to_owned()),
        Just("actions".to_owned()),
        Just("upload".to_owned()),
        Just("verify".to_owned()),
        Just("href".to_owned()),
        Just("header".to_owned()),
        Just("Authorization".to_owned()),
        Just("00001".to_owned()),
        Just("url".to_owned()),
        forms(),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_brings_the_token_back(value in values(), is_batch: bool) {
        let operation = if is_batch { "large.batch" } else { "repo.commit" };
        let after = after_body(&context(Form::Lfs, operation), &value);
        let text = after.to_string();
        let basic = data_encoding::BASE64.encode(format!("user:{}", token()).as_bytes());
        for form in [token(), basic, token().replace('_', "%5F")] {
            prop_assert!(!text.contains(&form));
        }
    }

    #[test]
    fn escapes_hide_no_token(escaped in prop::collection::btree_set(0usize..37, 0..37)) {
        let text: String = token()
            .chars()
            .enumerate()
            .map(|(at, c)| if escaped.contains(&at) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() })
            .collect();
        let answer = format!("{{\"url\": \"{text}\", \"{text}\": 1}}");
        let after = body(&context(Form::Api, "repo.create"), answer.into_bytes());
        let stars = "*".repeat(37);
        let after: Value = serde_json::from_slice(&after.unwrap()).unwrap();
        prop_assert_eq!(after, json!({ "url": stars, stars: 1 }));
    }

    #[test]
    fn json_without_addresses_or_tokens_means_the_same_afterwards(
        value in prop::collection::btree_map("[a-z\"\\\\é]{1,6}", "[ -~é\\n]{0,20}", 0..6),
    ) {
        let value = json!(value);
        prop_assert_eq!(&after_body(&context(Form::Api, "repo.commit"), &value), &value);
        prop_assert_eq!(&after_body(&context(Form::Lfs, "large.batch"), &value), &value);
    }

    #[test]
    fn no_head_brings_the_token_back(
        form in forms(),
        name in prop_oneof![Just("location"), Just("link"), Just("x-xet-refresh-route"), Just("x-error-message"), Just("x-anything")],
        before in "[ -~]{0,10}",
        after in "[ -~]{0,10}",
    ) {
        let value = format!("{before}{form}{after}");
        let (headers, _) = after_head(&context(Form::Api, "repo.list"), 200, &[(name, &value)]);
        for value in headers.values() {
            let text = String::from_utf8_lossy(value.as_bytes());
            prop_assert!(!text.contains(&token()));
            prop_assert!(!text.contains(&token().replace('_', "%5F")));
        }
    }
}

#[test]
fn an_answer_of_no_status_in_particular_is_no_harm() {
    for status in [100_u16, 204, 304, 599] {
        let status = StatusCode::from_u16(status).unwrap().as_u16();
        let (_, treatment) = after_head(&context(Form::Content, "file.read"), status, &[]);
        assert!(matches!(treatment, Treatment::Pass | Treatment::Scrub));
    }
}
