// Allowed errors of the cells of recurrent networks: their formulas again, with errors carried along.

import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import type { Computed } from './running-error.ts';
import { given, minus, plus, sigmoid, tanh, times } from './running-error.ts';

const ONE = given(1);
const sigmoidSlope = (y: Computed): Computed => times(y, minus(ONE, y));
const tanhSlope = (y: Computed): Computed => minus(ONE, times(y, y));

/** One unit of one row: what a state is there, and a gate's sum. */
interface Unit {
  readonly state: (x: HostTensor) => Computed;
  readonly gate: (sums: HostTensor, index: number) => Computed;
}

/** Errors of every output: `results` gives each output's value of a unit, or its values for `gates` gates. */
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

export function lstmCellErrors(e: Expectation<'lstmCell'>): readonly Float64Array[] {
  const { gates, c } = e.call.inputs;
  return cellErrors(e, c, 4, (unit) => {
    const { o, next } = openedLstm(unit, gates, c);
    return [times(o, tanh(next)), next];
  });
}

export function lstmCellGradErrors(e: Expectation<'lstmCellGrad'>): readonly Float64Array[] {
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

export function gruCellErrors(e: Expectation<'gruCell'>): readonly Float64Array[] {
  const { x, hidden, h } = e.call.inputs;
  return cellErrors(e, h, 3, (unit) => {
    const { z, n } = openedGru(unit, x, hidden);
    return [plus(n, times(z, minus(unit.state(h), n)))];
  });
}

export function gruCellGradErrors(e: Expectation<'gruCellGrad'>): readonly Float64Array[] {
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
