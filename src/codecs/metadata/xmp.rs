//! Finds XMP packets in PNG text chunks. JPEG and TIFF hand theirs over plainly.
//!
//! Packets are kept raw and are not carried into exports: they may state an orientation, a crop or
//! a history that the edited picture no longer has.

/// The packet of a PNG `iTXt` chunk, when it is XMP and not compressed (as the XMP specification
/// asks of writers, part 3, 1.1.5).
#[must_use]
pub fn packet_of_itxt(chunk: &[u8]) -> Option<&[u8]> {
    let rest = chunk.strip_prefix(b"XML:com.adobe.xmp\0")?;
    let [0, _method, rest @ ..] = rest else {
        return None;
    };
    let language_end = rest.iter().position(|&byte| byte == 0)?;
    let rest = &rest[language_end + 1..];
    let translated_end = rest.iter().position(|&byte| byte == 0)?;
    Some(&rest[translated_end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_xmp_packets_are_taken() {
        let chunk = b"XML:com.adobe.xmp\0\0\0en\0\0<x/>";
        assert_eq!(packet_of_itxt(chunk), Some(&b"<x/>"[..]));
        assert_eq!(packet_of_itxt(b"XML:com.adobe.xmp\0\x01\0\0\0<x/>"), None);
        assert_eq!(packet_of_itxt(b"Comment\0\0\0\0\0hello"), None);
        assert_eq!(packet_of_itxt(b"XML:com.adobe.xmp\0\0\0en"), None);
    }
}
