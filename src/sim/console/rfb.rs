//! A VNC server's side of one line: RFB 3.8 (RFC 6143) with VNC authentication, raw rectangles,
//! keys and pointer, clipboard both ways, and the extensions that QEMU's server has: keys by their
//! place, and another size on the viewer's wish. Bytes in, bytes out; no socket, no clock.

#[cfg(test)]
mod tests;

use super::des;
use super::guest::Guest;

/// Encodings beside raw.
const DESKTOP_SIZE: i32 = -223;
const EXTENDED_DESKTOP_SIZE: i32 = -308;
const QEMU_KEYS: i32 = -258;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Version,
    Choice,
    Answer,
    Init,
    Ready,
}

/// Where each colour stands in a pixel of four bytes.
#[derive(Debug, Clone, Copy)]
struct Format {
    big_endian: bool,
    shifts: [u8; 3],
}

/// The viewer broke the protocol, or gave the wrong password; what it is told before the line
/// ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(pub Vec<u8>);

/// One line to a viewer.
#[derive(Debug, Clone)]
pub struct Rfb {
    stage: Stage,
    input: Vec<u8>,
    password: String,
    challenge: [u8; 16],
    name: String,
    format: Format,
    /// The viewer waits for an update.
    asked: bool,
    /// Version of the screen that it has.
    seen: u64,
    /// Version of the size that it was told.
    told_size: u64,
    /// A size of its own wish was taken.
    answer_size: bool,
    /// How often it was told the guest's clipboard.
    copied: u64,
    encodings: Vec<i32>,
    told_keys: bool,
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    if let Some(part) = bytes.get(at..at + N) {
        out.copy_from_slice(part);
    }
    out
}

fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes(take(bytes, at)))
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(take(bytes, at))
}

