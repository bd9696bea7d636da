//! Whom a text mentions, as it is marked. It does not know how marks look.

use std::ops::Range;

use parley_shared::mentions::mentions;

use crate::dom;

/// Where a text mentions someone, and whether that is the reader. Where it cannot be seen how long a name is, it is the
/// reader's if that is one of those that it may be, else the longest.
pub(super) fn mentioned(text: &str, reader: Option<&str>) -> Vec<(Range<usize>, bool)> {
    let reader = reader.map(dom::lower_case);
    let is_reader = |name: &&str| {
        let reader = reader.as_ref();
        reader.is_some_and(|reader| *reader == dom::lower_case(name))
    };
    mentions(text)
        .filter_map(|mention| match mention.names().find(is_reader) {
            Some(name) => Some((mention.range_of(name), true)),
            None => {
                let longest = mention.names().next()?;
                Some((mention.range_of(longest), false))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_be_meant_is_found_where_their_name_stands() {
        let text = "hi @bo, see a@b.example @cy";
        assert_eq!(mentioned(text, None), [(3..6, false), (24..27, false)]);
        assert_eq!(mentioned("hi bo", None), []);
    }
}
