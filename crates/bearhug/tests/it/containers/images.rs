//! Images, as umoci and skopeo write them, and as the specifications say that Docker does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Value, json};

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint, python, skopeo};

/// The places of every token, as the steps to it.
pub(super) type Places = BTreeMap<String, BTreeSet<String>>;

pub(super) fn places(outcome: &Outcome) -> Places {
    let mut places = Places::new();
    for finding in outcome.findings() {
        let name = finding["fingerprint"].as_str().unwrap().to_owned();
        for sighting in finding["sightings"].as_array().unwrap() {
            let steps = sighting["origin"].as_array().unwrap();
            let steps: Vec<_> = steps.iter().map(|step| step.as_str().unwrap()).collect();
            places.entry(name.clone()).or_default().insert(steps.join(" › "));
        }
    }
    places
}

/// Every token in one place, which starts with `within`.
fn expected<'a>(within: &str, places: impl IntoIterator<Item = (&'a String, &'a str)>) -> Places {
    let place = |(token, place): (&'a String, &'a str)| {
        (fingerprint(token), BTreeSet::from([format!("{within} › {place}")]))
    };
    places.into_iter().map(place).collect()
}

/// Has an image written by `images.py`, and returns what that says.
pub(super) fn write(env: &TestEnvironment, kind: &str, file: &str, image: &Value) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/containers/images.py");
    let mut command = env.command(python());
    command.args(["-B", script, kind, file]);
    Outcome::fed(command, image.to_string().as_bytes()).exits(0).stdout()
}

/// An image with a token in each place that a person puts one.
pub(super) fn asked(tokens: &[String]) -> Value {
    json!({
        "layers": [
            {"etc/os-release": "Debian"},
            {"app/.env": tokens[0]},
            {"root/.cache/huggingface/token": tokens[1], "app/.wh..env": ""},
        ],
        "config": {
            "Env": ["PATH=/bin", format!("HF_TOKEN={}", tokens[2])],
            "Cmd": ["serve", "--token", tokens[3]],
            "Labels": {"maintainer": format!("ask {}", tokens[4])},
        },
        "history": [{"created_by": "FROM scratch"}, {"created_by": format!("RUN login {}", tokens[5])}],
        "tags": ["acme/app:1.0"],
    })
}

pub(super) const PLACES: [&str; 6] = [
    "image:layer 2 › tar:app/.env",
    "image:layer 3 › tar:root/.cache/huggingface/token",
    "image:config › image:environment HF_TOKEN",
    "image:config › image:cmd",
    "image:config › image:label maintainer",
    "image:config › image:history 2",
];

/// A layout by tar and umoci with the tokens in the same places as `asked`, and another image that
/// shares a layer.
fn layout(env: &TestEnvironment, tokens: &[String]) {
    env.write("1/etc/os-release", "Debian");
    env.write("2/app/.env", &tokens[0]);
    env.write(Path::new("3").join("root/.cache/huggingface/token"), &tokens[1]);
    env.write("3/app/.wh..env", "");
    let run = |program: &str, arguments: &[&str]| {
        let mut command = env.command(program);
        command.args(arguments);
        Outcome::of(command).exits(0);
    };
    for (layer, folders) in [("1", &["etc"][..]), ("2", &["app"]), ("3", &["root", "app"])] {
        let archive = format!("{layer}.tar");
        run("tar", &[&["-cf", &archive, "-C", layer], folders].concat());
    }
    run("umoci", &["init", "--layout", "layout"]);
    for (image, layers) in
        [("layout:other", &["2.tar"][..]), ("layout:app", &["1.tar", "2.tar", "3.tar"])]
    {
        run("umoci", &["new", "--image", image]);
        for layer in layers {
            run("umoci", &["raw", "add-layer", "--image", image, layer]);
        }
    }
    let variable = format!("HF_TOKEN={}", tokens[2]);
    let label = format!("maintainer={}", tokens[4]);
    let mut config = vec!["config", "--image", "layout:app", "--config.env", &variable];
    config.extend(["--config.label", &label, "--config.cmd", "serve", "--config.cmd", &tokens[3]]);
    config.extend(["--history.created_by", &tokens[5]]);
    run("umoci", &config);
}

fn copy(env: &TestEnvironment, from: &str, to: &str, options: &[&str]) {
    let mut command = env.command(skopeo());
    command.args(["--insecure-policy", "copy", "--quiet"]).args(options).args([from, to]);
    Outcome::of(command).exits(0);
}

