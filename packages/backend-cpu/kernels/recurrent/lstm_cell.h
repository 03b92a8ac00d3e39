// lstmCell: Hochreiter, Schmidhuber 1997, with the forget gate of Gers, Schmidhuber, Cummins 2000. A row of sums holds the input gate, the forget
// gate, the candidate and the output gate.
#pragma once
#include "recurrent/cell.h"

namespace SINAPSE_ISA {

struct OpenedLstm {
  vf i, f, g, o, next;
  OpenedLstm(const Units &at, const f32 *gates, vf c)
      : i(sigmoid(at.gate(gates, 0))), f(sigmoid(at.gate(gates, 1))), g(tanh(at.gate(gates, 2))), o(sigmoid(at.gate(gates, 3))),
        next(fma(f, c, i * g)) {}
};

// gates, c, h, next, batch, units
inline void lstmCell(const f64 *from) {
  Arguments arguments(from);
  const f32 *gates = arguments.pointer<const f32>(), *c = arguments.pointer<const f32>();
  f32 *h = arguments.pointer<f32>(), *next = arguments.pointer<f32>();
  const i64 batch = arguments.integer(), units = arguments.integer();
  for_each_unit<4>(batch, units, [&](const Units &at) {
    const OpenedLstm cell(at, gates, at.state(c));
    at.set_state(h, cell.o * tanh(cell.next));
    at.set_state(next, cell.next);
  });
}

// gates, c, dh, dnext, dgates, dc, batch, units
inline void lstmCellGrad(const f64 *from) {
  Arguments arguments(from);
  const f32 *gates = arguments.pointer<const f32>(), *c = arguments.pointer<const f32>();
  const f32 *dh = arguments.pointer<const f32>(), *dnext = arguments.pointer<const f32>();
  f32 *dgates = arguments.pointer<f32>(), *dc = arguments.pointer<f32>();
  const i64 batch = arguments.integer(), units = arguments.integer();
  for_each_unit<4>(batch, units, [&](const Units &at) {
    const vf before = at.state(c), of_h = at.state(dh);
    const OpenedLstm cell(at, gates, before);
    const vf t = tanh(cell.next);
    const vf d = at.state(dnext) + tanh_grad(t, of_h * cell.o);
    at.set_gate(dgates, 0, sigmoid_grad(cell.i, d * cell.g));
    at.set_gate(dgates, 1, sigmoid_grad(cell.f, d * before));
    at.set_gate(dgates, 2, tanh_grad(cell.g, d * cell.i));
    at.set_gate(dgates, 3, sigmoid_grad(cell.o, of_h * t));
    at.set_state(dc, d * cell.f);
  });
}

} // namespace SINAPSE_ISA

#define LSTM_CELL_KERNELS(KERNEL) KERNEL(lstmCell) KERNEL(lstmCellGrad)
