// One step of an LSTM (Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000) and of a GRU (Cho et al. 2014), after their products.

import type { View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Kernels, ShaderDevice } from '../pass.ts';

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

/** The row and unit of word i of a state. */
const OF_STATE = 'u32 u = i % $units;\nu32 b = i / $units;\n';

/** Gives `body` four views of scratch memory with the shape of a state. */
function fourStates(device: ShaderDevice, [batch, units]: View['shape'], body: (states: View[]) => void): void {
  const states: View[] = [];
  const next = (): void => {
    if (states.length === 4) return body(states);
    device.scratch(specOf('float32', [batch!, units!]), (view) => {
      states.push(view);
      next();
    });
  };
  next();
}

/** Writes what belongs to each gate, [batch, units], beside one another: [batch, gates · units]. */
function beside(device: ShaderDevice, gates: readonly View[], y: View): void {
  const units = gates[0]!.shape[1]!;
  const [unit, read] = units % 4 === 0 ? (['texel', 'v'] as const) : (['word', 'x'] as const);
  device.run({
    key: `gates ${gates.length} ${unit}`,
    outputs: [y],
    inputs: gates,
    unit,
    aligned: unit === 'texel' ? gates.map((_, k) => k) : [],
    parameters: { units },
    baked: true,
    code: () => `void ${unit}(u32 i) {
u32 gate = (i / $units) % ${gates.length}u;
u32 at = i / ($units * ${gates.length}u) * $units + i % $units;
${gates.map((_, k) => `if (gate == ${k}u) { r0 = ${read}${k}(at${unit === 'texel' ? ' >> 2u' : ''}); }`).join('\n')}
}
`,
  });
}

export const recurrent: Kernels = (device) => ({
  lstmCell({ in: { gates, c }, out: { h, next } }) {
    device.run({
      key: 'lstmCell',
      outputs: [h, next],
      inputs: [gates, c],
      parameters: { units: c.shape[1]! },
      baked: true,
      code: () => `void word(u32 i) {\n${OF_STATE}${LSTM}r0 = asWord(out_ * asFloat(tanh_(asWord(next))));\nr1 = asWord(next);\n}\n`,
    });
  },

  lstmCellGrad({ in: { gates, c, dh, dnext }, out: { dgates, dc } }) {
    const inputs = [gates, c, dh, dnext];
    const parameters = { units: c.shape[1]! };
    fourStates(device, c.shape, (states) => {
      device.run({
        key: 'lstmCellGrad gates',
        outputs: states,
        inputs,
        parameters,
        baked: true,
        code: () => `void word(u32 i) {
${OF_STATE}${LSTM}${LSTM_GRADIENT}r0 = asWord(d * g * (in_ * (1.0 - in_)));
r1 = asWord(d * memory * (forget * (1.0 - forget)));
r2 = asWord(d * in_ * (1.0 - g * g));
r3 = asWord(dh * t * (out_ * (1.0 - out_)));
}
`,
      });
      beside(device, states, dgates);
    });
    device.run({
      key: 'lstmCellGrad memory',
      outputs: [dc],
      inputs,
      parameters,
      baked: true,
      code: () => `void word(u32 i) {\n${OF_STATE}${LSTM}${LSTM_GRADIENT}r0 = asWord(d * forget);\n}\n`,
    });
  },

  gruCell({ in: { x, hidden, h }, out: { next } }) {
    device.run({
      key: 'gruCell',
      outputs: [next],
      inputs: [x, hidden, h],
      parameters: { units: h.shape[1]! },
      baked: true,
      code: () => `void word(u32 i) {\n${OF_STATE}${GRU}r0 = asWord(n + z * (asFloat(x2(i)) - n));\n}\n`,
    });
  },

  gruCellGrad({ in: { x, hidden, h, dnext }, out: { dx, dhidden, dh } }) {
    const inputs = [x, hidden, h, dnext];
    const parameters = { units: h.shape[1]! };
    fourStates(device, h.shape, (states) => {
      device.run({
        key: 'gruCellGrad sums',
        outputs: states,
        inputs,
        parameters,
        baked: true,
        code: () => `void word(u32 i) {
${OF_STATE}${GRU}${GRU_GRADIENT}r0 = asWord(dr);
r1 = asWord(dz);
r2 = asWord(dn);
r3 = asWord(dn * r);
}
`,
      });
      const [reset, update, candidate, through] = states as [View, View, View, View];
      beside(device, [reset, update, candidate], dx);
      beside(device, [reset, update, through], dhidden);
    });
    device.run({
      key: 'gruCellGrad state',
      outputs: [dh],
      inputs,
      parameters,
      baked: true,
      code: () => `void word(u32 i) {\n${OF_STATE}${GRU}${GRU_GRADIENT}r0 = asWord(dnext * z);\n}\n`,
    });
  },
});
