//! Labels at the ends of lines, moved apart where they would lie on each other.

/// Pixels between two labels.
pub(super) const APART: f64 = 15.0;

/// Places for labels that want to be at `wanted`, within 0 and `height`: in the same order, each at least [`APART`] from
/// the next, as near to where it wants to be as the others let it. Where there is no room for all, they share it evenly.
pub(super) fn apart(wanted: &[f64], height: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|one, other| wanted[*one].total_cmp(&wanted[*other]));
    let gap = match wanted.len() {
        0 | 1 => APART,
        #[expect(clippy::cast_precision_loss, reason = "a handful of labels")]
        many => APART.min(height / (many - 1) as f64),
    };
    let mut placed = vec![0.0; wanted.len()];
    let mut least = 0.0;
    for at in &order {
        placed[*at] = wanted[*at].clamp(0.0, height).max(least);
        least = placed[*at] + gap;
    }
    let mut most = height;
    for at in order.iter().rev() {
        placed[*at] = placed[*at].min(most);
        most = placed[*at] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_want_to_be() {
        assert_eq!(apart(&[200.0, 10.0, 100.0], 220.0), [200.0, 10.0, 100.0]);
        assert_eq!(apart(&[10.0, 12.0], 220.0), [10.0, 25.0]);
        assert_eq!(apart(&[219.0, 220.0], 220.0), [205.0, 220.0]);
    }

    proptest! {
        #[test]
        fn labels_neither_lie_on_each_other_nor_outside(wanted in proptest::collection::vec(-50.0..300.0_f64, 0..12)) {
            let placed = apart(&wanted, 220.0);
            let mut sorted = placed.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= APART - 1e-9), "{placed:?}");
            prop_assert!(placed.iter().all(|place| (-1e-9..=220.0 + 1e-9).contains(place)), "{placed:?}");
        }
    }
}
