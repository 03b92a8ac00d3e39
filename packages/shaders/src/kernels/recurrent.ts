// One step of an LSTM (Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000) and of a GRU (Cho et al. 2014), after their products.

import type { Kernels } from '../pass.ts';

/** Sets the gates in_, forget, g, out_ and the new memory of unit u in row b. Inputs 0 and 1 are the gates' sums and the memory. */
const LSTM = `u32 row = b * 4u * $units + u;
f32 in_ = asFloat(sigmoid_(x0(row)));
f32 forget = asFloat(sigmoid_(x0(row + $units)));
f32 g = asFloat(tanh_(x0(row + 2u * $units)));
f32 out_ = asFloat(sigmoid_(x0(row + 3u * $units)));
f32 memory = asFloat(x1(b * $units + u));
f32 next = forget * memory + in_ * g;
`;

/** The gradient that reaches the new memory. Inputs 2 and 3 are dh and dnext. */
const LSTM_GRADIENT = `f32 t = asFloat(tanh_(asWord(next)));
f32 dh = asFloat(x2(b * $units + u));
f32 d = asFloat(x3(b * $units + u)) + dh * out_ * (1.0 - t * t);
`;

/** Sets r, z, n and s of unit u in row b. Inputs 0 and 1 are the input's and the state's sums. */
const GRU = `u32 row = b * 3u * $units + u;
f32 r = asFloat(sigmoid_(asWord(asFloat(x0(row)) + asFloat(x1(row)))));
f32 z = asFloat(sigmoid_(asWord(asFloat(x0(row + $units)) + asFloat(x1(row + $units)))));
f32 s = asFloat(x1(row + 2u * $units));
f32 n = asFloat(tanh_(asWord(asFloat(x0(row + 2u * $units)) + r * s)));
`;

/** Inputs 2 and 3 are the state and dnext. */
const GRU_GRADIENT = `f32 dnext = asFloat(x3(b * $units + u));
f32 dn = dnext * (1.0 - z) * (1.0 - n * n);
f32 dz = dnext * (asFloat(x2(b * $units + u)) - n) * (z * (1.0 - z));
f32 dr = dn * s * (r * (1.0 - r));
`;

/** The row and unit of word i of a state; for the gradient of sums of gates, also the gate. */
const OF_STATE = 'u32 u = i % $units;\nu32 b = i / $units;\n';
const ofGates = (gates: number): string => `u32 u = i % $units;\nu32 gate = (i / $units) % ${gates}u;\nu32 b = i / ($units * ${gates}u);\n`;

export const recurrent: Kernels = (device) => ({
  lstmCell({ in: { gates, c }, out: { h, next } }) {
    device.run({
      key: 'lstmCell',
      outputs: [h, next],
      inputs: [gates, c],
      parameters: { units: c.shape[1]! },
      code: () => `void word(u32 i) {\n${OF_STATE}${LSTM}r0 = asWord(out_ * asFloat(tanh_(asWord(next))));\nr1 = asWord(next);\n}\n`,
    });
  },

  lstmCellGrad({ in: { gates, c, dh, dnext }, out: { dgates, dc } }) {
    const inputs = [gates, c, dh, dnext];
    const parameters = { units: c.shape[1]! };
    device.run({
      key: 'lstmCellGrad gates',
      outputs: [dgates],
      inputs,
      parameters,
      code: () => `void word(u32 i) {
${ofGates(4)}${LSTM}${LSTM_GRADIENT}f32 value = dh * t * (out_ * (1.0 - out_));
if (gate == 0u) { value = d * g * (in_ * (1.0 - in_)); }
if (gate == 1u) { value = d * memory * (forget * (1.0 - forget)); }
if (gate == 2u) { value = d * in_ * (1.0 - g * g); }
r0 = asWord(value);
}
`,
    });
    device.run({
      key: 'lstmCellGrad memory',
      outputs: [dc],
      inputs,
      parameters,
      code: () => `void word(u32 i) {\n${OF_STATE}${LSTM}${LSTM_GRADIENT}r0 = asWord(d * forget);\n}\n`,
    });
  },

  gruCell({ in: { x, hidden, h }, out: { next } }) {
    device.run({
      key: 'gruCell',
      outputs: [next],
      inputs: [x, hidden, h],
      parameters: { units: h.shape[1]! },
      code: () => `void word(u32 i) {\n${OF_STATE}${GRU}r0 = asWord(n + z * (asFloat(x2(i)) - n));\n}\n`,
    });
  },

  gruCellGrad({ in: { x, hidden, h, dnext }, out: { dx, dhidden, dh } }) {
    const inputs = [x, hidden, h, dnext];
    const parameters = { units: h.shape[1]! };
    device.run({
      key: 'gruCellGrad sums',
      outputs: [dx, dhidden],
      inputs,
      parameters,
      code: () => `void word(u32 i) {
${ofGates(3)}${GRU}${GRU_GRADIENT}f32 value = select(dr, dz, gate == 1u);
r0 = asWord(select(value, dn, gate == 2u));
r1 = asWord(select(value, dn * r, gate == 2u));
}
`,
    });
    device.run({
      key: 'gruCellGrad state',
      outputs: [dh],
      inputs,
      parameters,
      code: () => `void word(u32 i) {\n${OF_STATE}${GRU}${GRU_GRADIENT}r0 = asWord(dnext * z);\n}\n`,
    });
  },
});
