// Grids of the cells of recurrent networks and their gradients.

import type { Inputs, KernelName } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';

/** A gate may be closed or open for good; memories and gradients that are infinite would meet closed gates, 0 times infinity. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide'];

interface Cell {
  readonly batch: number;
  readonly units: number;
}

function sizes(grid: Grid): { readonly batch: readonly number[]; readonly units: readonly number[] } {
  return { batch: [0, 1, 3, 8, 67], units: grid.full ? [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 33, 128, 1000] : [0, 1, 3, 8, 17, 33, 130] };
}

/** Draws states and gates' sums of one cell. */
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

export const lstmCellCases = (grid: Grid): Cases<'lstmCell'> =>
  cellCases(grid, 'lstmCell', ({ state, sums }) => ({ gates: sums(4), c: state() }));
export const lstmCellGradCases = (grid: Grid): Cases<'lstmCellGrad'> =>
  cellCases(grid, 'lstmCellGrad', ({ state, sums }) => ({ gates: sums(4), c: state(), dh: state(), dnext: state() }));

// The state's part of the sums stays finite: the two parts of a gate could be infinite with different signs.
export const gruCellCases = (grid: Grid): Cases<'gruCell'> =>
  cellCases(grid, 'gruCell', ({ state, sums }) => ({ x: sums(3), hidden: sums(3, 'ordinary'), h: state() }));
export const gruCellGradCases = (grid: Grid): Cases<'gruCellGrad'> =>
  cellCases(grid, 'gruCellGrad', ({ state, sums }) => ({ x: sums(3), hidden: sums(3, 'ordinary'), h: state(), dnext: state() }));
