//! The terminal's side of Proxmox VE's termproxy: see [`crate::domain::console::serial`] for its
//! words.

use super::guest::Guest;
use super::shell::{Shell, Surroundings, Wish};

/// One line to a terminal.
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    ticket: String,
    input: Vec<u8>,
    shell: Shell,
    admitted: bool,
    /// Whether the line ends with its shell: a node's does, a guest's port is logged in anew.
    ends: bool,
    /// Columns and rows as the viewer last said.
    size: Option<(u32, u32)>,
}

fn greet(guest: &Guest) -> String {
    let host = guest.surroundings().host;
    let prompt = Shell::prompt(&host);
    format!("Debian GNU/Linux 12 {host} ttyS0\r\n\r\n{prompt}")
}

impl Terminal {
    /// For who comes with that ticket.
    #[must_use]
    pub fn new(ticket: &str, ends: bool) -> Self {
        Self {
            ticket: ticket.to_owned(),
            ends,
            ..Self::default()
        }
    }

    /// What came; answers what goes back, `Err` with the last words where the line is to be closed.
    ///
    /// # Errors
    /// Who is not admitted, breaks the protocol, or leaves.
    pub fn receive(&mut self, bytes: &[u8], guest: &mut Guest) -> Result<Vec<u8>, Vec<u8>> {
        self.input.extend_from_slice(bytes);
        let mut out = Vec::new();
        if !self.admitted {
            let Some(end) = self.input.iter().position(|byte| *byte == b'\n') else {
                return if self.input.len() > 1_000 {
                    Err(Vec::new())
                } else {
                    Ok(out)
                };
            };
            let line: Vec<u8> = self.input.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let known = line
                .trim_end()
                .split_once(':')
                .is_some_and(|(user, ticket)| user.contains('@') && ticket == self.ticket);
            if !known {
                return Err(Vec::new());
            }
            self.admitted = true;
            out.extend_from_slice(b"OK");
            out.extend_from_slice(greet(guest).as_bytes());
        }
        while let Some(letters) = self.message().map_err(|()| Vec::new())? {
            let around = Surroundings {
                size: self.size,
                ..guest.surroundings()
            };
            for letter in letters.chars() {
                let (text, wish) = self.shell.letter(letter, &around);
                out.extend_from_slice(text.as_bytes());
                match wish {
                    Some(Wish::Leave) if self.ends => return Err(out),
                    Some(Wish::Leave) => out.extend_from_slice(greet(guest).as_bytes()),
                    Some(wish) => guest.wish(wish),
                    None => {}
                }
            }
        }
        Ok(out)
    }

    /// The next whole message: what was typed, empty where it was something else; `None` where
    /// more has to come.
    fn message(&mut self) -> Result<Option<String>, ()> {
        let field = |from: usize, input: &[u8]| -> Option<(u32, usize)> {
            let end = input.iter().skip(from).position(|byte| *byte == b':')? + from;
            let number = std::str::from_utf8(&input[from..end]).ok()?.parse().ok()?;
            Some((number, end + 1))
        };
        match self.input.first() {
            None => Ok(None),
            Some(b'2') => {
                self.input.remove(0);
                Ok(Some(String::new()))
            }
            Some(b'1') => {
                let size = field(2, &self.input)
                    .and_then(|(columns, at)| Some((columns, field(at, &self.input)?)));
                let Some((columns, (rows, end))) = size else {
                    return if self.input.len() > 40 {
                        Err(())
                    } else {
                        Ok(None)
                    };
                };
                self.size = Some((columns, rows));
                self.input.drain(..end);
                Ok(Some(String::new()))
            }
            Some(b'0') => {
                let Some((length, at)) = field(2, &self.input) else {
                    return if self.input.len() > 40 {
                        Err(())
                    } else {
                        Ok(None)
                    };
                };
                let end = at + length as usize;
                if self.input.len() < end {
                    return Ok(None);
                }
                let message: Vec<u8> = self.input.drain(..end).skip(at).collect();
                Ok(Some(String::from_utf8_lossy(&message).into_owned()))
            }
            Some(_) => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::console::serial;

    #[test]
    fn speaks_as_the_console_does() {
        let mut guest = Guest::default();
        guest.tick("web", 0, 9_000);
        let mut line = Terminal::new("PVE:root@pam:1", false);
        assert!(
            line.clone()
                .receive(b"root@pam:other\n", &mut guest)
                .is_err()
        );
        let hello = serial::greeting(None, "PVE:root@pam:1");
        let out = line.receive(hello.as_bytes(), &mut guest).unwrap();
        assert!(out.starts_with(b"OK") && out.ends_with(b"root@web:~# "));
        let sent = [
            serial::typed("echo hé\r").as_slice(),
            serial::size(120, 40).as_bytes(),
            serial::ALIVE.as_bytes(),
        ]
        .concat();
        let mut told = Vec::new();
        for byte in sent {
            told.extend(line.receive(&[byte], &mut guest).unwrap());
        }
        assert!(String::from_utf8(told).unwrap().contains("\r\nhé\r\n"));
        let told = line.receive(&serial::typed("stty\r"), &mut guest).unwrap();
        assert!(String::from_utf8(told).unwrap().contains("40 120"));
        let told = line.receive(&serial::typed("exit\r"), &mut guest).unwrap();
        assert!(told.ends_with(b"root@web:~# "), "logged in anew");
        assert!(line.receive(b"x", &mut guest).is_err());
        let mut line = Terminal::new("PVE:root@pam:1", true);
        line.receive(hello.as_bytes(), &mut guest).unwrap();
        let last = line.receive(&serial::typed("exit\r"), &mut guest);
        assert!(last.unwrap_err().ends_with(b"logout\r\n"));
    }
}
