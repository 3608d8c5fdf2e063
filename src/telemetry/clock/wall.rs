//! Wall-clock time as RFC 3339 text in UTC. No time zones, no parsing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::monotonic::anchor;

const SECONDS_A_DAY: u64 = 86_400;

/// Wall-clock text of a moment of [`super::now_ns`]. The system's clock is read once a process, so
/// that differences between two moments are true even when somebody sets it meanwhile.
#[must_use]
pub fn wall_at(at_ns: u64) -> String {
    rfc3339_utc(anchor().wall + Duration::from_nanos(at_ns))
}

/// Such as `2026-02-03T04:05:06.789Z`; times before 1970 read as its first moment.
#[must_use]
pub fn rfc3339_utc(time: SystemTime) -> String {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since_epoch.as_secs();
    let (year, month, day) = civil_from_days(seconds / SECONDS_A_DAY);
    let of_day = seconds % SECONDS_A_DAY;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60,
        since_epoch.subsec_millis()
    )
}

/// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day comes last; 719 468 days lie between
/// 0000-03-01 and 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let leap_days = day_of_era / 1_460 + day_of_era / 146_096;
    let year_of_era = (day_of_era + day_of_era / 36_524 - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_read_as_date_prints_them() {
        // From `date -u -d @N`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_709_210_096, "2024-02-29T12:34:56.000Z"),
            (1_798_761_599, "2026-12-31T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(rfc3339_utc(time), text);
        }
    }

    #[test]
    fn days_follow_one_another_through_four_centuries() {
        let is_leap = |year: u64| {
            year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
        };
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..146_097 {
            assert_eq!(civil_from_days(days), (year, month, day));
            let length = match month {
                2 if is_leap(year) => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }

    #[test]
    fn wall_and_monotonic_moments_agree() {
        let now = wall_at(super::super::now_ns());
        // Texts of this form sort as the moments they name.
        assert!(
            now <= rfc3339_utc(SystemTime::now() + Duration::from_secs(5)),
            "{now}"
        );
        assert!(
            now >= rfc3339_utc(SystemTime::now() - Duration::from_secs(5)),
            "{now}"
        );
    }

    #[test]
    fn milliseconds_are_kept_and_years_before_1970_do_not_panic() {
        let time = UNIX_EPOCH + Duration::from_nanos(1_234_567_890);
        assert_eq!(rfc3339_utc(time), "1970-01-01T00:00:01.234Z");
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(rfc3339_utc(before), "1970-01-01T00:00:00.000Z");
    }
}