fn scan(env: &TestEnvironment, target: &str) -> Outcome {
    env.run(["scan", "--format", "jsonl", target]).exits(3)
}

#[test]
fn what_docker_saves_is_told_by_layer() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(41).tokens(6);
    for kind in ["legacy", "current"] {
        write(&env, kind, "image.tar", &asked(&tokens));
        let outcome = scan(&env, "image.tar");
        assert_eq!(
            places(&outcome),
            expected("file:image.tar", tokens.iter().zip(PLACES)),
            "{kind}"
        );
        assert!(outcome.gaps().is_empty(), "{outcome}");
        for target in ["docker-archive:image.tar", "docker-archive:image.tar:acme/app:1.0"] {
            assert_eq!(places(&scan(&env, target)), places(&outcome), "{kind}");
        }
    }
}

/// What is too large to be held is read as it streams by.
#[test]
fn a_large_image_is_told_by_layer() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(56).tokens(6);
    let mut image = asked(&tokens);
    for layer in [0, 1] {
        image["layers"][layer]["aaa/weights"] = "x\n".repeat(5 << 20).into();
    }
    for kind in ["legacy", "current"] {
        write(&env, kind, "image.tar", &image);
        for target in ["image.tar", "docker-archive:image.tar"] {
            let found = places(&scan(&env, target));
            assert_eq!(found, expected("file:image.tar", tokens.iter().zip(PLACES)), "{kind}");
        }
    }
    let mut gzip = env.command("gzip");
    gzip.args(["-1", "image.tar"]);
    Outcome::of(gzip).exits(0);
    let found = places(&scan(&env, "docker-archive:image.tar.gz"));
    let within = "file:image.tar.gz › unpacked:gzip";
    assert_eq!(found, expected(within, tokens.iter().zip(PLACES)));
    // Read once, it says what it holds when it is too late to call it so.
    let outcome = scan(&env, "image.tar.gz");
    assert_eq!(outcome.fingerprints().len(), tokens.len(), "{outcome}");
}

#[test]
fn what_skopeo_and_umoci_write_is_told_by_layer() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(42).tokens(6);
    layout(&env, &tokens);
    copy(&env, "oci:layout:app", "docker-archive:saved.tar:acme/app:1.0", &[]);
    copy(&env, "oci:layout:app", "oci-archive:oci.tar:app", &[]);
    copy(&env, "oci:layout:app", "oci:zstd:app", &["--dest-compress-format", "zstd"]);
    let mut usual = PLACES;
    usual[5] = "image:config › image:history 4";
    for (target, path, compression) in [
        ("docker-archive:saved.tar", "saved.tar", ""),
        ("docker-archive:oci.tar:app", "oci.tar", "unpacked:gzip › "),
        ("oci.tar", "oci.tar", "unpacked:gzip › "),
        ("oci:layout:app", "layout", "unpacked:gzip › "),
        ("oci:zstd", "zstd", "unpacked:zstd › "),
    ] {
        let outcome = scan(&env, target);
        let within = format!("file:{path}");
        let usual = usual.map(|place| place.replace("tar:", &format!("{compression}tar:")));
        let all = expected(&within, tokens.iter().zip(usual.iter().map(String::as_str)));
        assert_eq!(places(&outcome), all, "{target}");
    }
}

#[test]
fn a_layout_is_files_unless_it_is_called_a_layout() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(43).tokens(6);
    layout(&env, &tokens);
    let found = scan(&env, "layout").fingerprints();
    assert_eq!(found.len(), 6);
    // An image that is not asked for is not read.
    let outcome = scan(&env, "oci:layout:other");
    assert_eq!(outcome.fingerprints(), [fingerprint(&tokens[0])]);
    // What both share is read once.
    let both = places(&scan(&env, "oci:layout"));
    let place = "file:layout › image:layer 1 of other › unpacked:gzip › tar:app/.env";
    assert_eq!(both[&fingerprint(&tokens[0])], BTreeSet::from([place.to_owned()]));
    let place = "file:layout › image:config of app › image:cmd";
    assert_eq!(both[&fingerprint(&tokens[3])], BTreeSet::from([place.to_owned()]));
}

