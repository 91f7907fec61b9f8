//! Small files that unpack to more than there is, or lie about themselves. Each ends in bounded
//! time and memory with a gap that says why, and nothing in them is executed.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::support::{Outcome, TestEnvironment, python};

/// How much memory a scan of one file may take, in MiB.
const MOST_MEMORY: f64 = 300.0;

/// How long a scan of one file may take, in seconds: many times what it does on a slow machine
/// without optimisation, and less than what grows with the square of the file.
const MOST_TIME: f64 = 60.0;

fn script(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bombs").join(name)
}

fn planted() -> TestEnvironment {
    let env = TestEnvironment::new();
    let mut plant = env.command(python());
    plant.arg("-B").arg(script("plant.py")).arg("bombs");
    Outcome::of(plant).exits(0);
    env
}

/// Scans a file and returns the summary, having checked what the scan cost.
fn scan(env: &TestEnvironment, file: &str) -> Value {
    let mut measured: Command = env.command(python());
    measured.arg("-B").arg(script("measure.py")).arg(env!("CARGO_BIN_EXE_bearhug"));
    measured.args(["scan", "--format", "jsonl", file]);
    let outcome = Outcome::of(measured).exits(0);
    let text = outcome.stdout();
    let (report, cost) = text.trim_end().rsplit_once('\n').unwrap();
    let (peak, seconds) = cost.split_once(' ').unwrap();
    let (peak, seconds): (f64, f64) = (peak.parse().unwrap(), seconds.parse().unwrap());
    assert!(peak < MOST_MEMORY, "{file} took {peak} MiB");
    assert!(seconds < MOST_TIME, "{file} took {seconds} s");
    serde_json::from_str(report).unwrap()
}

fn reasons(summary: &Value) -> Vec<&str> {
    let gaps = summary["gaps"].as_array().unwrap();
    let mut reasons: Vec<_> = gaps.iter().map(|gap| gap["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[test]
fn what_explodes_ends_in_a_gap() {
    let env = planted();
    for (file, reason) in [
        ("gzip_twice", "too_much_unpacked"),
        ("gzip_deep", "too_deep"),
        ("bzip2_zeros", "too_much_unpacked"),
        ("xz_zeros", "too_much_unpacked"),
        ("xz_dictionary", "damaged"),
        ("zstd_window", "damaged"),
        ("zip_nest", "too_much_unpacked"),
        ("zip_million", "too_many_parts"),
        ("zip_overlap", "too_much_unpacked"),
        ("tar_sparse", "too_much_unpacked"),
        ("tar_size", "damaged"),
        ("tar_headers", "too_many_parts"),
        ("pdf_stream", "too_much_unpacked"),
        ("pdf_streams", "too_many_parts"),
        ("png_text", "too_much_unpacked"),
        ("raw_signatures", "too_much_unpacked"),
        ("parquet_columns", "damaged"),
        ("parquet_numbers", "too_much_unpacked"),
    ] {
        let summary = scan(&env, &format!("bombs/{file}"));
        assert!(reasons(&summary).contains(&reason), "{file}: {summary}");
    }
}

#[test]
fn what_only_looks_dangerous_is_read_to_the_end() {
    let env = planted();
    for file in [
        "notebook_deep",
        "notebook_wide",
        "base64_gzips",
        "pdf_words",
        "sqlite_pointers",
        "sqlite_free_blocks",
    ] {
        let summary = scan(&env, &format!("bombs/{file}"));
        let size = fs::metadata(env.path(format!("bombs/{file}"))).unwrap().len();
        assert!(summary["bytes"].as_u64().unwrap() >= size, "{file}: {summary}");
    }
}

#[test]
fn nothing_is_executed() {
    let env = planted();
    for protocol in 0..=5 {
        let summary = scan(&env, &format!("bombs/pickle_{protocol}"));
        assert_eq!(reasons(&summary), Vec::<&str>::new());
    }
    assert!(!env.path("executed").exists());
}
