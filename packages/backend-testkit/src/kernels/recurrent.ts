// Cells of recurrent networks and their gradients. The bounds come from evaluating the formulas with errors carried along.

import type { Inputs, KernelName } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import type { Computed } from '../tolerances/running-error.ts';
import { given, minus, plus, sigmoid, tanh, times } from '../tolerances/running-error.ts';
import type { Records } from './record.ts';

const RUNNING = 'u of every result on the way, 4 ulps of sigmoid and tanh, and what their errors become';

/** Classes of the gates' sums. Memories and gradients stay finite: at a closed gate an infinity would give 0 times infinity. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide'];

interface Cell {
  readonly batch: number;
  readonly units: number;
}

function sizes(grid: Grid): { readonly batch: readonly number[]; readonly units: readonly number[] } {
  return { batch: [0, 1, 3, 8, 67], units: grid.full ? [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 33, 128, 1000] : [0, 1, 3, 8, 17, 33, 130] };
}

/** Draws the states and the gates' sums of a cell. */
function drawn(
  { batch, units, values }: Cell & { readonly values: ValueClass },
  random: Values,
): {
  readonly state: () => HostTensor;
  readonly sums: (gates: number, of?: ValueClass) => HostTensor;
} {
  const others = values === 'infinities' ? 'ordinary' : values;
  return {
    state: () => random.tensor('float32', [batch, units], others),
    sums: (gates, of = values) => random.tensor('float32', [batch, gates * units], of),
  };
}

type CellKernel = 'lstmCell' | 'lstmCellGrad' | 'gruCell' | 'gruCellGrad';

function cellCases<K extends CellKernel>(
  grid: Grid,
  kernel: K,
  inputs: (draw: ReturnType<typeof drawn>) => Inputs<K, HostTensor>,
): Cases<K> {
  return gridCases<CellKernel, Cell>(grid, kernel, {
    contents: floats(CLASSES),
    parameters: sizes(grid),
    build: (cell, random) => ({ inputs: inputs(drawn(cell, random)), attrs: {}, scalars: {} }),
  }) as Cases<KernelName> as Cases<K>;
}

const lstmCellCases = (grid: Grid): Cases<'lstmCell'> => cellCases(grid, 'lstmCell', ({ state, sums }) => ({ gates: sums(4), c: state() }));

const lstmCellGradCases = (grid: Grid): Cases<'lstmCellGrad'> =>
  cellCases(grid, 'lstmCellGrad', ({ state, sums }) => ({ gates: sums(4), c: state(), dh: state(), dnext: state() }));

// The state's part of the sums stays finite, since the two parts of a gate could be infinities of different signs.
const gruCellCases = (grid: Grid): Cases<'gruCell'> =>
  cellCases(grid, 'gruCell', ({ state, sums }) => ({ x: sums(3), hidden: sums(3, 'ordinary'), h: state() }));

const gruCellGradCases = (grid: Grid): Cases<'gruCellGrad'> =>
  cellCases(grid, 'gruCellGrad', ({ state, sums }) => ({ x: sums(3), hidden: sums(3, 'ordinary'), h: state(), dnext: state() }));

const ONE = given(1);

const sigmoidSlope = (y: Computed): Computed => times(y, minus(ONE, y));

const tanhSlope = (y: Computed): Computed => minus(ONE, times(y, y));

/** One unit of one row: gives the value of a state, and the sum of a gate. */
interface Unit {
  readonly state: (x: HostTensor) => Computed;
  readonly gate: (sums: HostTensor, index: number) => Computed;
}

/** The allowed errors of every output. `results` gives each output's value for a unit, or its values for `gates` gates. */
function cellErrors<K extends 'lstmCell' | 'lstmCellGrad' | 'gruCell' | 'gruCellGrad'>(
  { outputs }: Expectation<K>,
  { shape }: HostTensor,
  gates: number,
  results: (unit: Unit) => readonly (Computed | readonly Computed[])[],
): readonly Float64Array[] {
  const [batch, units] = shape as [number, number];
  const allowed = outputs.map(({ value }) => new Float64Array(value.spec.size));
  for (let row = 0; row < batch; row++) {
    for (let u = 0; u < units; u++) {
      const state = row * units + u;
      const gate = (index: number): number => (row * gates + index) * units + u;
      const unit = { state: (x: HostTensor) => given(x.data[state]!), gate: (x: HostTensor, index: number) => given(x.data[gate(index)]!) };
      results(unit).forEach((result, output) => {
        if ('error' in result) allowed[output]![state] = result.error;
        else result.forEach(({ error }, index) => (allowed[output]![gate(index)] = error));
      });
    }
  }
  return allowed;
}

