// Shared by recurrent cells: walks over states and the sums of their gates, which lie side by side in each row.
#pragma once
#include "base/activation.h"
#include "base/arguments.h"
#include "base/row.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

/** `count` neighbouring units of a state [batch, units]: element `at` of the state, and element `gates` of the sums of its gates. */
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

/** The gradient of a gate's sum from the gradient dy of its value y. */
inline vf sigmoid_grad(vf y, vf dy) { return activate_grad<SIGMOID>(y, dy, vf{}); }
inline vf tanh_grad(vf y, vf dy) { return activate_grad<TANH>(y, dy, vf{}); }

} // namespace SINAPSE_ISA
