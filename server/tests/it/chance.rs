//! Chance that can be repeated. It does not know what is chosen by it.

/// A sequence that is the same for the same seed (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014).
pub(crate) struct Chance(u64);

impl Chance {
    /// Another one each time. The seed is printed, so that a test that failed can be repeated.
    pub(crate) fn new() -> Self {
        let seed = parley_server::clock::now_ms();
        println!("seed {seed}");
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}
