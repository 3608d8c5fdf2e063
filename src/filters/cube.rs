//! `.cube` files (Adobe's Cube LUT Specification 1.0): a colour for each node of a cube of colours.
//!
//! Text in, table out; what the colours mean is the filter's affair. One-dimensional tables are
//! refused: a tone curve does their work.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Larger tables are not read; the largest in use have 65 nodes a side.
pub const MAX_SIDE: usize = 65;

/// A table of `side`³ colours, red changing fastest.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Cube {
    side: u16,
    /// Input of the first and the last node, a channel each.
    domain: [[f32; 3]; 2],
    nodes: Arc<[[f32; 3]]>,
}

/// Why a text is no table of colours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CubeError {
    #[error("it does not say LUT_3D_SIZE, so it is no .cube file")]
    NoSize,
    #[error("its size is not from 2 to {MAX_SIDE} (line {0})")]
    Size(usize),
    #[error("it is a one-dimensional table; use the tone curve instead")]
    OneDimensional,
    #[error("line {0} is no colour of three numbers")]
    Line(usize),
    #[error("its domain is empty (line {0})")]
    Domain(usize),
    #[error("it has {has} colours, its size asks for {wants}")]
    Length { has: usize, wants: usize },
}

impl Cube {
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str) -> Result<Self, CubeError> {
        let mut side = 0;
        let mut domain = [[0.0; 3], [1.0; 3]];
        let mut domain_line = 1;
        let mut nodes: Vec<[f32; 3]> = Vec::new();
        for (line_idx, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let at = line_idx + 1;
            let line = line.split('#').next().unwrap_or_default().trim();
            let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            match word {
                "LUT_3D_SIZE" => {
                    let given = rest.trim().parse().ok();
                    let given = given.filter(|given| (2..=MAX_SIDE).contains(given));
                    side = given.ok_or(CubeError::Size(at))?;
                    nodes.reserve_exact(side.pow(3));
                }
                "LUT_1D_SIZE" => return Err(CubeError::OneDimensional),
                "DOMAIN_MIN" => domain[0] = numbers(rest).ok_or(CubeError::Line(at))?,
                "DOMAIN_MAX" => {
                    domain[1] = numbers(rest).ok_or(CubeError::Line(at))?;
                    domain_line = at;
                }
                "LUT_3D_INPUT_RANGE" => {
                    let [low, high] = numbers(rest).ok_or(CubeError::Line(at))?;
                    domain = [[low; 3], [high; 3]];
                    domain_line = at;
                }
                "" => {}
                // A title, or words of other programs.
                _ if word.starts_with(|c: char| c.is_ascii_uppercase()) => {}
                _ if nodes.len() < side.pow(3) => {
                    nodes.push(numbers(line).ok_or(CubeError::Line(at))?);
                }
                _ if side > 0 => {
                    let wants = side.pow(3);
                    let has = wants + 1;
                    return Err(CubeError::Length { has, wants });
                }
                _ => {}
            }
        }
        if (0..3).any(|c| domain[1][c] - domain[0][c] < 1.0e-3) {
            return Err(CubeError::Domain(domain_line));
        }
        Self::of_nodes(side, domain, nodes)
    }

    fn of_nodes(
        side: usize,
        domain: [[f32; 3]; 2],
        nodes: Vec<[f32; 3]>,
    ) -> Result<Self, CubeError> {
        if side == 0 {
            return Err(CubeError::NoSize);
        }
        let (has, wants) = (nodes.len(), side.pow(3));
        if has != wants {
            return Err(CubeError::Length { has, wants });
        }
        Ok(Self {
            side: side as u16,
            domain,
            nodes: nodes.into(),
        })
    }

    /// Nodes along each side, at least 2.
    #[must_use]
    pub fn side(&self) -> usize {
        usize::from(self.side)
    }

    /// Input of the first and the last node, a channel each; the last is larger.
    #[must_use]
    pub const fn domain(&self) -> [[f32; 3]; 2] {
        self.domain
    }

    /// `side`³ colours, red changing fastest, blue slowest.
    #[must_use]
    pub fn nodes(&self) -> &Arc<[[f32; 3]]> {
        &self.nodes
    }

    /// Whether there are as many nodes as the side asks for: what came from another process may lie.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        (2..=MAX_SIDE).contains(&self.side()) && self.nodes.len() == self.side().pow(3)
    }
}

impl fmt::Debug for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cube of {0} × {0} × {0}", self.side)
    }
}

/// Exactly `N` finite numbers, held to what a picture can use.
fn numbers<const N: usize>(text: &str) -> Option<[f32; N]> {
    let mut numbers = [0.0; N];
    let mut words = text.split_ascii_whitespace();
    for number in &mut numbers {
        let given: f32 = words.next()?.parse().ok()?;
        *number = given.is_finite().then_some(given.clamp(-1.0e4, 1.0e4))?;
    }
    words.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "# made by hand\nTITLE \"Swap\"\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\n\
        DOMAIN_MAX 1 1 1\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n";

    #[test]
    fn red_changes_fastest() {
        let cube = Cube::parse(SMALL).unwrap();
        assert_eq!((cube.side(), cube.domain()), (2, [[0.0; 3], [1.0; 3]]));
        assert_eq!(cube.nodes()[1], [0.0, 0.0, 1.0], "full red becomes blue");
        assert!(cube.is_sound());
        assert_eq!(Cube::parse(&SMALL.replace('\n', "\r\n")).unwrap(), cube);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let fault = |text: &str| Cube::parse(text).unwrap_err();
        assert_eq!(fault(""), CubeError::NoSize);
        assert_eq!(fault("hello there"), CubeError::NoSize);
        assert_eq!(fault("LUT_3D_SIZE 1"), CubeError::Size(1));
        assert_eq!(fault("\nLUT_3D_SIZE 100000000"), CubeError::Size(2));
        assert_eq!(fault("LUT_1D_SIZE 16"), CubeError::OneDimensional);
        assert_eq!(
            fault(&SMALL.replace("1 1 0", "1 nan 0")),
            CubeError::Line(12)
        );
        assert_eq!(
            fault(&SMALL.replace("1 1 0\n", "")),
            CubeError::Length { has: 7, wants: 8 }
        );
        let long = format!("{SMALL}0 0 0\n");
        assert_eq!(fault(&long), CubeError::Length { has: 9, wants: 8 });
        let flat = SMALL.replace("DOMAIN_MAX 1 1 1", "DOMAIN_MAX 1 0 1");
        assert_eq!(fault(&flat), CubeError::Domain(5));
    }
}