#[test]
fn a_compressed_archive_is_read_twice_if_it_is_named() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(44).tokens(6);
    write(&env, "legacy", "image.tar", &asked(&tokens));
    let mut gzip = env.command("gzip");
    gzip.arg("image.tar");
    Outcome::of(gzip).exits(0);
    let within = "file:image.tar.gz › unpacked:gzip";
    for target in ["docker-archive:image.tar.gz", "image.tar.gz"] {
        let outcome = scan(&env, target);
        assert_eq!(places(&outcome), expected(within, tokens.iter().zip(PLACES)), "{target}");
    }
}

#[test]
fn platforms_and_attestations_are_told_apart() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(45).tokens(4);
    let shared = json!({"etc/x": tokens[0]});
    let image = |architecture: &str, token: &String| json!({"architecture": architecture, "layers": [shared, {"a": token}], "config": {}, "history": []});
    let images =
        [image("amd64", &tokens[1]), image("arm64", &tokens[2]), image("unknown", &tokens[3])];
    write(&env, "platforms", "image.tar", &json!({"images": images, "tags": ["1.0"]}));
    let places_of = [
        "image:layer 1 of 1.0 linux/amd64 › tar:etc/x",
        "image:layer 2 of 1.0 linux/amd64 › tar:a",
        "image:layer 2 of 1.0 linux/arm64 › tar:a",
        "image:layer 2 of attestation 3 › tar:a",
    ];
    let expected = expected("file:image.tar", tokens.iter().zip(places_of));
    assert_eq!(places(&scan(&env, "image.tar")), expected);
    assert_eq!(places(&scan(&env, "docker-archive:image.tar:1.0")), expected);
}

#[test]
fn every_format_names_the_layer() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(46).tokens(6);
    write(&env, "current", "image.tar", &asked(&tokens));
    for format in ["human", "csv", "sarif", "html", "json", "jsonl"] {
        let report = env.run(["scan", "image.tar", "--format", format]).exits(3).stdout();
        let way = match format {
            "human" | "html" | "sarif" => "image.tar › layer 3 › root/.cache/huggingface/token",
            _ => "image:layer 3",
        };
        assert!(report.contains(way), "{format}: {report}");
        assert!(report.contains("environment HF_TOKEN"), "{format}: {report}");
    }
}

#[test]
fn what_is_no_image_is_an_error_and_says_so() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(47).tokens(6);
    write(&env, "current", "image.tar", &asked(&tokens));
    env.write("text", "no image");
    env.write("text.gz", [0x1f, 0x8b, 8, 0, 0]);
    for (target, code, words) in [
        ("docker-archive:text", 1, "`text` holds no image"),
        ("docker-archive:text.gz", 1, "`text.gz` holds no image"),
        ("docker-archive:none.tar", 1, "cannot read `none.tar`: No such file"),
        ("docker-archive:", 1, "cannot read ``"),
        ("docker-archive:image.tar:2.0", 1, "no image `2.0`, but `acme/app:1.0`"),
        ("oci:.", 1, "`.` holds no image"),
        ("oci:none", 1, "cannot read `none`: No such file"),
        ("oci:image.tar", 1, "cannot read `image.tar`: Not a directory"),
        ("docker-archive:image.tar --no-archives", 2, "`--no-archives` opens none"),
    ] {
        let outcome = env.run(["scan"].into_iter().chain(target.split(' '))).exits(code);
        assert!(outcome.stderr().contains(words), "{target}: {outcome}");
    }
    // A file of such a name can be meant.
    env.write("docker-archive:x", &tokens[0]);
    assert_eq!(scan(&env, "./docker-archive:x").paths(), ["docker-archive:x"]);
}

