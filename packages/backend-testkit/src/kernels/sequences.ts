// Recurrent networks over whole sequences and their gradients. The bounds come from following the steps with errors carried along.

import type { Inputs, KernelName } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import type { Computed } from '../tolerances/running-error.ts';
import { minus, plus, tanh, times } from '../tolerances/running-error.ts';
import type { Records } from './record.ts';
import type { Row, SequenceKernel } from './sequence-examples.ts';
import { ONE, ZERO, errors, gruGates, lstmGates, product, rowOf, sigmoidSlope, sumOf, tanhSlope, zeros } from './sequence-examples.ts';

const WHY = 'products of each step in any order; u of every result on the way, 4 ulps of sigmoid and tanh, and what their errors become';

/** Classes of x and of the gradients. Weights and states stay finite: an infinity times 0 would be NaN. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'zeros', 'nan'];

interface Sequence {
  readonly steps: number;
  readonly batch: number;
  readonly units: number;
  readonly lengths: boolean;
  readonly reverse: boolean;
  /** Whether a gradient kernel is given the gradient of the sums. */
  readonly second: boolean;
  readonly activation: 'tanh' | 'relu';
}

/** The most products of one call. */
const MOST_MACS = 2e6;

/** The tensors that a kernel takes. */
interface Drawn {
  readonly sums: () => HostTensor;
  readonly states: () => HostTensor;
  readonly initial: () => HostTensor;
  readonly weight: HostTensor;
  readonly bias: HostTensor;
  readonly lengths: { readonly lengths?: HostTensor };
  readonly dsums: { readonly dsums?: HostTensor };
}

function drawn(
  { steps, batch, units, lengths, second, values }: Sequence & { readonly values: ValueClass },
  gates: number,
  random: Values,
): Drawn {
  const each = random.tensor('int32', [batch], 'ordinary');
  // Every length from 0 to one more than there are steps.
  const wanted = { ...each, data: Int32Array.from({ length: batch }, (_, i) => i % (steps + 2)) };
  return {
    sums: () => random.tensor('float32', [steps, batch, gates * units], values),
    states: () => random.tensor('float32', [steps, batch, units], 'ordinary'),
    initial: () => random.tensor('float32', [batch, units], 'ordinary'),
    weight: random.tensor('float32', [units, gates * units], 'ordinary'),
    bias: random.tensor('float32', [gates * units], 'ordinary'),
    lengths: lengths ? { lengths: wanted } : {},
    dsums: second ? { dsums: random.tensor('float32', [steps, batch, gates * units], 'ordinary') } : {},
  };
}

function sequenceCases<K extends SequenceKernel>(
  grid: Grid,
  kernel: K,
  gates: number,
  inputs: (draw: Drawn) => Inputs<K, HostTensor>,
): Cases<K> {
  const activation: readonly ('tanh' | 'relu')[] = gates === 1 ? ['tanh', 'relu'] : ['tanh'];
  return gridCases<SequenceKernel, Sequence>(grid, kernel, {
    contents: floats(CLASSES),
    parameters: {
      steps: [1, 2, 5],
      batch: grid.full ? [0, 1, 2, 3, 8, 15, 33] : [0, 1, 3, 8, 17],
      units: grid.full ? [0, 1, 2, 3, 8, 16, 17, 33, 64, 70, 400] : [0, 1, 3, 8, 17, 40, 100],
      lengths: [false, true],
      reverse: [false, true],
      second: kernel === 'lstmGrad' || kernel === 'gruGrad' ? [false, true] : [false],
      activation,
    },
    allowed: ({ steps, batch, units }) => steps * batch * units * units * gates <= MOST_MACS,
    build: (sequence, random) => ({
      inputs: inputs(drawn(sequence, gates, random)),
      attrs: gates === 1 ? { activation: sequence.activation, reverse: sequence.reverse } : { reverse: sequence.reverse },
      scalars: {},
    }),
  }) as Cases<KernelName> as Cases<K>;
}

function rnnErrors(e: Expectation<'rnn'>): readonly Float64Array[] {
  const { x, weight, h } = e.call.inputs;
  const units = h.shape[1]!;
  return errors(e, x.shape, false, ({ row, order, has, rowAt }, write) => {
    let state = rowOf(h, row, units);
    for (const t of order) {
      const sums = sumOf(rowOf(x, rowAt(t), units), product(state, weight));
      // A sum near 0 may be on the other side of 0; the error of relu is not more than that of its sum.
      const relu = (s: Computed): Computed => ({ value: Math.max(s.value, 0), error: s.error });
      if (has(t)) state = sums.map(e.call.attrs.activation === 'tanh' ? tanh : relu);
      write('states', rowAt(t), state);
    }
  });
}

