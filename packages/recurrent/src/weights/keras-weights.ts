// The weights of Keras's recurrent layers, and of those of TensorFlow.js.

import { SinapseError } from '@sinapse/core';
import type { Bidirectional } from '../bidirectional.ts';
import { GruCell } from '../gru-cell.ts';
import type { Recurrent } from '../recurrent.ts';
import type { Gates, NamedWeights } from './named-weights.ts';
import { Finder, assign, namedCells, reordered } from './named-weights.ts';

const OP = 'loadKerasWeights';

/** A GRU's gates there: update, reset, candidate. */
const KERAS_GRU = [1, 0, 2];

/** One row of a matrix, as a vector. */
function row({ data, shape }: Gates, index: number): Gates {
  const columns = shape.at(-1)!;
  return { data: Float64Array.from({ length: columns }, (_, i) => data[index * columns + i]!), shape: [columns] };
}

/**
 * Gives a built layer the weights of Keras's `SimpleRNN`, `LSTM` or `GRU`: `kernel`, `recurrent_kernel` and `bias`. An LSTM's gates have the same order, a
 * GRU's first two are exchanged; the bias of a GRU with `reset_after` has two rows.
 * @param arrays by name, as `decodeArrays` reads them
 * @param prefix what stands before the names: of the layer, e.g. `lstm/lstm_cell/`, or a function of the direction and the number of the layer
 * @throws SinapseError when an array is missing, surplus under the prefix, or of another shape
 */
export function loadKerasWeights(
  layer: Recurrent | Bidirectional,
  arrays: NamedWeights,
  prefix: string | ((backward: boolean, layer: number) => string) = '',
): void {
  const finder = new Finder(OP, arrays);
  const cells = namedCells(OP, layer);
  if (typeof prefix === 'string' && cells.length > 1)
    throw new SinapseError(
      `${OP}: a layer of ${cells.length} cells needs a prefix for each: a function of the direction and the number of the layer`,
    );
  for (const { cell, layer: number, backward } of cells) {
    const before = typeof prefix === 'string' ? prefix : prefix(backward, number);
    const ordered = (value: Gates): Gates => (cell instanceof GruCell ? reordered(value, KERAS_GRU) : value);
    const put = (parameter: Parameters<typeof assign>[2], name: string, value: Gates): void =>
      assign(OP, before + name, parameter, ordered(value));
    put(cell.kernel, 'kernel', finder.get(`${before}kernel`));
    put(cell.recurrentKernel, 'recurrent_kernel', finder.get(`${before}recurrent_kernel`));
    if (cell.bias !== undefined) {
      const bias = finder.get(`${before}bias`);
      if (cell instanceof GruCell && cell.recurrentBias !== undefined) {
        if (bias.shape.length !== 2)
          throw new SinapseError(`${OP}: ${before}bias has one row, so that GRU has reset_after: false; give the layer resetAfter: false`);
        put(cell.bias, 'bias', row(bias, 0));
        put(cell.recurrentBias, 'bias', row(bias, 1));
      } else put(cell.bias, 'bias', bias);
    }
    const left = finder.left(before);
    if (typeof prefix === 'string' && left.length > 0)
      throw new SinapseError(`${OP}: the layer has no place for ${left.slice(0, 8).join(', ')}`);
  }
}
