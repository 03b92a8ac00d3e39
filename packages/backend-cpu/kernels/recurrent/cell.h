// What the cells of recurrent networks share: walking over states and the sums of their gates, which lie side by side in each row.
#pragma once
#include "base/arguments.h"
#include "base/row.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

/** Units of a state [batch, units], `count` of them next to each other: element `at` of the state, and in its row of gates' sums. */
struct Units {
  i64 at, gates, units, count;

  vf state(const f32 *from) const { return load_some(from + at, count); }
  void set_state(f32 *to, vf value) const { store_some(to + at, value, count); }
  vf gate(const f32 *from, int index) const { return load_some(from + gates + index * units, count); }
  void set_gate(f32 *to, int index, vf value) const { store_some(to + gates + index * units, value, count); }
};

/** Calls body(Units) for all units of all rows, a vector at a time. */
template <int GATES, class Body> inline void for_each_unit(i64 batch, i64 units, const Body &body) {
  parallel_ranges(batch * units, COSTLY_GRAIN, [&](i64 begin, i64 end, int) {
    for (i64 at = begin; at < end;) {
      const i64 row = at / units, stop = minimum(end, (row + 1) * units);
      for (; at < stop; at += WIDTH) body(Units{at, row * GATES * units + at - row * units, units, minimum<i64>(WIDTH, stop - at)});
      at = stop;
    }
  });
}

/** The slope of sigmoid where it is y, and of tanh. */
inline vf sigmoid_slope(vf y) { return y * (1.0f - y); }
inline vf tanh_slope(vf y) { return fma(-y, y, splat(1.0f)); }

} // namespace SINAPSE_ISA