/// Manifests that lie leave a tar that is read as what it is, or an image that is as small as it is.
#[test]
fn a_hostile_manifest_hides_nothing() {
    let env = TestEnvironment::new();
    let token = Forge::new(48).token();
    let digest = format!("sha256:{}", "0".repeat(64));
    let looped = json!({"manifests": [{"digest": digest}]}).to_string();
    let layers = vec!["a"; 1_000_000];
    let many = json!([{"Config": "c.json", "Layers": layers}]).to_string();
    let label = json!([{"Config": "c.json", "RepoTags": ["x".repeat(1 << 20)], "Layers": ["a"]}]);
    let blob = format!("blobs/sha256/{}", "0".repeat(64));
    let out = json!({"manifests": [{"digest": "sha256:../../../etc/passwd"}]}).to_string();
    for (what, members) in [
        ("not there", vec![("manifest.json", r#"[{"Config":"no","Layers":["no"]}]"#)]),
        ("no list", vec![("manifest.json", r#"{"Config":7}"#), ("c.json", "{}")]),
        ("a loop", vec![("oci-layout", "{}"), ("index.json", &looped), (&blob, &looped)]),
        ("way out", vec![("oci-layout", "{}"), ("index.json", &out)]),
        ("many layers", vec![("manifest.json", &many), ("c.json", "{}")]),
        ("a long label", vec![("manifest.json", &label.to_string()), ("c.json", "{}")]),
        ("all is config", vec![("manifest.json", r#"[{"Config":"a","Layers":["a"]}]"#)]),
    ] {
        let mut script =
            "import io, json, sys, tarfile\nout = tarfile.open('image.tar', 'w')\n".to_owned();
        script += "for name, text in json.load(sys.stdin):\n    member = tarfile.TarInfo(name)\n";
        script += "    member.size = len(text)\n    out.addfile(member, io.BytesIO(text.encode()))\nout.close()";
        let mut members: Vec<_> = members;
        members.push(("a", &token));
        let mut command = env.command(python());
        command.args(["-c", &script]);
        Outcome::fed(command, json!(members).to_string().as_bytes()).exits(0);
        let outcome = scan(&env, "image.tar");
        assert_eq!(outcome.fingerprints(), [fingerprint(&token)], "{what}");
        assert!(outcome.gaps().is_empty(), "{what}: {outcome}");
    }
}

#[test]
fn a_layer_that_is_missing_is_a_gap_if_the_image_was_named() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(50).tokens(6);
    write(&env, "legacy", "image.tar", &asked(&tokens));
    let mut list = env.command("tar");
    list.args(["--list", "-f", "image.tar"]);
    let names = Outcome::of(list).exits(0).stdout();
    let layer = names.lines().find(|name| name.ends_with("layer.tar")).unwrap();
    let mut delete = env.command("tar");
    delete.args(["--delete", "-f", "image.tar", layer]);
    Outcome::of(delete).exits(0);
    let gaps = scan(&env, "docker-archive:image.tar").gaps();
    assert_eq!(gaps, [("image.tar".to_owned(), "unreadable".to_owned())]);
    assert!(scan(&env, "image.tar").gaps().is_empty());

    layout(&env, &tokens);
    let json = |path: &str| -> Value {
        serde_json::from_slice(&fs::read(env.path("layout").join(path)).unwrap()).unwrap()
    };
    let blob =
        |listed: &Value| format!("blobs/{}", listed["digest"].as_str().unwrap().replace(':', "/"));
    let manifest = blob(&json("index.json")["manifests"][1]);
    fs::remove_file(env.path("layout").join(blob(&json(&manifest)["layers"][0]))).unwrap();
    let outcome = scan(&env, "oci:layout");
    assert_eq!(outcome.gaps(), [("layout".to_owned(), "unreadable".to_owned())], "{outcome}");
}

#[test]
fn no_token_in_a_name_is_shown() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(49).tokens(5);
    let [tag, file, variable, label, absent] = &tokens[..] else { panic!() };
    let image = json!({
        "layers": [{format!("root/{file}"): "x"}, {}],
        "config": {"Env": [format!("{variable}=1")], "Labels": {label: "x"}},
        "history": [], "tags": [format!("acme/app:{tag}"), "b:1"],
    });
    write(&env, "legacy", "image.tar", &image);
    for target in ["image.tar".to_owned(), format!("docker-archive:image.tar:{tag}")] {
        for format in ["human", "json", "jsonl", "csv", "sarif", "html"] {
            let outcome = env.run(["scan", "-v", "--format", format, &target]).exits(3);
            let said = outcome.to_string();
            assert!(!tokens.iter().any(|token| said.contains(&token[3..20])), "{target}: {said}");
        }
    }
    for target in [
        format!("docker-archive:image.tar:{absent}"),
        format!("docker-archive:{absent}:1"),
        format!("oci:{absent}"),
        format!("docker:acme/{absent}"),
        format!("podman:{absent}"),
    ] {
        let said = env.run(["scan", "-v", &target]).exits(1).to_string();
        assert!(!tokens.iter().any(|token| said.contains(&token[3..20])), "{target}: {said}");
    }
    let found = scan(&env, "image.tar").fingerprints();
    for (what, token) in [("tag", tag), ("file", file), ("variable", variable), ("label", label)] {
        assert!(found.contains(&fingerprint(token)), "{what}");
    }
}
