//! Fresh ledgers, and things to put into them.

pub(crate) mod place;
pub(crate) mod process;
pub(crate) mod proxy;
pub(crate) mod things;

pub(crate) use place::Place;

/// Makes of each function that takes a [`Place`] one test on SQLite and one on PostgreSQL.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::support::Place::sqlite()).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::support::Place::postgres().await).await;
            })+
        }
    };
}

pub(crate) use on_both_databases;

/// All pages of an answer.
macro_rules! all_pages {
    ($limit:expr, |$page:ident| $ask:expr) => {{
        let mut items = Vec::new();
        let mut $page = $crate::support::things::first($limit);
        loop {
            let part = $ask.await.unwrap();
            assert!(part.items.len() <= $limit as usize);
            items.extend(part.items);
            let Some(next) = part.next else { break items };
            $page = bearhug_ledger::Page { limit: $limit, after: Some(next) };
        }
    }};
}

pub(crate) use all_pages;
