// rnn: Elman 1990, a recurrent network of one gate over a whole sequence.
#pragma once
#include "recurrent/sequence.h"

namespace SINAPSE_ISA {

// steps, batch, units, reverse, lengths or null, relu, x, weight, h, states
inline void rnn(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const bool relu = arguments.flag();
  const f32 *x = arguments.pointer<const f32>(), *weight = arguments.pointer<const f32>(), *h = arguments.pointer<const f32>();
  f32 *states = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  const StepProduct product(s.batch, s.units, 1, s.units, weight, false, s.steps, scratch);
  for (i64 turn = 0; turn < s.steps; turn++) {
    const i64 t = s.step(turn, false);
    const f32 *before = s.before(states, h, t);
    f32 *state = states + t * size;
    product.run(before, state, nullptr, x + t * size, [&](const UnitBlock &block) {
      block.each<1>(s.units, [&](const Units &at, i64 row) {
        const vf sum = at.state(state);
        at.set_state(state, !s.has(t, row) ? at.state(before) : relu ? activate<RELU>(sum, vf{}) : tanh(sum));
      });
    });
  }
}

// steps, batch, units, reverse, lengths or null, relu, weight, states, dstates, dx, dh
inline void rnnGrad(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const bool relu = arguments.flag();
  const f32 *weight = arguments.pointer<const f32>(), *states = arguments.pointer<const f32>(), *dstates = arguments.pointer<const f32>();
  f32 *dx = arguments.pointer<f32>(), *dh = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  sequence_gradient<1>(s, weight, dstates, dx, nullptr, dh, scratch, [&](i64 t, const UnitBlock &block, const f32 *d) {
    block.each<1>(s.units, [&](const Units &at, i64 row) {
      const vf y = at.state(states + t * size), dy = at.state(d);
      at.set_state(dx + t * size, !s.has(t, row) ? vf{} : relu ? activate_grad<RELU>(y, dy, vf{}) : tanh_grad(y, dy));
    });
  });
}

} // namespace SINAPSE_ISA

#define RNN_KERNELS(KERNEL) KERNEL(rnn) KERNEL(rnnGrad)