function rnnGradErrors(e: Expectation<'rnnGrad'>): readonly Float64Array[] {
  const { weight, states, dstates } = e.call.inputs;
  const units = weight.shape[0]!;
  return errors(e, states.shape, true, ({ row, order, has, rowAt }, write) => {
    let dh = zeros(units);
    for (const t of order) {
      const d = sumOf(rowOf(dstates, rowAt(t), units), dh);
      if (!has(t)) {
        dh = d;
        continue;
      }
      const ofTanh = (y: Computed, u: number): Computed => times(d[u]!, tanhSlope(y));
      const ofRelu = (y: Computed, u: number): Computed => (y.value > 0 ? d[u]! : ZERO);
      const dx = rowOf(states, rowAt(t), units).map(e.call.attrs.activation === 'tanh' ? ofTanh : ofRelu);
      write('dx', rowAt(t), dx);
      dh = product(dx, weight, true);
    }
    write('dh', row, dh);
  });
}

function lstmErrors(e: Expectation<'lstm'>): readonly Float64Array[] {
  const { x, weight, h, c } = e.call.inputs;
  const units = h.shape[1]!;
  return errors(e, x.shape, false, ({ row, order, has, rowAt }, write) => {
    let [state, memory] = [rowOf(h, row, units), rowOf(c, row, units)];
    for (const t of order) {
      const sums = sumOf(rowOf(x, rowAt(t), 4 * units), product(state, weight));
      write('sums', rowAt(t), sums);
      if (has(t)) {
        memory = memory.map((before, u) => {
          const [i, f, g] = lstmGates(sums, units, u);
          return plus(times(f, before), times(i, g));
        });
        state = memory.map((m, u) => times(lstmGates(sums, units, u)[3], tanh(m)));
      }
      write('states', rowAt(t), state);
      write('memories', rowAt(t), memory);
    }
  });
}

function lstmGradErrors(e: Expectation<'lstmGrad'>): readonly Float64Array[] {
  const { sums, weight, memories, c, dstates, dmemories, dsums } = e.call.inputs;
  const units = weight.shape[0]!;
  return errors(e, sums.shape, true, ({ row, order, has, rowAt, before }, write) => {
    let [dh, dc] = [zeros(units), zeros(units)];
    for (const t of order) {
      const all = rowOf(sums, rowAt(t), 4 * units);
      const earlier = before(t);
      const held = earlier === undefined ? rowOf(c, row, units) : rowOf(memories, earlier, units);
      const [dState, dMemory] = [sumOf(rowOf(dstates, rowAt(t), units), dh), sumOf(rowOf(dmemories, rowAt(t), units), dc)];
      const parts = held.map((memory, u) => {
        const [i, f, g, o] = lstmGates(all, units, u);
        const m = tanh(plus(times(f, memory), times(i, g)));
        const d = plus(dMemory[u]!, times(times(dState[u]!, o), tanhSlope(m)));
        const gates = [
          times(times(d, g), sigmoidSlope(i)),
          times(times(d, memory), sigmoidSlope(f)),
          times(times(d, i), tanhSlope(g)),
          times(times(dState[u]!, m), sigmoidSlope(o)),
        ];
        return { gates, memory: times(d, f) };
      });
      const ofStates = has(t) ? [0, 1, 2, 3].flatMap((index) => parts.map(({ gates }) => gates[index]!)) : zeros(4 * units);
      const dx = dsums === undefined ? ofStates : sumOf(ofStates, rowOf(dsums, rowAt(t), 4 * units));
      write('dx', rowAt(t), dx);
      const back = product(dx, weight, true);
      dh = has(t) ? back : sumOf(back, dState);
      dc = has(t) ? parts.map(({ memory }) => memory) : dMemory;
    }
    write('dh', row, dh);
    write('dc', row, dc);
  });
}

