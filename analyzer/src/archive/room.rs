//! Memory that has been used before: new pages cost as much as what is written into them.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};

use memmap2::MmapMut;

/// Bytes of a [`Room`]: more than nearly every sdist has when decoded.
pub(super) const ROOM: usize = 96 << 20;

/// Rooms that a thread keeps: one for what is read, one for what is decoded of it.
const KEPT: usize = 2;

thread_local! {
    static ROOMS: RefCell<Vec<MmapMut>> = const { RefCell::new(Vec::new()) };
}

/// [`ROOM`] bytes of memory, of any content. It goes back to its thread.
pub(super) struct Room(Option<MmapMut>);

impl Room {
    /// `None` if the system gives none.
    pub(super) fn take() -> Option<Self> {
        let used_before = ROOMS.with_borrow_mut(Vec::pop);
        used_before.or_else(new).map(|bytes| Self(Some(bytes)))
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

/// All of it at once: the system gives pages only where something is written, and large ones where it can.
fn new() -> Option<MmapMut> {
    let room = MmapMut::map_anon(ROOM).ok()?;
    #[cfg(target_os = "linux")]
    let _ = room.advise(memmap2::Advice::HugePage);
    Some(room)
}

impl AsRef<[u8]> for Room {
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some(bytes) = self.0.take() else { return };
        // A thread that is ending has no place for it any more.
        let _ = ROOMS.try_with(|rooms| {
            let mut rooms = rooms.borrow_mut();
            if rooms.len() < KEPT {
                rooms.push(bytes);
            }
        });
    }
}

/// Calls `with` with the content of the file.
pub(super) fn with_content<T>(file: &mut File, with: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
    let mut room = Room::take();
    let bytes = room.as_mut().map_or(&mut [][..], Room::bytes_mut);
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => return Ok(with(&bytes[..filled])),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut whole = bytes.to_vec();
    file.read_to_end(&mut whole)?;
    Ok(with(&whole))
}
