//! The points of a curve a person draws: checked once, so that nobody after has to.
//!
//! What runs between the points is the filter's affair.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// 2…16 points (x, y) in 0…1, x rising by at least [`CurvePoints::MIN_GAP`].
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<[f64; 2]>", into = "Vec<[f64; 2]>")]
pub struct CurvePoints(Arc<[[f64; 2]]>);

/// Why points make no curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CurveFault {
    #[error("a curve has 2 to {} points", CurvePoints::MAX_POINTS)]
    Number,
    #[error("points of a curve lie in 0 to 1")]
    Outside,
    #[error(
        "the points of a curve go from left to right, at least {} apart",
        CurvePoints::MIN_GAP
    )]
    Order,
}

impl CurvePoints {
    pub const MAX_POINTS: usize = 16;

    /// The least distance between the x of neighbours: as one step of 8 bits.
    pub const MIN_GAP: f64 = 0.004;

    /// From corner to corner: what leaves everything alone.
    #[must_use]
    pub fn straight() -> Self {
        Self(Arc::from([[0.0, 0.0], [1.0, 1.0]]))
    }

    /// # Errors
    /// What is wrong with the points.
    pub fn new(points: &[[f64; 2]]) -> Result<Self, CurveFault> {
        if !(2..=Self::MAX_POINTS).contains(&points.len()) {
            return Err(CurveFault::Number);
        }
        if !points.iter().flatten().all(|c| (0.0..=1.0).contains(c)) {
            return Err(CurveFault::Outside);
        }
        if !points
            .windows(2)
            .all(|pair| pair[1][0] - pair[0][0] >= Self::MIN_GAP)
        {
            return Err(CurveFault::Order);
        }
        // Both zeros are one.
        Ok(Self(points.iter().map(|p| p.map(|c| c + 0.0)).collect()))
    }

    #[must_use]
    pub fn points(&self) -> &[[f64; 2]] {
        &self.0
    }

    /// Whether it runs along the diagonal from corner to corner.
    #[must_use]
    pub fn is_straight(&self) -> bool {
        let (first, last) = (self.0[0], self.0[self.0.len() - 1]);
        first[0] == 0.0 && last[0] == 1.0 && self.0.iter().all(|[x, y]| x == y)
    }

    /// From `0,0;0.5,0.6;1,1`: points by semicolons, x and y by a comma or a colon.
    ///
    /// # Errors
    /// `None` where it is no such text, else what is wrong with the points.
    pub fn parse(text: &str) -> Option<Result<Self, CurveFault>> {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let point = |text: &str| {
            let (x, y) = text.split_once([',', ':'])?;
            Some([number(x)?, number(y)?])
        };
        let parts = text.split(';').filter(|part| !part.trim().is_empty());
        let points: Option<Vec<[f64; 2]>> = parts.map(point).collect();
        points.map(|points| Self::new(&points))
    }
}

impl fmt::Display for CurvePoints {
    /// What [`CurvePoints::parse`] takes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, [x, y]) in self.0.iter().enumerate() {
            let separator = if idx == 0 { "" } else { ";" };
            write!(f, "{separator}{x},{y}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CurvePoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<Vec<[f64; 2]>> for CurvePoints {
    type Error = CurveFault;

    fn try_from(points: Vec<[f64; 2]>) -> Result<Self, CurveFault> {
        Self::new(&points)
    }
}

impl From<CurvePoints> for Vec<[f64; 2]> {
    fn from(curve: CurvePoints) -> Self {
        curve.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_points_agree() {
        let curve = CurvePoints::new(&[[0.0, 0.0], [0.25, 0.2], [1.0, 1.0]]).unwrap();
        assert_eq!(curve.to_string(), "0,0;0.25,0.2;1,1");
        assert_eq!(
            CurvePoints::parse("0,0;0.25,0.2;1,1"),
            Some(Ok(curve.clone()))
        );
        assert_eq!(CurvePoints::parse(" 0:0 ; .25:.2; 1:1;"), Some(Ok(curve)));
        for text in ["", "0.5", "a,b;c,d"] {
            assert!(!matches!(CurvePoints::parse(text), Some(Ok(_))), "{text}");
        }
    }

    #[test]
    fn what_is_no_curve_is_refused() {
        let fault = |points: &[[f64; 2]]| CurvePoints::new(points).unwrap_err();
        assert_eq!(fault(&[[0.0, 0.0]]), CurveFault::Number);
        assert_eq!(fault(&[[0.1, 0.0]; 17]), CurveFault::Number);
        assert_eq!(fault(&[[0.0, 0.0], [f64::NAN, 1.0]]), CurveFault::Outside);
        assert_eq!(fault(&[[0.0, 0.0], [1.0, 1.1]]), CurveFault::Outside);
        assert_eq!(fault(&[[0.5, 0.0], [0.5, 1.0]]), CurveFault::Order);
        assert_eq!(fault(&[[1.0, 0.0], [0.0, 1.0]]), CurveFault::Order);
    }

    #[test]
    fn only_the_whole_diagonal_is_straight() {
        assert!(CurvePoints::straight().is_straight());
        let held = CurvePoints::new(&[[0.1, 0.1], [1.0, 1.0]]).unwrap();
        assert!(!held.is_straight(), "flat below its first point");
    }
}
