use super::*;

const CHALLENGE: [u8; 16] = *b"0123456789abcdef";

fn guest() -> Guest {
    let mut guest = Guest::default();
    guest.tick("web", 0, 9_000);
    guest
}

/// Logs in, asks for pixels as noVNC does, and for a whole screen.
fn viewer(guest: &mut Guest) -> Rfb {
    let (mut line, hello) = Rfb::new("secret", CHALLENGE, "web", guest);
    assert_eq!(hello, b"RFB 003.008\n");
    assert_eq!(line.receive(b"RFB 003.008\n", guest).unwrap(), [1, 2]);
    assert_eq!(line.receive(&[2], guest).unwrap(), CHALLENGE);
    let answer = des::answer(CHALLENGE, "secret");
    assert_eq!(line.receive(&answer, guest).unwrap(), [0; 4]);
    let init = line.receive(&[1], guest).unwrap();
    assert_eq!((two(&init, 0), two(&init, 2)), (960, 500));
    assert!(init.ends_with(b"web"));
    let mut wishes = vec![
        0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0,
    ];
    wishes.extend([2, 0, 0, 3]);
    for encoding in [0, QEMU_KEYS, EXTENDED_DESKTOP_SIZE] {
        wishes.extend(encoding.to_be_bytes());
    }
    wishes.extend([3, 0, 0, 0, 0, 0, 3, 192, 1, 244]);
    // Byte by byte: messages come in any pieces.
    for byte in wishes {
        assert!(line.receive(&[byte], guest).unwrap().is_empty());
    }
    line
}

#[test]
fn the_first_picture_is_whole() {
    let mut guest = guest();
    let mut line = viewer(&mut guest);
    let news = line.news(&guest);
    assert_eq!(&news[..4], [0, 0, 0, 3], "keys by place, size, pixels");
    assert_eq!(news.len(), 4 + 12 + 12 + 20 + 12 + 960 * 500 * 4);
    assert_eq!(
        news[4 + 12 + 12 + 20 + 12..][..4],
        [16, 18, 22, 0],
        "red first, as asked"
    );
    assert!(line.news(&guest).is_empty(), "nothing is sent unasked");
}

#[test]
fn keys_and_pointer_change_pixels() {
    let mut guest = guest();
    let mut line = viewer(&mut guest);
    line.news(&guest);
    let ask = [3, 1, 0, 0, 0, 0, 3, 192, 1, 244];
    line.receive(&ask, &mut guest).unwrap();
    assert!(line.news(&guest).is_empty(), "nothing changed");
    line.receive(&[4, 1, 0, 0, 0, 0, 0, b'x'], &mut guest)
        .unwrap();
    assert!(guest.screen.text().ends_with("# x"));
    let news = line.news(&guest);
    assert_eq!(news.len(), 4 + 12 + 960 * 20 * 4, "one row");
    // The same by its place, as QEMU's server takes it.
    line.receive(&[255, 0, 0, 1, 0, 0, 0, b'y', 0, 0, 0, 0x15], &mut guest)
        .unwrap();
    line.receive(&[5, 1, 0, 100, 1, 144], &mut guest).unwrap();
    line.receive(&ask, &mut guest).unwrap();
    let news = line.news(&guest);
    assert_eq!(&news[..4], [0, 0, 0, 2], "the typed row and the drawn ones");
    assert!(guest.screen.text().ends_with("# xy"));
}

#[test]
fn clipboard_both_ways() {
    let mut guest = guest();
    let mut line = viewer(&mut guest);
    line.receive(&[6, 0, 0, 0, 0, 0, 0, 2, b'h', 0xe9], &mut guest)
        .unwrap();
    assert_eq!(guest.pasted(), "hé");
    guest.copy("für".into());
    let news = line.news(&guest);
    assert!(news.starts_with(&[3, 0, 0, 0, 0, 0, 0, 3, b'f', 0xfc, b'r']));
}

#[test]
fn another_size_on_wish() {
    let mut guest = guest();
    let mut line = viewer(&mut guest);
    line.news(&guest);
    let mut wish = vec![251, 0, 2, 128, 1, 144, 1, 0];
    wish.extend([0; 16]);
    wish.extend([3, 1, 0, 0, 0, 0, 2, 128, 1, 144]);
    line.receive(&wish, &mut guest).unwrap();
    let news = line.news(&guest);
    assert_eq!(
        (two(&news, 4), two(&news, 8), two(&news, 10)),
        (1, 640, 400)
    );
    assert_eq!(four(&news, 12).cast_signed(), EXTENDED_DESKTOP_SIZE);
    assert_eq!(news.len(), 4 + 12 + 20 + 12 + 640 * 400 * 4);
}

#[test]
fn strangers_are_told_why() {
    let mut guest = guest();
    let (mut line, _) = Rfb::new("secret", CHALLENGE, "web", &guest);
    line.receive(b"RFB 003.008\n\x02", &mut guest).unwrap();
    let answer = des::answer(CHALLENGE, "wrong");
    let Err(Broken(last)) = line.receive(&answer, &mut guest) else {
        panic!("admitted");
    };
    assert!(last.starts_with(&[0, 0, 0, 1]) && last.ends_with(b"Authentication failed"));
    let (mut line, _) = Rfb::new("secret", CHALLENGE, "web", &guest);
    assert!(line.receive(b"GET / HTTP/1.1\r\n", &mut guest).is_err());
}
