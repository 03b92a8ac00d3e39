// The weights of PyTorch's recurrent layers.

import { SinapseError } from '@sinapse/core';
import { LstmCell } from '../lstm-cell.ts';
import { GruCell } from '../gru-cell.ts';
import type { Bidirectional } from '../bidirectional.ts';
import type { Recurrent } from '../recurrent.ts';
import type { NamedWeights } from './named-weights.ts';
import { Finder, added, assign, namedCells, transposed } from './named-weights.ts';

const OP = 'loadTorchWeights';

/**
 * Gives a built layer the weights of PyTorch's `nn.RNN`, `nn.LSTM` or `nn.GRU`: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, with
 * `_reverse` of the other direction, `l1` of the second layer (`stackedCells`), `weight_hr_l0` of a projection. The gates have the same order. Two
 * biases that PyTorch adds become one, except for a GRU's.
 * @param arrays by name, as `decodeArrays` reads them
 * @param prefix what stands before the names, e.g. `encoder.rnn.`
 * @throws SinapseError when an array is missing, surplus under the prefix, or of another shape
 */
export function loadTorchWeights(layer: Recurrent | Bidirectional, arrays: NamedWeights, prefix = ''): void {
  const finder = new Finder(OP, arrays);
  for (const { cell, layer: number, backward } of namedCells(OP, layer)) {
    const named = (name: string): string => `${prefix}${name}_l${number}${backward ? '_reverse' : ''}`;
    const put = (parameter: Parameters<typeof assign>[2], name: string, value = finder.get(named(name))): void =>
      assign(OP, named(name), parameter, value);
    put(cell.kernel, 'weight_ih', transposed(finder.get(named('weight_ih'))));
    put(cell.recurrentKernel, 'weight_hh', transposed(finder.get(named('weight_hh'))));
    if (cell instanceof LstmCell && cell.projection !== undefined)
      put(cell.projection, 'weight_hr', transposed(finder.get(named('weight_hr'))));
    if (cell.bias === undefined) continue;
    if (cell instanceof GruCell) {
      if (cell.recurrentBias === undefined) throw new SinapseError(`${OP}: PyTorch's GRU has resetAfter: true`);
      put(cell.bias, 'bias_ih');
      put(cell.recurrentBias, 'bias_hh');
    } else put(cell.bias, 'bias_ih', added(finder.get(named('bias_ih')), finder.get(named('bias_hh'))));
  }
  const left = finder.left(prefix);
  if (left.length > 0) throw new SinapseError(`${OP}: the layer has no place for ${left.slice(0, 8).join(', ')}`);
}
