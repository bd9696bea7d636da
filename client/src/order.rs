//! Puts short lists in order. It does not know what is in them.
//!
//! Sorting as the standard library does it is made for long lists, and some kilobytes of it are compiled for each type of
//! which a list is sorted. Every visitor would download that for lists of a few dozen.

/// Puts a list in order; what stands before what else, `before` says. Of two of which neither does, the first stays the first.
pub fn put<T>(list: &mut [T], before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        let mut place = end;
        while place > 0 && before(&list[place], &list[place - 1]) {
            list.swap(place, place - 1);
            place -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_put_in_order_and_equals_stay_as_they_stood() {
        let mut list = [(3, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (3, 'e')];
        put(&mut list, |one, other| one.0 < other.0);
        assert_eq!(list, [(1, 'b'), (1, 'd'), (2, 'c'), (3, 'a'), (3, 'e')]);
        put::<u8>(&mut [], |one, other| one < other);
    }
}
