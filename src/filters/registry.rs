//! The table of all filters. Adding one is its file and its line here.

use super::Filter;

/// Every filter, in canonical order (by rank).
pub static FILTERS: &[&dyn Filter] = &[
    &super::chromatic_aberration::ChromaticAberration,
    &super::defringe::Defringe,
    &super::rotate::Rotate,
    &super::flip::Flip,
    &super::perspective::Perspective,
    &super::straighten::Straighten,
    &super::crop::Crop,
    &super::resize::Resize,
    &super::white_balance::WhiteBalance,
    &super::exposure::Exposure,
    &super::median::Median,
    &super::bilateral::Bilateral,
    &super::noise_reduction::NoiseReduction,
    &super::dehaze::Dehaze,
    &super::highlights::Highlights,
    &super::shadows::Shadows,
    &super::whites::Whites,
    &super::blacks::Blacks,
    &super::brightness::Brightness,
    &super::contrast::Contrast,
    &super::clarity::Clarity,
    &super::texture::Texture,
    &super::vibrance::Vibrance,
    &super::saturation::Saturation,
    &super::hue_bands::HueBands,
    &super::black_and_white::BlackAndWhite,
    &super::color_grading::ColorGrading,
    &super::sigmoid::Sigmoid,
    &super::tone_curve::ToneCurve,
    &super::levels::Levels,
    &super::lut::Lut,
    &super::glow::Glow,
    &super::blur::Blur,
    &super::box_blur::BoxBlur,
    &super::motion_blur::MotionBlur,
    &super::pixelate::Pixelate,
    &super::edges::Edges,
    &super::emboss::Emboss,
    &super::sharpen::Sharpen,
    &super::sepia::Sepia,
    &super::posterise::Posterise,
    &super::invert::Invert,
    &super::graduated_filter::GraduatedFilter,
    &super::vignette::Vignette,
    &super::grain::Grain,
];

/// The filter recipes call `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Filter> {
    FILTERS
        .iter()
        .copied()
        .find(|filter| filter.spec().id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::curve_points::CurvePoints;
    use crate::filters::spec::{ParamKind, ParamSpec};
    use crate::filters::value::Values;

    #[test]
    fn ids_are_unique_and_ranks_rise() {
        for pair in FILTERS.windows(2) {
            assert!(
                pair[0].spec().rank < pair[1].spec().rank,
                "{}",
                pair[1].spec().id
            );
        }
        for filter in FILTERS {
            let spec = filter.spec();
            let namesakes = FILTERS.iter().filter(|other| other.spec().id == spec.id);
            assert_eq!(namesakes.count(), 1, "{}", spec.id);
            assert!(spec.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert!(!spec.label.is_empty() && !spec.summary.ends_with('.'));
        }
    }

    #[test]
    fn values_lie_in_their_ranges_and_adding_does_something() {
        for filter in FILTERS {
            let spec = filter.spec();
            for param in spec.params {
                match &param.kind {
                    ParamKind::Number(number) => {
                        let range = number.min..=number.max;
                        assert!(range.contains(&number.on_add), "{}.{}", spec.id, param.id);
                        assert!(
                            number
                                .identity
                                .is_none_or(|identity| range.contains(&identity))
                        );
                        assert!(number.step > 0.0 && number.step <= number.max - number.min);
                    }
                    ParamKind::Choice(choice) => {
                        assert!(usize::from(choice.on_add) < choice.options.len());
                    }
                    ParamKind::Curve(curve) => {
                        assert!(CurvePoints::new(curve.on_add).is_ok(), "{}", spec.id);
                    }
                    ParamKind::Asset(asset) => assert!(!asset.endings.is_empty()),
                }
            }
            let rests = |param: &ParamSpec| param.rests_at(&param.on_add());
            // A file cannot be chosen beforehand.
            let needs_file = |param: &ParamSpec| matches!(param.kind, ParamKind::Asset(_));
            let waits = spec.params.iter().any(needs_file);
            assert_eq!(Values::on_add(spec).is_identity(spec), waits, "{}", spec.id);
            let can_rest = spec.params.iter().any(|param| rests(param).is_some());
            assert_eq!(Values::identity(spec).is_identity(spec), can_rest);
            let n_in_sections: usize = filter.sections().iter().map(|part| part.n_params).sum();
            assert!(
                n_in_sections == 0 || n_in_sections == spec.params.len(),
                "{}",
                spec.id
            );
        }
    }
}
