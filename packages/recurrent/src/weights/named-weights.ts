// Weights under the names, and in the order of gates, of PyTorch and Keras.

import type { Parameter } from '@sinapse/core';
import { ShapeError, SinapseError, checkValue, formatShape, sameShape, scope, shown, tensor } from '@sinapse/core';
import { Bidirectional } from '../bidirectional.ts';
import type { RecurrentCell } from '../cell.ts';
import { GruCell } from '../gru-cell.ts';
import { LstmCell } from '../lstm-cell.ts';
import { Recurrent } from '../recurrent.ts';
import { SimpleRnnCell } from '../simple-rnn-cell.ts';
import { StackedCells } from '../stacked-cells.ts';

/** Numbers by name, as `decodeArrays` of @sinapse/formats reads them from files. */
export type NamedWeights = ReadonlyMap<string, { readonly data: ArrayLike<number>; readonly shape: readonly number[] }>;

/** A matrix or a vector, with its gates side by side in the last axis. */
export interface Gates {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** A cell whose weights have names elsewhere, and the names' parts. */
export interface NamedCell {
  readonly cell: SimpleRnnCell | LstmCell | GruCell;
  /** The number of the layer from below. */
  readonly layer: number;
  readonly backward: boolean;
}

/** The cells of a layer in the order of its names. @throws SinapseError where a cell is none that PyTorch and Keras have */
export function namedCells(op: string, layer: unknown): NamedCell[] {
  if (layer instanceof Bidirectional) return [...cellsOf(op, layer.forward, false), ...cellsOf(op, layer.backward, true)];
  if (layer instanceof Recurrent) return cellsOf(op, layer, false);
  throw new SinapseError(`${op}: expected a recurrent layer, e.g. lstm({ units: 8 }), got ${shown(layer)}`);
}

function cellsOf(op: string, { cell }: Recurrent, backward: boolean): NamedCell[] {
  const cells: readonly RecurrentCell[] = cell instanceof StackedCells ? cell.cells : [cell];
  return cells.map((each, layer) => {
    if (each instanceof SimpleRnnCell || each instanceof LstmCell || each instanceof GruCell) return { cell: each, layer, backward };
    throw new SinapseError(`${op}: takes layers of simpleRnnCell, lstmCell and gruCell, got one of another cell`);
  });
}

/** Finds arrays by name, and notes which were used. */
export class Finder {
  private readonly used = new Set<string>();
  private readonly op: string;
  private readonly arrays: NamedWeights;

  constructor(op: string, arrays: unknown) {
    checkValue(`${op}: the arrays`, arrays, { expected: 'a map of arrays by name', accepts: (value) => value instanceof Map });
    this.op = op;
    this.arrays = arrays as NamedWeights;
  }

  has(name: string): boolean {
    return this.arrays.has(name);
  }

  /** @throws SinapseError when there is no such array */
  get(name: string): Gates {
    const found = this.arrays.get(name);
    if (found === undefined)
      throw new SinapseError(`${this.op}: there is no ${name}; the arrays are ${[...this.arrays.keys()].slice(0, 12).join(', ')}`);
    this.used.add(name);
    return found;
  }

  /** The names under a prefix that nobody asked for. */
  left(prefix: string): string[] {
    return [...this.arrays.keys()].filter((name) => name.startsWith(prefix) && !this.used.has(name));
  }
}

/** A new value of a parameter. @throws ShapeError unless it has the parameter's shape */
export function assign(op: string, name: string, parameter: Parameter | undefined, { data, shape }: Gates): void {
  if (parameter === undefined)
    throw new SinapseError(`${op}: ${name}: the layer has no such weights; build it first, and give it the same options`);
  if (!sameShape(parameter.shape, shape))
    throw new ShapeError(`${op}: ${name}: the layer takes ${formatShape(parameter.shape)}, the array gives ${formatShape(shape)}`);
  scope(() => parameter.assign(tensor(Float32Array.from(data), { shape: [...shape] })));
}

/** The transposed matrix. */
export function transposed({ data, shape }: Gates): Gates {
  const [rows, columns] = shape as readonly [number, number];
  return {
    data: Float64Array.from({ length: rows * columns }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!),
    shape: [columns, rows],
  };
}

/** The sum of two arrays of one shape. */
export function added(a: Gates, b: Gates): Gates {
  return { data: Float64Array.from(a.data, (value, i) => value + b.data[i]!), shape: a.shape };
}

/** The gates in another order. @param order for each place the gate that comes there */
export function reordered({ data, shape }: Gates, order: readonly number[]): Gates {
  const columns = shape.at(-1)!;
  const units = columns / order.length;
  const from = (column: number): number => order[Math.floor(column / units)]! * units + (column % units);
  return { data: Float64Array.from(data, (_, i) => data[i - (i % columns) + from(i % columns)]!), shape };
}
