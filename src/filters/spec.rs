//! What a filter tells the world: slider, flag, recipe field, help, README table and tests read it.

use super::curve_points::CurvePoints;
use super::value::Value;

/// A filter's identity, place and parameters.
#[derive(Debug)]
pub struct Spec {
    /// What recipes and flags call it, such as `white-balance`. Never changes.
    pub id: &'static str,
    pub label: &'static str,
    /// One sentence for help and menus, without a full stop.
    pub summary: &'static str,
    pub group: Group,
    /// Where "add a filter" puts it among the others: lower comes first.
    pub rank: u16,
    /// Raised when the formula changes; stored with each edit.
    pub formula: u32,
    /// Whether a fresh photo shows its slider at identity.
    pub ready: bool,
    /// Whether a reduced preview cannot show it exactly: "judge at 100 %".
    pub judge_at_full: bool,
    pub params: &'static [ParamSpec],
}

impl Spec {
    #[must_use]
    pub fn param_idx(&self, param_id: &str) -> Option<usize> {
        self.params.iter().position(|param| param.id == param_id)
    }

    /// Geometry has no opacity.
    #[must_use]
    pub const fn is_geometry(&self) -> bool {
        matches!(self.group, Group::Geometry)
    }
}

/// Where a photographer looks for a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Geometry,
    Light,
    Color,
    Detail,
    Effects,
}

impl Group {
    pub const ALL: [Self; 5] = [
        Self::Geometry,
        Self::Light,
        Self::Color,
        Self::Detail,
        Self::Effects,
    ];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Geometry => "Geometry",
            Self::Light => "Light",
            Self::Color => "Colour",
            Self::Detail => "Detail",
            Self::Effects => "Effects",
        }
    }
}

/// One parameter.
#[derive(Debug)]
pub struct ParamSpec {
    /// What recipes and flags call it, such as `temperature`. Never changes.
    pub id: &'static str,
    pub label: &'static str,
    pub kind: ParamKind,
}

impl ParamSpec {
    /// Whether the parameter does nothing at `value`; `None` where it alone does not decide that.
    #[must_use]
    pub fn rests_at(&self, value: &Value) -> Option<bool> {
        match (&self.kind, value) {
            (ParamKind::Number(number), _) => {
                let identity = number.identity?;
                Some(matches!(value, Value::Number(number) if *number == identity))
            }
            (ParamKind::Curve(_), Value::Curve(curve)) => Some(curve.is_straight()),
            (ParamKind::Asset(_), value) => Some(matches!(value, Value::Asset(None))),
            (ParamKind::Choice(_) | ParamKind::Curve(_), _) => None,
        }
    }

    /// What it starts with when its filter is added from the menu.
    #[must_use]
    pub fn on_add(&self) -> Value {
        match &self.kind {
            ParamKind::Number(number) => Value::Number(number.on_add),
            ParamKind::Choice(choice) => Value::Choice(choice.on_add),
            ParamKind::Curve(curve) => Value::Curve(curve.start()),
            ParamKind::Asset(_) => Value::Asset(None),
        }
    }
}

#[derive(Debug)]
pub enum ParamKind {
    Number(NumberSpec),
    Choice(ChoiceSpec),
    Curve(CurveSpec),
    Asset(AssetSpec),
}

/// A curve through 2…16 points in 0…1; straight from corner to corner it does nothing.
#[derive(Debug)]
pub struct CurveSpec {
    /// Points it starts with.
    pub on_add: &'static [[f64; 2]],
    /// Ink of the line, as 0xRRGGBB; `None` for the writing's own.
    pub ink: Option<u32>,
}

impl CurveSpec {
    fn start(&self) -> CurvePoints {
        CurvePoints::new(self.on_add).unwrap_or_else(|_| CurvePoints::straight())
    }
}

/// A file whose content the filter needs; without one it does nothing.
#[derive(Debug)]
pub struct AssetSpec {
    /// Endings such a file has, without the point.
    pub endings: &'static [&'static str],
    /// For messages: "a .cube file".
    pub what: &'static str,
}

/// Parameters that are shown together, where a filter has too many for one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    pub label: &'static str,
    pub n_params: usize,
}

/// A number with its range, both ends allowed.
#[derive(Debug)]
pub struct NumberSpec {
    pub min: f64,
    pub max: f64,
    /// What an arrow key changes.
    pub step: f64,
    /// `None`: this parameter alone does not decide whether the filter does anything.
    pub identity: Option<f64>,
    pub on_add: f64,
    pub unit: Unit,
    /// Digits after the point that people see.
    pub decimals: usize,
    pub track: Track,
}

impl NumberSpec {
    /// An amount from `min` to 100 in whole steps, without a unit.
    #[must_use]
    pub const fn percent(min: f64, identity: Option<f64>, on_add: f64) -> Self {
        Self {
            min,
            max: 100.0,
            step: 1.0,
            identity,
            on_add,
            unit: Unit::None,
            decimals: 0,
            track: Track::Plain,
        }
    }
}

/// One of a few named options.
#[derive(Debug)]
pub struct ChoiceSpec {
    pub options: &'static [ChoiceOption],
    /// Index of the option it starts with.
    pub on_add: u16,
}

#[derive(Debug)]
pub struct ChoiceOption {
    /// What recipes and flags call it.
    pub id: &'static str,
    pub label: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A bare amount, shown with its sign where the range has both.
    None,
    /// Exposure values: doublings of light.
    Ev,
    /// Pixels of the photo at scale 1.
    Px,
    /// 0…1 of the frame's side; `px` values are taken as well.
    Fraction,
    /// Quarter turns clockwise.
    QuarterTurns,
    /// Degrees, clockwise where it is a turn.
    Degrees,
}

impl Unit {
    /// What stands behind a number; empty where nothing does.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::None | Self::Fraction => "",
            Self::Ev => "EV",
            Self::Px => "px",
            Self::QuarterTurns => "× 90°",
            Self::Degrees => "°",
        }
    }
}

impl Unit {
    /// The unit behind digits: with a gap, but for degrees.
    #[must_use]
    pub fn behind(self, digits: &str) -> String {
        match self.symbol() {
            "" => digits.to_owned(),
            "°" => format!("{digits}°"),
            symbol => format!("{digits} {symbol}"),
        }
    }
}

/// How a slider's track is painted, and how its positions spread over the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Track {
    Plain,
    /// Positions spread as a square, for radii: fine at the small end.
    Fine,
    /// Blue to yellow.
    Temperature,
    /// Green to magenta.
    Tint,
    /// Positions spread as logarithms, for factors: 1 in the middle of 0.1…10.
    Ratio,
    /// Once round the circle of hues, red at both ends.
    Hue,
    /// From the lower end over the middle to the upper, as 0xRRGGBB.
    Blend([u32; 3]),
}
