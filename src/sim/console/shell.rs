//! A small shell: enough to see what is typed, and to hear an answer.

/// What a line led to, beside its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Puts a text on the guest's clipboard.
    Copy(String),
    /// Starts the guest anew.
    Reboot,
    /// Turns it off.
    PowerOff,
    /// Ends the shell.
    Leave,
}

/// What the shell knows of where it is.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Name of the machine.
    pub host: String,
    /// Simulated time, ISO 8601.
    pub now: String,
    /// Seconds since it started.
    pub uptime: i64,
    /// What the viewer last put on the clipboard.
    pub clipboard: String,
    /// Columns and rows of the terminal, where they were said.
    pub size: Option<(u32, u32)>,
}

/// One terminal's shell.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    line: String,
}

impl Shell {
    /// What stands before each line.
    #[must_use]
    pub fn prompt(host: &str) -> String {
        format!("root@{host}:~# ")
    }

    /// One letter: what the terminal shows of it, and a wish where its line has one.
    pub fn letter(&mut self, letter: char, around: &Surroundings) -> (String, Option<Wish>) {
        match letter {
            '\r' | '\n' => {
                let line = std::mem::take(&mut self.line);
                let (answer, wish) = run(line.trim(), around);
                let end = if answer.is_empty() || answer.ends_with('\n') {
                    ""
                } else {
                    "\r\n"
                };
                let prompt = match wish {
                    Some(Wish::Reboot | Wish::PowerOff | Wish::Leave) => String::new(),
                    _ => Self::prompt(&around.host),
                };
                (format!("\r\n{answer}{end}{prompt}"), wish)
            }
            '\u{8}' | '\u{7f}' => match self.line.pop() {
                Some(_) => ("\u{8} \u{8}".to_owned(), None),
                None => (String::new(), None),
            },
            '\u{3}' => {
                self.line.clear();
                (format!("^C\r\n{}", Self::prompt(&around.host)), None)
            }
            '\u{4}' if self.line.is_empty() => ("\r\nlogout\r\n".to_owned(), Some(Wish::Leave)),
            '\u{c}' => (
                format!(
                    "\u{1b}[2J\u{1b}[H{}{}",
                    Self::prompt(&around.host),
                    self.line
                ),
                None,
            ),
            letter if letter.is_control() => (String::new(), None),
            letter if self.line.len() < 500 => {
                self.line.push(letter);
                (letter.to_string(), None)
            }
            _ => (String::new(), None),
        }
    }
}

fn run(line: &str, around: &Surroundings) -> (String, Option<Wish>) {
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    let answer = match command {
        "" => String::new(),
        "echo" => rest.trim_matches(['"', '\'']).to_owned(),
        "hostname" => around.host.clone(),
        "whoami" => "root".to_owned(),
        "date" => around.now.clone(),
        "uptime" => format!("up {} seconds", around.uptime),
        "uname" => "Linux".to_owned(),
        "stty" => around.size.map_or_else(
            || "stty: unknown size".to_owned(),
            |(columns, rows)| format!("{rows} {columns}"),
        ),
        "ls" => "backup.sh  notes.txt".to_owned(),
        "clear" => "\u{1b}[2J\u{1b}[H".to_owned(),
        "colors" | "colours" => {
            "\u{1b}[31mred \u{1b}[32mgreen \u{1b}[38;2;255;140;0morange\u{1b}[0m".to_owned()
        }
        "copy" => return (String::new(), Some(Wish::Copy(rest.to_owned()))),
        "paste" => around.clipboard.replace('\n', "\r\n"),
        "reboot" => return ("Restarting system.".to_owned(), Some(Wish::Reboot)),
        "exit" | "logout" => return ("logout".to_owned(), Some(Wish::Leave)),
        "poweroff" => return ("Power down.".to_owned(), Some(Wish::PowerOff)),
        "help" => "echo hostname whoami date uptime uname ls stty clear colors copy paste exit \
                   reboot poweroff"
            .to_owned(),
        other => format!("bash: {other}: command not found"),
    };
    (answer, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(shell: &mut Shell, text: &str) -> (String, Option<Wish>) {
        let around = Surroundings {
            host: "web".into(),
            clipboard: "from\noutside".into(),
            ..Surroundings::default()
        };
        text.chars()
            .fold((String::new(), None), |(all, _), letter| {
                let (out, wish) = shell.letter(letter, &around);
                (all + &out, wish)
            })
    }

    #[test]
    fn lines_are_answered() {
        let mut shell = Shell::default();
        let (out, wish) = typed(&mut shell, "echo hx\u{8}i\r");
        assert_eq!(out, "echo hx\u{8} \u{8}i\r\nhi\r\nroot@web:~# ");
        assert_eq!(wish, None);
        assert!(
            typed(&mut shell, "nonsense\r")
                .0
                .contains("command not found")
        );
        assert!(typed(&mut shell, "paste\r").0.contains("from\r\noutside"));
        assert_eq!(
            typed(&mut shell, "copy a b\r").1,
            Some(Wish::Copy("a b".into()))
        );
        assert_eq!(typed(&mut shell, "reboot\r").1, Some(Wish::Reboot));
        assert!(typed(&mut shell, "abc\u{3}\r").0.contains("^C"));
        assert_eq!(typed(&mut shell, "exit\r").1, Some(Wish::Leave));
        assert_eq!(typed(&mut shell, "\u{4}").1, Some(Wish::Leave));
        assert_eq!(typed(&mut shell, "x\u{4}").1, None);
    }
}
