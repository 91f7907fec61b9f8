//! The same for repositories that people made, which are too large to be tested each time:
//!
//! ```sh
//! BEARHUG_REPOSITORIES=/path/to/one.git:/path/to/another.git \
//!     cargo test --release -p bearhug-sources --test it real -- --ignored --nocapture
//! ```

use std::path::Path;

use bearhug_core::GapReason;

use crate::support::{Pattern, brute_force, scan};

#[test]
#[ignore = "needs repositories"]
fn every_match_is_found_in_repositories_that_people_made() {
    let repositories = std::env::var("BEARHUG_REPOSITORIES").unwrap();
    for repository in repositories.split(':') {
        for pattern in [Pattern { prefix: "def_", len: 4 }, Pattern { prefix: "get", len: 5 }] {
            let finder = scan(Path::new(repository), pattern);
            let is_damage = |reason: &GapReason| matches!(reason, GapReason::Unreadable(_));
            assert!(!finder.gaps.lock().unwrap().iter().any(|gap| is_damage(&gap.reason)));
            let (found, expected) = (finder.found(), brute_force(Path::new(repository), pattern));
            assert!(found == expected, "{repository} {pattern:?}");
            println!("{repository} {}: {} matches", pattern.prefix, found.len());
        }
    }
}
