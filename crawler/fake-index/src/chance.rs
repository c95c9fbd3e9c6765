//! Dice that fall the same way each time.

/// A number that looks random and depends on nothing but `seed` and `what` (FNV-1a, stirred by SplitMix64).
pub(crate) fn chance(seed: u64, what: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for byte in what {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    stir(hash ^ stir(seed))
}

/// The same for numbers.
pub(crate) fn chance_of(seed: u64, which: u32, what: u32) -> u64 {
    stir(stir(seed) ^ (u64::from(which) << 32 | u64::from(what)))
}

fn stir(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
