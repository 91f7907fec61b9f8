//! Binding the origins to ports of loopback, and stopping them.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, mpsc::channel},
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};
use tokio::runtime::{Builder, Runtime};

use crate::{
    Denial, Planted, Seed, SeedError, Settings, World, accounts, cas, cas::Cas, control,
    middleware, oauth, repositories, webhooks::Courier, world::Origins,
};

/// A local Hub.
#[derive(Debug)]
pub struct Hub;

impl Hub {
    /// Binds the origins to loopback and serves them from threads of their own, so that it can be
    /// called inside and outside of an async runtime.
    pub fn start(settings: Settings) -> io::Result<Running> {
        let hub = bind(settings.port)?;
        let cdn = bind(0)?;
        let origins = Origins { hub: origin_of(&hub)?, cdn: origin_of(&cdn)? };
        let (courier, round) = Courier::new();
        let gateway = bind(0)?;
        let cas = match &settings.cas_server {
            Some(program) => {
                let folder = settings.root.join("xet");
                Some(Cas::start(program, &folder, origin_of(&gateway)?)?)
            }
            None => None,
        };
        let world = Arc::new(World::new(settings, origins, courier, cas)?);
        round.start(&world)?;
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        serve(&runtime, hub, hub_routes(&world))?;
        serve(&runtime, cdn, finish(repositories::cdn_routes(), &world))?;
        if world.cas.is_some() {
            serve(&runtime, gateway, finish(cas::routes(), &world))?;
        }
        Ok(Running { world, runtime: Some(runtime) })
    }
}

/// A local Hub that answers until this is dropped.
#[derive(Debug)]
pub struct Running {
    world: Arc<World>,
    /// Taken when the Hub stops.
    runtime: Option<Runtime>,
}

impl Running {
    /// The Hub's address, without a slash at its end: what clients take as `HF_ENDPOINT`.
    pub fn endpoint(&self) -> &str {
        &self.world.origins.hub
    }

    /// The address of the origin that plays the CDN.
    pub fn cdn(&self) -> &str {
        &self.world.origins.cdn
    }

    /// Adds what a seed describes, and gives the credentials that it asked for.
    pub fn plant(&self, seed: &Seed) -> Result<Vec<Planted>, SeedError> {
        seed.plant_accounts(&self.world)?;
        if let Some(runtime) = &self.runtime {
            let (sender, planted) = channel();
            let (world, seed) = (Arc::clone(&self.world), seed.clone());
            // Waiting for a task works inside and outside of an async runtime.
            runtime.spawn(async move { sender.send(seed.plant_repos(&world).await) });
            planted.recv().map_err(|_| SeedError::Stopped)??;
        }
        seed.plant_credentials(&self.world)
    }

    /// What the Hub knows, to look at and to change while it answers.
    pub fn world(&self) -> &World {
        &self.world
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn bind(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn origin_of(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

fn serve(runtime: &Runtime, listener: TcpListener, routes: Router) -> io::Result<()> {
    let _guard = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    // Serving ends when the runtime is shut down, and not before.
    drop(runtime.spawn(async move { axum::serve(listener, service).await }));
    Ok(())
}

fn hub_routes(world: &Arc<World>) -> Router {
    let routes = Router::new()
        .merge(accounts::routes())
        .merge(oauth::routes())
        .merge(repositories::routes())
        .merge(control::routes());
    let limit = from_fn_with_state(Arc::clone(world), middleware::limit);
    finish(routes.fallback(no_page).layer(limit), world)
}

/// The answer to what no route is for.
async fn no_page() -> Denial {
    Denial::not_found("Sorry, we can't find the page you are looking for.")
}

/// What both origins do alike. Uploads may be of any size; a reader of a body sets its own limit.
fn finish(routes: Router<Arc<World>>, world: &Arc<World>) -> Router {
    routes
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(world), middleware::inject))
        .layer(from_fn(middleware::read_ahead))
        .layer(from_fn(middleware::stamp))
        .layer(from_fn_with_state(Arc::clone(world), middleware::note))
        .with_state(Arc::clone(world))
}
