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
