//! Samples that lie in memory of somebody else's, such as what another process decoded into.

use std::fmt;
use std::sync::Arc;

use super::{Depth, SamplesRef};

/// Memory of somebody else's, in which bytes stay as they are while it is held.
pub trait Memory: fmt::Debug + Send + Sync {
    fn bytes(&self) -> &[u8];
}

/// Samples in memory that is held, not owned: read where they lie, copied before they are changed.
#[derive(Debug, Clone)]
pub struct SharedSamples {
    pub(super) depth: Depth,
    memory: Arc<dyn Memory>,
}

impl SharedSamples {
    /// `None` where the bytes are no whole samples of this depth, or do not lie as such must.
    #[must_use]
    pub fn new(depth: Depth, memory: Arc<dyn Memory>) -> Option<Self> {
        let fits = match depth {
            Depth::Eight => true,
            Depth::Sixteen => bytemuck::try_cast_slice::<u8, u16>(memory.bytes()).is_ok(),
        };
        fits.then_some(Self { depth, memory })
    }

    pub(super) fn as_ref(&self) -> SamplesRef<'_> {
        let bytes = self.memory.bytes();
        match self.depth {
            Depth::Eight => SamplesRef::U8(bytes),
            Depth::Sixteen => SamplesRef::U16(bytemuck::cast_slice(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Samples, SamplesMut};
    use super::*;

    #[derive(Debug)]
    struct Lent(Vec<u64>);

    impl Memory for Lent {
        fn bytes(&self) -> &[u8] {
            &bytemuck::cast_slice(&self.0)[..6]
        }
    }

    #[test]
    fn shared_samples_are_read_where_they_lie_and_copied_before_a_change() {
        let memory: Arc<dyn Memory> = Arc::new(Lent(vec![0x0003_0002_0001]));
        let shared = SharedSamples::new(Depth::Sixteen, Arc::clone(&memory)).unwrap();
        let mut samples = Samples::Shared(shared);
        assert_eq!(samples, Samples::U16(vec![1, 2, 3]));
        let SamplesRef::U16(read) = samples.as_ref() else {
            unreachable!()
        };
        assert_eq!(read.as_ptr().cast(), memory.bytes().as_ptr());
        let SamplesMut::U16(values) = samples.as_mut() else {
            unreachable!()
        };
        values[0] = 9;
        assert_eq!(samples, Samples::U16(vec![9, 2, 3]));
        assert_eq!(memory.bytes()[0], 1);
    }
}
