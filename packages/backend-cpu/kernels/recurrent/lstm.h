// lstm: an LSTM over a whole sequence, with the cell of lstmCell.
#pragma once
#include "recurrent/lstm_cell.h"
#include "recurrent/sequence.h"

namespace SINAPSE_ISA {

// steps, batch, units, reverse, lengths or null, x, weight, h, c, states, memories, sums
inline void lstm(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const f32 *x = arguments.pointer<const f32>(), *weight = arguments.pointer<const f32>();
  const f32 *h = arguments.pointer<const f32>(), *c = arguments.pointer<const f32>();
  f32 *states = arguments.pointer<f32>(), *memories = arguments.pointer<f32>(), *sums = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  const StepProduct product(s.batch, s.units, 4, s.units, weight, false, s.steps, scratch);
  for (i64 turn = 0; turn < s.steps; turn++) {
    const i64 t = s.step(turn, false);
    const f32 *state = s.before(states, h, t), *memory = s.before(memories, c, t);
    f32 *const sum = sums + t * 4 * size, *const next_state = states + t * size, *const next_memory = memories + t * size;
    product.run(state, sum, nullptr, x + t * 4 * size, [&](const UnitBlock &block) {
      block.each<4>(s.units, [&](const Units &at, i64 row) {
        const vf before = at.state(memory);
        if (!s.has(t, row)) {
          at.set_state(next_state, at.state(state));
          at.set_state(next_memory, before);
          return;
        }
        const OpenedLstm cell(at, sum, before);
        at.set_state(next_state, cell.o * tanh(cell.next));
        at.set_state(next_memory, cell.next);
      });
    });
  }
}

// steps, batch, units, reverse, lengths or null, sums, weight, memories, c, dstates, dmemories, dsums or null, dx, dh, dc
inline void lstmGrad(const f64 *from) {
  Arguments arguments(from);
  const Sequence s(arguments);
  const f32 *sums = arguments.pointer<const f32>(), *weight = arguments.pointer<const f32>();
  const f32 *memories = arguments.pointer<const f32>(), *c = arguments.pointer<const f32>();
  const f32 *dstates = arguments.pointer<const f32>(), *dmemories = arguments.pointer<const f32>(), *dsums = arguments.pointer<const f32>();
  f32 *dx = arguments.pointer<f32>(), *dh = arguments.pointer<f32>(), *dc = arguments.pointer<f32>();
  const i64 size = s.batch * s.units;
  if (size == 0) return;
  Scratch scratch;
  __builtin_memset(dc, 0, size * 4); // holds the gradient of the memory between steps
  sequence_gradient<4>(s, weight, dstates, dx, nullptr, dh, scratch, [&](i64 t, const UnitBlock &block, const f32 *d) {
    const f32 *memory = s.before(memories, c, t), *sum = sums + t * 4 * size, *extra = dsums == nullptr ? nullptr : dsums + t * 4 * size;
    f32 *const to = dx + t * 4 * size;
    block.each<4>(s.units, [&](const Units &at, i64 row) {
      const auto set = [&](int gate, vf value) { at.set_gate(to, gate, extra == nullptr ? value : value + at.gate(extra, gate)); };
      const vf of_memory = at.state(dmemories + t * size) + at.state(dc);
      if (!s.has(t, row)) {
        for (int gate = 0; gate < 4; gate++) set(gate, vf{});
        at.set_state(dc, of_memory);
        return;
      }
      const vf before = at.state(memory), of_state = at.state(d);
      const OpenedLstm cell(at, sum, before);
      const vf m = tanh(cell.next);
      const vf of_next = of_memory + tanh_grad(m, of_state * cell.o);
      set(0, sigmoid_grad(cell.i, of_next * cell.g));
      set(1, sigmoid_grad(cell.f, of_next * before));
      set(2, tanh_grad(cell.g, of_next * cell.i));
      set(3, sigmoid_grad(cell.o, of_state * m));
      at.set_state(dc, of_next * cell.f);
    });
  });
}

} // namespace SINAPSE_ISA

#define LSTM_KERNELS(KERNEL) KERNEL(lstm) KERNEL(lstmGrad)