function gruErrors(e: Expectation<'gru'>): readonly Float64Array[] {
  const { x, weight, bias, h } = e.call.inputs;
  const units = h.shape[1]!;
  return errors(e, x.shape, false, ({ row, order, has, rowAt }, write) => {
    let state = rowOf(h, row, units);
    for (const t of order) {
      const hidden = sumOf(product(state, weight), rowOf(bias, 0, 3 * units));
      write('hidden', rowAt(t), hidden);
      const sums = rowOf(x, rowAt(t), 3 * units);
      const next = (before: Computed, u: number): Computed => {
        const { z, n } = gruGates(sums, hidden, units, u);
        return plus(n, times(z, minus(before, n)));
      };
      if (has(t)) state = state.map(next);
      write('states', rowAt(t), state);
    }
  });
}

function gruGradErrors(e: Expectation<'gruGrad'>): readonly Float64Array[] {
  const { x, hidden, weight, states, h, dstates, dsums } = e.call.inputs;
  const units = weight.shape[0]!;
  return errors(e, x.shape, true, ({ row, order, has, rowAt, before }, write) => {
    let dh = zeros(units);
    for (const t of order) {
      const [xs, hs] = [rowOf(x, rowAt(t), 3 * units), rowOf(hidden, rowAt(t), 3 * units)];
      const earlier = before(t);
      const held = earlier === undefined ? rowOf(h, row, units) : rowOf(states, earlier, units);
      const d = sumOf(rowOf(dstates, rowAt(t), units), dh);
      const parts = held.map((state, u) => {
        const { r, z, s, n } = gruGates(xs, hs, units, u);
        const dn = times(times(d[u]!, minus(ONE, z)), tanhSlope(n));
        const dz = times(times(d[u]!, minus(state, n)), sigmoidSlope(z));
        const dr = times(times(dn, s), sigmoidSlope(r));
        return { x: [dr, dz, dn], hidden: [dr, dz, times(dn, r)], state: times(d[u]!, z) };
      });
      const together = (of: 'x' | 'hidden'): Row =>
        has(t) ? [0, 1, 2].flatMap((index) => parts.map((part) => part[of][index]!)) : zeros(3 * units);
      const dhidden = dsums === undefined ? together('hidden') : sumOf(together('hidden'), rowOf(dsums, rowAt(t), 3 * units));
      write('dx', rowAt(t), together('x'));
      write('dhidden', rowAt(t), dhidden);
      dh = sumOf(product(dhidden, weight, true), has(t) ? parts.map(({ state }) => state) : d);
    }
    write('dh', row, dh);
  });
}

export const sequenceRecords: Records<SequenceKernel> = {
  rnn: {
    cases: (grid) =>
      sequenceCases(grid, 'rnn', 1, ({ sums, weight, initial, lengths }) => ({ x: sums(), weight, h: initial(), ...lengths })),
    why: WHY,
    allowed: rnnErrors,
  },
  rnnGrad: {
    cases: (grid) =>
      sequenceCases(grid, 'rnnGrad', 1, ({ states, sums, weight, lengths }) => ({ weight, states: states(), dstates: sums(), ...lengths })),
    why: WHY,
    allowed: rnnGradErrors,
  },
  lstm: {
    cases: (grid) =>
      sequenceCases(grid, 'lstm', 4, ({ sums, weight, initial, lengths }) => ({
        x: sums(),
        weight,
        h: initial(),
        c: initial(),
        ...lengths,
      })),
    why: WHY,
    allowed: lstmErrors,
  },
  lstmGrad: {
    cases: (grid) =>
      sequenceCases(grid, 'lstmGrad', 4, ({ sums, states, weight, initial, dsums, lengths }) => ({
        sums: sums(),
        weight,
        memories: states(),
        c: initial(),
        dstates: states(),
        dmemories: states(),
        ...dsums,
        ...lengths,
      })),
    why: WHY,
    allowed: lstmGradErrors,
  },
  gru: {
    cases: (grid) =>
      sequenceCases(grid, 'gru', 3, ({ sums, weight, bias, initial, lengths }) => ({ x: sums(), weight, bias, h: initial(), ...lengths })),
    why: WHY,
    allowed: gruErrors,
  },
  gruGrad: {
    cases: (grid) =>
      sequenceCases(grid, 'gruGrad', 3, ({ sums, states, weight, initial, dsums, lengths }) => ({
        x: sums(),
        hidden: sums(),
        weight,
        states: states(),
        h: initial(),
        dstates: states(),
        ...dsums,
        ...lengths,
      })),
    why: WHY,
    allowed: gruGradErrors,
  },
};
