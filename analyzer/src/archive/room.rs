//! Memory that has been used before: new pages cost as much as what is written into them.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use memmap2::MmapMut;

/// Bytes of a [`Room`]: more than nearly every sdist has when decoded.
pub(super) const ROOM: usize = 96 << 20;

/// Rooms that are kept while nobody uses them: for two threads, one for what is read and one for what is decoded of it.
const KEPT: usize = 4;

/// Rooms are not kept of which more was used: what is kept is memory that nobody else has.
const KEPT_BYTES: usize = 64 << 20;

static ROOMS: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

/// [`ROOM`] bytes of memory, of any content.
pub(super) struct Room {
    bytes: Option<MmapMut>,
    used: usize,
}

impl Room {
    /// `None` if the system gives none.
    pub(super) fn take() -> Option<Self> {
        let used_before = ROOMS.lock().unwrap_or_else(PoisonError::into_inner).pop();
        used_before.or_else(new).map(|bytes| Self { bytes: Some(bytes), used: 0 })
    }

    /// The first `length` bytes, to write into.
    pub(super) fn first(&mut self, length: usize) -> &mut [u8] {
        self.used = self.used.max(length);
        self.bytes.as_deref_mut().and_then(|bytes| bytes.get_mut(..length)).unwrap_or_default()
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
        self.bytes.as_deref().unwrap_or_default()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some(bytes) = self.bytes.take().filter(|_| self.used <= KEPT_BYTES) else { return };
        let mut rooms = ROOMS.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.len() < KEPT {
            rooms.push(bytes);
        }
    }
}

/// Calls `with` with the content of the file.
pub(super) fn with_content<T>(file: &mut File, with: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    // One byte more shows that this is all.
    let room = Room::take().filter(|_| length < ROOM);
    let Some(mut room) = room else {
        let mut whole = Vec::new();
        file.read_to_end(&mut whole)?;
        return Ok(with(&whole));
    };
    let bytes = room.first(length + 1);
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
    drop(room);
    file.read_to_end(&mut whole)?;
    Ok(with(&whole))
}