interface OpenedLstm {
  readonly i: Computed;
  readonly f: Computed;
  readonly g: Computed;
  readonly o: Computed;
  readonly next: Computed;
}

function openedLstm({ state, gate }: Unit, gates: HostTensor, c: HostTensor): OpenedLstm {
  const [i, f, g, o] = [sigmoid(gate(gates, 0)), sigmoid(gate(gates, 1)), tanh(gate(gates, 2)), sigmoid(gate(gates, 3))];
  return { i, f, g, o, next: plus(times(f, state(c)), times(i, g)) };
}

function lstmCellErrors(e: Expectation<'lstmCell'>): readonly Float64Array[] {
  const { gates, c } = e.call.inputs;
  return cellErrors(e, c, 4, (unit) => {
    const { o, next } = openedLstm(unit, gates, c);
    return [times(o, tanh(next)), next];
  });
}

function lstmCellGradErrors(e: Expectation<'lstmCellGrad'>): readonly Float64Array[] {
  const { gates, c, dh, dnext } = e.call.inputs;
  return cellErrors(e, c, 4, (unit) => {
    const { i, f, g, o, next } = openedLstm(unit, gates, c);
    const t = tanh(next);
    const d = plus(unit.state(dnext), times(times(unit.state(dh), o), tanhSlope(t)));
    const dgates = [
      times(times(d, g), sigmoidSlope(i)),
      times(times(d, unit.state(c)), sigmoidSlope(f)),
      times(times(d, i), tanhSlope(g)),
      times(times(unit.state(dh), t), sigmoidSlope(o)),
    ];
    return [dgates, times(d, f)];
  });
}

interface OpenedGru {
  readonly r: Computed;
  readonly z: Computed;
  readonly s: Computed;
  readonly n: Computed;
}

function openedGru({ gate }: Unit, x: HostTensor, hidden: HostTensor): OpenedGru {
  const s = gate(hidden, 2);
  const r = sigmoid(plus(gate(x, 0), gate(hidden, 0)));
  return { r, z: sigmoid(plus(gate(x, 1), gate(hidden, 1))), s, n: tanh(plus(gate(x, 2), times(r, s))) };
}

function gruCellErrors(e: Expectation<'gruCell'>): readonly Float64Array[] {
  const { x, hidden, h } = e.call.inputs;
  return cellErrors(e, h, 3, (unit) => {
    const { z, n } = openedGru(unit, x, hidden);
    return [plus(n, times(z, minus(unit.state(h), n)))];
  });
}

function gruCellGradErrors(e: Expectation<'gruCellGrad'>): readonly Float64Array[] {
  const { x, hidden, h, dnext } = e.call.inputs;
  return cellErrors(e, h, 3, (unit) => {
    const { r, z, s, n } = openedGru(unit, x, hidden);
    const d = unit.state(dnext);
    const dn = times(times(d, minus(ONE, z)), tanhSlope(n));
    const dz = times(times(d, minus(unit.state(h), n)), sigmoidSlope(z));
    const dr = times(times(dn, s), sigmoidSlope(r));
    return [[dr, dz, dn], [dr, dz, times(dn, r)], times(d, z)]; // prettier-ignore
  });
}

export const recurrentRecords: Records<'lstmCell' | 'lstmCellGrad' | 'gruCell' | 'gruCellGrad'> = {
  lstmCell: {
    cases: lstmCellCases,
    why: RUNNING,
    allowed: lstmCellErrors,
  },
  lstmCellGrad: {
    cases: lstmCellGradCases,
    why: RUNNING,
    allowed: lstmCellGradErrors,
  },
  gruCell: {
    cases: gruCellCases,
    why: RUNNING,
    allowed: gruCellErrors,
  },
  gruCellGrad: {
    cases: gruCellGradCases,
    why: RUNNING,
    allowed: gruCellGradErrors,
  },
};
