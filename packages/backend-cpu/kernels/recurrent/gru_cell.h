// gruCell: Cho et al. 2014, with the reset gate after the state's product. A row of sums holds the reset gate, the update gate and the candidate.
#pragma once
#include "recurrent/cell.h"

namespace SINAPSE_ISA {

struct OpenedGru {
  vf r, z, s, n;
  OpenedGru(const Units &at, const f32 *x, const f32 *hidden)
      : r(sigmoid(at.gate(x, 0) + at.gate(hidden, 0))), z(sigmoid(at.gate(x, 1) + at.gate(hidden, 1))), s(at.gate(hidden, 2)),
        n(tanh(fma(r, s, at.gate(x, 2)))) {}
};

// x, hidden, h, next, batch, units
inline void gruCell(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<const f32>(), *hidden = arguments.pointer<const f32>(), *h = arguments.pointer<const f32>();
  f32 *next = arguments.pointer<f32>();
  const i64 batch = arguments.integer(), units = arguments.integer();
  for_each_unit<3>(batch, units, [&](const Units &at) {
    const OpenedGru cell(at, x, hidden);
    at.set_state(next, fma(cell.z, at.state(h) - cell.n, cell.n));
  });
}

// x, hidden, h, dnext, dx, dhidden, dh, batch, units
inline void gruCellGrad(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<const f32>(), *hidden = arguments.pointer<const f32>();
  const f32 *h = arguments.pointer<const f32>(), *dnext = arguments.pointer<const f32>();
  f32 *dx = arguments.pointer<f32>(), *dhidden = arguments.pointer<f32>(), *dh = arguments.pointer<f32>();
  const i64 batch = arguments.integer(), units = arguments.integer();
  for_each_unit<3>(batch, units, [&](const Units &at) {
    const OpenedGru cell(at, x, hidden);
    const vf d = at.state(dnext);
    const vf dn = tanh_grad(cell.n, d * (1.0f - cell.z));
    const vf dz = sigmoid_grad(cell.z, d * (at.state(h) - cell.n));
    const vf dr = sigmoid_grad(cell.r, dn * cell.s);
    at.set_gate(dx, 0, dr);
    at.set_gate(dx, 1, dz);
    at.set_gate(dx, 2, dn);
    at.set_gate(dhidden, 0, dr);
    at.set_gate(dhidden, 1, dz);
    at.set_gate(dhidden, 2, dn * cell.r);
    at.set_state(dh, d * cell.z);
  });
}

} // namespace SINAPSE_ISA

#define GRU_CELL_KERNELS(KERNEL) KERNEL(gruCell) KERNEL(gruCellGrad)
