//! The simulated Moxxie over HTTP; also serves the built app.

use clap::{Parser, ValueEnum};
use moxxie_ui::sim::server::{Options, run};
use moxxie_ui::sim::{Fault, Settings};
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// The UI guide's own cluster.
    Guide,
    /// Many VMs.
    Fleet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SafeMode {
    Off,
    Audit,
    Permissive,
    Strict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Contract {
    /// The contract of the UI guide.
    Guide,
    /// The server as shipped today.
    Server,
}

/// A simulated Moxxie, with the console beside it.
#[derive(Debug, Parser)]
#[command(name = "moxxie-sim", version)]
struct Arguments {
    /// Address; port 0 picks a free one. The first line of output tells which.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the built app.
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// Path under which everything lies, e.g. /portal/moxxie.
    #[arg(long, default_value = "")]
    base_path: String,
    /// Cluster to begin with.
    #[arg(long, value_enum, default_value = "guide")]
    scenario: Scenario,
    /// VMs of the fleet.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    vms: u32,
    /// The same seed gives the same cluster.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated seconds per second; 0 stops the clock.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Fault, e.g. 'GET /api/v1/vms status=503 times=2'; may be given several times.
    #[arg(long, value_parser = Fault::parse)]
    fault: Vec<Fault>,
    /// Key that every call must carry in X-API-Key.
    #[arg(long)]
    api_key: Option<String>,
    /// Refuse every change.
    #[arg(long)]
    read_only: bool,
    /// Refuse changes to VMs without the tag `moxxie`.
    #[arg(long, value_enum, default_value = "off")]
    safe_mode: SafeMode,
    /// Shapes to answer in.
    #[arg(long, value_enum, default_value = "guide")]
    contract: Contract,
    /// End when standard input is closed.
    #[arg(long)]
    exit_with_parent: bool,
}

impl Arguments {
    fn options(self) -> Options {
        let base = self.base_path.trim_matches('/');
        Options {
            dist: self.dist,
            base: if base.is_empty() {
                String::new()
            } else {
                format!("/{base}")
            },
            fleet: (self.scenario == Scenario::Fleet).then_some(self.vms),
            seed: self.seed,
            speed: self.speed,
            faults: self.fault,
            settings: Settings {
                api_key: self.api_key,
                read_only: self.read_only,
                safe_mode: match self.safe_mode {
                    SafeMode::Off => "off",
                    SafeMode::Audit => "audit",
                    SafeMode::Permissive => "permissive",
                    SafeMode::Strict => "strict",
                },
                shipped: self.contract == Contract::Server,
                ..Settings::default()
            },
        }
    }
}

/// Ends the process when whoever started it is gone.
fn exit_with_parent() {
    std::thread::spawn(|| {
        let mut sink = [0_u8; 256];
        let mut input = std::io::stdin();
        while matches!(input.read(&mut sink), Ok(1..)) {}
        std::process::exit(0);
    });
}

#[tokio::main]
async fn main() -> ExitCode {
    use std::io::Write as _;
    let arguments = Arguments::parse();
    if arguments.exit_with_parent {
        exit_with_parent();
    }
    let listen = arguments.listen;
    match run(listen, arguments.options()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "moxxie-sim: {listen}: {error}");
            ExitCode::FAILURE
        }
    }
}