fn push_two(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(&u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes());
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

impl Rfb {
    /// A line for who has that password, and what it says first.
    #[must_use]
    pub fn new(password: &str, challenge: [u8; 16], name: &str, guest: &Guest) -> (Self, Vec<u8>) {
        let line = Self {
            stage: Stage::Version,
            input: Vec::new(),
            password: password.to_owned(),
            challenge,
            name: name.to_owned(),
            format: Format {
                big_endian: false,
                shifts: [16, 8, 0],
            },
            asked: false,
            seen: 0,
            told_size: 0,
            answer_size: false,
            copied: guest.copied().1,
            encodings: Vec::new(),
            told_keys: false,
        };
        (line, b"RFB 003.008\n".to_vec())
    }

    /// What came; answers what goes back at once.
    ///
    /// # Errors
    /// What to say before the line is closed.
    pub fn receive(&mut self, bytes: &[u8], guest: &mut Guest) -> Result<Vec<u8>, Broken> {
        self.input.extend_from_slice(bytes);
        let mut out = Vec::new();
        loop {
            let used = if self.stage == Stage::Ready {
                self.message(guest)?
            } else {
                self.greet(guest, &mut out)?
            };
            if used == 0 {
                return Ok(out);
            }
            self.input.drain(..used);
        }
    }

    /// Bytes used; 0 where more has to come.
    fn greet(&mut self, guest: &Guest, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let input = &self.input;
        match self.stage {
            Stage::Version if input.len() >= 12 => {
                if !input.starts_with(b"RFB 003.008\n") {
                    return Err(Broken(Vec::new()));
                }
                // One way to log in: VNC's own.
                out.extend_from_slice(&[1, 2]);
                self.stage = Stage::Choice;
                Ok(12)
            }
            Stage::Choice if !input.is_empty() => {
                if input[0] != 2 {
                    return Err(Broken(Vec::new()));
                }
                out.extend_from_slice(&self.challenge);
                self.stage = Stage::Answer;
                Ok(1)
            }
            Stage::Answer if input.len() >= 16 => {
                if input[..16] != des::answer(self.challenge, &self.password) {
                    let why = b"Authentication failed";
                    let mut last = vec![0, 0, 0, 1, 0, 0, 0];
                    last.push(u8::try_from(why.len()).unwrap_or_default());
                    last.extend_from_slice(why);
                    return Err(Broken(last));
                }
                out.extend_from_slice(&[0; 4]);
                self.stage = Stage::Init;
                Ok(16)
            }
            Stage::Init if !input.is_empty() => {
                let (width, height) = guest.screen.size();
                push_two(out, width);
                push_two(out, height);
                out.extend_from_slice(&[32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
                let name = self.name.as_bytes();
                out.extend_from_slice(&u32::try_from(name.len()).unwrap_or_default().to_be_bytes());
                out.extend_from_slice(name);
                self.told_size = guest.screen.resized();
                self.stage = Stage::Ready;
                Ok(1)
            }
            _ => Ok(0),
        }
    }

    /// Carries out the next whole message. Bytes used; 0 where more has to come.
    fn message(&mut self, guest: &mut Guest) -> Result<usize, Broken> {
        let Some(kind) = self.input.first() else {
            return Ok(0);
        };
        let input = &self.input;
        let length = match kind {
            0 => 20,
            2 => 4 + 4 * two(input, 2),
            3 => 10,
            4 => 8,
            5 => 6,
            // A negative length is the extended clipboard's, which this server does not offer.
            6 => 8 + four(input, 4).cast_signed().unsigned_abs() as usize,
            251 => 8 + 16 * usize::from(take::<1>(input, 6)[0]),
            255 => 12,
            _ => return Err(Broken(Vec::new())),
        };
        if length > 1 << 20 {
            return Err(Broken(Vec::new()));
        }
        if input.len() < length.max(8.min(length)) {
            return Ok(0);
        }
        match kind {
            0 => {
                if input[4] != 32 {
                    return Err(Broken(Vec::new()));
                }
                self.format = Format {
                    big_endian: input[6] != 0,
                    shifts: take(input, 14),
                };
            }
            2 => {
                self.encodings = (0..two(input, 2))
                    .map(|at| four(input, 4 + at * 4).cast_signed())
                    .collect();
            }
            3 => {
                self.asked = true;
                if input[1] == 0 {
                    self.seen = 0;
                }
            }
            4 => guest.key(four(input, 4), input[1] != 0),
            5 => guest.pointer(two(input, 2), two(input, 4), input[1] & 1 != 0),
            6 => {
                if four(input, 4).cast_signed() >= 0 {
                    guest.paste(latin1(&input[8..length]));
                }
            }
            251 => {
                guest.screen.resize(two(input, 2), two(input, 4));
                self.answer_size = true;
            }
            _ => guest.key_at(four(input, 8), four(input, 4), two(input, 2) != 0),
        }
        Ok(length)
    }

    /// What is new, where the viewer waits for it: parts of the screen, its size, the clipboard.
    pub fn news(&mut self, guest: &Guest) -> Vec<u8> {
        let mut out = Vec::new();
        if self.stage != Stage::Ready {
            return out;
        }
        let (text, count) = guest.copied();
        if self.copied != *count {
            self.copied = *count;
            let text: Vec<u8> = text
                .chars()
                .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
                .collect();
            out.extend_from_slice(&[3, 0, 0, 0]);
            out.extend_from_slice(&u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
            out.extend_from_slice(&text);
        }
        if self.asked {
            let rectangles = self.rectangles(guest);
            if !rectangles.is_empty() {
                self.asked = false;
                out.extend_from_slice(&[0, 0]);
                push_two(&mut out, rectangles.len());
                for rectangle in rectangles {
                    out.extend_from_slice(&rectangle);
                }
            }
        }
        out
    }

    fn knows(&self, encoding: i32) -> bool {
        self.encodings.contains(&encoding)
    }

    fn rectangles(&mut self, guest: &Guest) -> Vec<Vec<u8>> {
        let screen = &guest.screen;
        let (width, height) = screen.size();
        let head = |x: usize, y: usize, width: usize, height: usize, encoding: i32| {
            let mut out = Vec::new();
            for number in [x, y, width, height] {
                push_two(&mut out, number);
            }
            out.extend_from_slice(&encoding.to_be_bytes());
            out
        };
        let mut out = Vec::new();
        if self.knows(QEMU_KEYS) && !self.told_keys {
            self.told_keys = true;
            out.push(head(0, 0, width, height, QEMU_KEYS));
            // The same update says that the size may be wished for.
            self.answer_size |= self.knows(EXTENDED_DESKTOP_SIZE);
        }
        let resized = self.told_size != screen.resized();
        if self.knows(EXTENDED_DESKTOP_SIZE) && (resized || self.answer_size) {
            let reason = usize::from(self.answer_size && self.told_size != 0 && resized);
            let mut rectangle = head(reason, 0, width, height, EXTENDED_DESKTOP_SIZE);
            rectangle.extend_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            push_two(&mut rectangle, width);
            push_two(&mut rectangle, height);
            rectangle.extend_from_slice(&[0; 4]);
            out.push(rectangle);
            self.answer_size = false;
        } else if resized && self.knows(DESKTOP_SIZE) {
            out.push(head(0, 0, width, height, DESKTOP_SIZE));
        }
        if resized {
            self.told_size = screen.resized();
            self.seen = 0;
        }
        for (top, bottom) in screen.bands(self.seen) {
            let mut rectangle = head(0, top, width, bottom - top, 0);
            rectangle.reserve(width * (bottom - top) * 4);
            for y in top..bottom {
                for x in 0..width {
                    rectangle.extend_from_slice(&self.format.pixel(screen.pixel(x, y)));
                }
            }
            out.push(rectangle);
        }
        self.seen = screen.version();
        out
    }
}

impl Format {
    fn pixel(self, colour: [u8; 3]) -> [u8; 4] {
        let pixel = colour
            .iter()
            .zip(self.shifts)
            .fold(0, |pixel, (part, shift)| {
                pixel
                    | u32::from(*part)
                        .checked_shl(u32::from(shift))
                        .unwrap_or_default()
            });
        if self.big_endian {
            pixel.to_be_bytes()
        } else {
            pixel.to_le_bytes()
        }
    }
}
