// gru: a GRU over a whole sequence, with the cell of gruCell.
#pragma once
#include "recurrent/gru_cell.h"
#include "recurrent/sequence.h"

namespace SINAPSE_ISA {

// steps, batch, units, reverse, lengths or null, x, weight, bias, h, states, hidden
inline void gru(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const f32 *x = arguments.pointer<const f32>(), *weight = arguments.pointer<const f32>(), *bias = arguments.pointer<const f32>();
  const f32 *h = arguments.pointer<const f32>();
  f32 *states = arguments.pointer<f32>(), *hidden = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  const StepProduct product(s.batch, s.units, 3, s.units, weight, false, s.steps, scratch);
  for (i64 turn = 0; turn < s.steps; turn++) {
    const i64 t = s.step(turn, false);
    const f32 *state = s.before(states, h, t), *input = x + t * 3 * size;
    f32 *const sum = hidden + t * 3 * size, *const next = states + t * size;
    product.run(state, sum, bias, nullptr, [&](const UnitBlock &block) {
      block.each<3>(s.units, [&](const Units &at, i64 row) {
        const vf before = at.state(state);
        if (!s.has(t, row)) return at.set_state(next, before);
        const OpenedGru cell(at, input, sum);
        at.set_state(next, fma(cell.z, before - cell.n, cell.n));
      });
    });
  }
}

// steps, batch, units, reverse, lengths or null, x, hidden, weight, states, h, dstates, dsums or null, dx, dhidden, dh
inline void gruGrad(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const f32 *x = arguments.pointer<const f32>(), *hidden = arguments.pointer<const f32>(), *weight = arguments.pointer<const f32>();
  const f32 *states = arguments.pointer<const f32>(), *h = arguments.pointer<const f32>();
  const f32 *dstates = arguments.pointer<const f32>(), *dsums = arguments.pointer<const f32>();
  f32 *dx = arguments.pointer<f32>(), *dhidden = arguments.pointer<f32>(), *dh = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  f32 *const direct = scratch.floats(size);
  sequence_gradient<3>(s, weight, dstates, dhidden, direct, dh, scratch, [&](i64 t, const UnitBlock &block, const f32 *of_states) {
    const f32 *input = x + t * 3 * size, *sum = hidden + t * 3 * size, *state = s.before(states, h, t);
    const f32 *extra = dsums == nullptr ? nullptr : dsums + t * 3 * size;
    f32 *const to_x = dx + t * 3 * size, *const to_hidden = dhidden + t * 3 * size;
    block.each<3>(s.units, [&](const Units &at, i64 row) {
      const auto set = [&](int gate, vf value) { at.set_gate(to_hidden, gate, extra == nullptr ? value : value + at.gate(extra, gate)); };
      if (!s.has(t, row)) {
        for (int gate = 0; gate < 3; gate++) at.set_gate(to_x, gate, vf{}), set(gate, vf{});
        return;
      }
      const OpenedGru cell(at, input, sum);
      const vf d = at.state(of_states);
      const vf dn = tanh_grad(cell.n, d * (1.0f - cell.z));
      const vf dz = sigmoid_grad(cell.z, d * (at.state(state) - cell.n));
      const vf dr = sigmoid_grad(cell.r, dn * cell.s);
      at.set_gate(to_x, 0, dr);
      at.set_gate(to_x, 1, dz);
      at.set_gate(to_x, 2, dn);
      set(0, dr);
      set(1, dz);
      set(2, dn * cell.r);
      at.set_state(direct, d * cell.z);
    });
  });
}

} // namespace SINAPSE_ISA

#define GRU_KERNELS(KERNEL) KERNEL(gru) KERNEL(gruGrad)
