//! Consoles of the simulated cluster: tickets that open one once and for a short time, guests that
//! show something and answer, and the protocols that a viewer speaks with them. What carries the
//! bytes is the server's (`sim::server`).

mod des;
mod font;
mod guest;
mod keyboard;
mod rfb;
mod screen;
mod shell;
mod terminal;

pub use guest::Guest;
pub use keyboard::Keyboard;
pub use rfb::{Broken, Rfb};
pub use shell::Wish;
pub use terminal::Terminal;

use crate::domain::console::ConsoleKind;
use crate::sim::model::World;
use crate::sim::noise::hash;
use std::collections::BTreeMap;

/// How long a ticket lasts, simulated milliseconds.
const LASTS: i64 = 120_000;
/// How long a guest that is started anew takes no viewer.
const DOWN: i64 = 1_500;

/// Whose console it is: `101`, or the name of a node.
pub type Place = String;

/// What opens a console.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Its text.
    pub text: String,
    /// Password of the VNC server.
    pub password: String,
    /// Whose.
    pub place: Place,
    /// What for.
    pub kind: ConsoleKind,
    /// When it ends, simulated milliseconds.
    pub until: i64,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Consoles {
    tickets: Vec<Ticket>,
    /// What is inside of each place that was looked at.
    guests: BTreeMap<Place, Guest>,
    count: u64,
    /// How many of the coming tickets are issued too late.
    stillborn: u64,
    /// Lines are taken, and nothing is said on them.
    pub silent: bool,
}

fn letters(mut number: u64, count: usize) -> String {
    const ALL: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..count)
        .map(|_| {
            let at = usize::try_from(number & 31).unwrap_or_default();
            number = hash(number, 7);
            char::from(ALL[at])
        })
        .collect()
}

impl Consoles {
    /// A new ticket.
    pub fn issue(&mut self, seed: u64, place: &str, kind: ConsoleKind, now: i64) -> Ticket {
        self.count += 1;
        let late = self.stillborn > 0;
        self.stillborn = self.stillborn.saturating_sub(1);
        let luck = hash(seed ^ 0xc0_450e, self.count);
        let ticket = Ticket {
            text: format!("PVE:root@pam:{:08X}::{}==", luck >> 32, letters(luck, 22)),
            password: letters(hash(luck, 1), 14),
            place: place.to_owned(),
            kind,
            until: if late { now } else { now + LASTS },
        };
        self.tickets.retain(|own| own.until > now);
        if !late {
            self.tickets.push(ticket.clone());
        }
        ticket
    }

    /// A ticket that still opens something, by its text.
    #[must_use]
    pub fn ticket(&self, text: &str, place: &str, now: i64) -> Option<&Ticket> {
        self.tickets
            .iter()
            .find(|own| own.text == text && own.place == place && own.until > now)
    }

    /// Takes a ticket: it opens nothing any more.
    pub fn redeem(&mut self, text: &str, place: &str, now: i64) -> Option<Ticket> {
        let at = self
            .tickets
            .iter()
            .position(|own| own.text == text && own.place == place)?;
        Some(self.tickets.remove(at)).filter(|ticket| ticket.until > now)
    }

    /// Ends all tickets, as if their time had passed, and as many of the coming ones.
    pub fn expire(&mut self, next: u64) {
        self.tickets.clear();
        self.stillborn = next;
    }
}

/// Name and start of what is at a place; `None` where it is off, starts anew or is not there.
#[must_use]
pub fn running(world: &World, place: &str) -> Option<(String, i64)> {
    match place.parse::<u32>() {
        Ok(id) => {
            let vm = world.vms.get(&id)?;
            let started = vm.started.filter(|_| vm.is_on())?;
            Some((vm.name.clone(), started))
        }
        Err(_) => {
            let node = world.node(place)?;
            node.online().then(|| {
                (
                    node.name.to_string(),
                    world.now - node.uptime(world.now) * 1000,
                )
            })
        }
    }
}

/// Whether a viewer may come in: nothing that was started just now takes one, but for the first
/// start of all.
#[must_use]
pub fn listens(world: &World, place: &str) -> bool {
    let known = world.consoles.guests.contains_key(place);
    running(world, place).is_some_and(|(_, started)| !known || world.now - started >= DOWN)
}

/// Works with the guest at a place as it is now; its wishes are carried out. `None` where nothing
/// runs there.
pub fn with_guest<T>(
    world: &mut World,
    place: &str,
    work: impl FnOnce(&mut Guest) -> T,
) -> Option<T> {
    let (name, started) = running(world, place)?;
    let now = world.now;
    let guest = world.consoles.guests.entry(place.to_owned()).or_default();
    guest.tick(&name, started, now);
    let result = work(guest);
    if let (Some(wish), Ok(id)) = (guest.take_wish(), place.parse::<u32>()) {
        world.change_vm(id, |vm| match wish {
            Wish::Reboot => {
                vm.started = Some(now);
                vm.usage.uptime = 0;
            }
            Wish::PowerOff => {
                vm.started = None;
                vm.status = crate::domain::status::VmStatus::Stopped;
            }
            Wish::Copy(_) | Wish::Leave => {}
        });
    }
    Some(result)
}
