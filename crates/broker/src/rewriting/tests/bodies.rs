//! Bodies that are rewritten.

use super::*;

#[test]
fn addresses_of_what_was_made_are_at_the_broker() {
    for (operation, answer, member, expected) in [
        (
            "repo.create",
            json!({ "url": "https://huggingface.co/acme/m", "name": "acme/m" }),
            "url",
            "/acme/m",
        ),
        (
            "repo.create",
            json!({ "error": "You already created this", "url": "https://huggingface.co/datasets/a/d" }),
            "url",
            "/datasets/a/d",
        ),
        (
            "repo.commit",
            json!({ "commitUrl": "https://huggingface.co/acme/m/commit/0a", "commitOid": "0a" }),
            "commitUrl",
            "/acme/m/commit/0a",
        ),
        (
            "repo.commit",
            json!({ "pullRequestUrl": "https://huggingface.co/acme/m/discussions/1" }),
            "pullRequestUrl",
            "/acme/m/discussions/1",
        ),
        (
            "discussion.open",
            json!({ "url": "https://huggingface.co/acme/m/discussions/1", "num": 1 }),
            "url",
            "/acme/m/discussions/1",
        ),
        (
            "file.read",
            json!({ "hash": "a", "refreshUrl": "https://huggingface.co/api/models/acme/m/xet-read-token/0a" }),
            "refreshUrl",
            "/api/models/acme/m/xet-read-token/0a",
        ),
    ] {
        let after = after_body(&context(Form::Api, operation), &answer);
        let mut wanted = answer.clone();
        wanted[member] = format!("{BROKER}{expected}").into();
        assert_eq!(after, wanted, "{operation}");
    }
}

#[test]
fn what_people_write_stays_as_it_is() {
    let answer = json!({
        "title": "https://huggingface.co/acme/m",
        "cardData": { "url": "https://huggingface.co/acme/m", "text": "see https://huggingface.co" },
        "url": ["https://huggingface.co/a"],
    });
    assert_eq!(after_body(&context(Form::Api, "repo.commit"), &answer), answer);
}

#[test]
fn a_xet_token_says_the_same_in_headers_and_body() {
    let context = context(Form::Api, "xet.write");
    let headers = [
        ("content-type", "application/json"),
        ("x-xet-cas-url", "https://cas-server.xethub.hf.co"),
        ("x-xet-access-token", "xet_a.b.c"),
        ("x-xet-token-expiration", "1795522500"),
    ];
    let (after, treatment) = after_head(&context, 200, &headers);
    for (name, value) in headers {
        assert_eq!(after[name], value);
    }
    assert_eq!(treatment, Treatment::Scrub);
    let body = r#"{"casUrl":"https://cas-server.xethub.hf.co","accessToken":"xet_a.b.c","exp":1795522500}"#;
    let mut scrubbing = context.scrubbing();
    let mut passed = scrubbing.feed(body.as_bytes());
    passed.extend(scrubbing.finish());
    assert_eq!(passed, body.as_bytes());
}

/// What a Hub answers that gives the caller's credential back, as `crates/localhub` does.
fn upload(header: &Value, href: &str) -> Value {
    json!({
        "transfer": "basic",
        "objects": [{
            "oid": "9f", "size": 3, "authenticated": true,
            "actions": {
                "upload": { "href": href, "header": header, "expires_in": 3600 },
                "verify": {
                    "href": "https://huggingface.co/acme/m.git/info/lfs/objects/verify",
                    "header": { "Authorization": format!("Bearer {}", token()), "X-Other": "1" },
                },
            },
        }],
    })
}

#[test]
fn a_batch_sends_clients_to_the_broker_with_their_own_credential() {
    let store = "https://bucket.s3.example/9f?X-Amz-Date=20261124T120000Z&X-Amz-Expires=900";
    let context = context(Form::Lfs, "large.batch");
    let after = after_body(&context, &upload(&json!({}), store));
    let actions = &after["objects"][0]["actions"];
    assert_eq!(actions["upload"], json!({ "href": store, "expires_in": 3600 }));
    assert_eq!(
        actions["verify"],
        json!({
            "href": format!("{BROKER}/acme/m.git/info/lfs/objects/verify"),
            "header": { "Authorization": OWN, "X-Other": "1" },
        })
    );
}

#[test]
fn verifying_gets_a_credential_even_if_the_hub_gave_none() {
    let mut answer = upload(&json!({}), "https://bucket.s3.example/9f");
    answer["objects"][0]["actions"]["verify"] =
        json!({ "href": "https://huggingface.co/acme/m.git/info/lfs/objects/verify" });
    let after = after_body(&context(Form::Lfs, "large.batch"), &answer);
    let verify = &after["objects"][0]["actions"]["verify"];
    assert_eq!(verify["header"], json!({ "Authorization": OWN }));
}

#[test]
fn an_upload_in_parts_is_completed_with_a_pass() {
    let header = json!({
        "chunk_size": "5",
        "00001": "https://bucket.s3.example/9f?partNumber=1&Expires=1795525200",
        "00002": "https://bucket.s3.example/9f?partNumber=2&Expires=1795525200",
        "Authorization": format!("Bearer {}", token()),
    });
    let href = "https://huggingface.co/api/complete_multipart?uploadId=a%2Fb&signature=x[]";
    let context = context(Form::Lfs, "large.batch");
    let after = after_body(&context, &upload(&header, href));
    let action = &after["objects"][0]["actions"]["upload"];
    let path = action["href"].as_str().unwrap().strip_prefix(BROKER).unwrap();
    let pass = context.passes.open(path, context.at).expect("a pass");
    assert_eq!(pass.target, "/api/complete_multipart?uploadId=a%2Fb&signature=x[]");
    assert_eq!(pass.lease, context.lease);
    let mut wanted = header;
    wanted.as_object_mut().unwrap().remove("Authorization");
    assert_eq!(action["header"], wanted, "addresses of parts and their size stay");
}

#[test]
fn the_tokens_of_an_upload_by_xet_are_renewed_at_the_broker() {
    let header = json!({
        "x-xet-cas-url": "https://cas-server.xethub.hf.co",
        "x-xet-access-token": "xet_a.b.c",
        "x-xet-token-expiration": "1795522500",
        "x-xet-session-id": "s",
    });
    let href = "https://huggingface.co/api/models/acme/m/xet-write-token/main";
    let after = after_body(&context(Form::Lfs, "large.batch"), &upload(&header, href));
    let action = &after["objects"][0]["actions"]["upload"];
    assert_eq!(action["href"], format!("{BROKER}/api/models/acme/m/xet-write-token/main"));
    assert_eq!(action["header"]["x-xet-access-token"], "xet_a.b.c");
}

#[test]
fn a_batch_that_is_no_json_is_not_let_through() {
    let context = context(Form::Lfs, "large.batch");
    assert!(body(&context, b"<html>".to_vec()).is_err());
    let plain = body(&self::context(Form::Api, "repo.move"), b"OK".to_vec());
    assert_eq!(plain.unwrap(), b"OK");
}
