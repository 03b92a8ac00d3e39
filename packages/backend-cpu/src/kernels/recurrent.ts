// lstmCell, gruCell and their gradients.

import type { Kernel, View } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type RecurrentKernel = 'lstmCell' | 'lstmCellGrad' | 'gruCell' | 'gruCellGrad';

export function recurrentKernels(engine: Engine): { readonly [K in RecurrentKernel]: Kernel<K> } {
  const runs = {
    lstmCell: engine.kernel('lstmCell'),
    lstmCellGrad: engine.kernel('lstmCellGrad'),
    gruCell: engine.kernel('gruCell'),
    gruCellGrad: engine.kernel('gruCellGrad'),
  };
  /** Calls a kernel with the addresses of all views, then the shape of the state. */
  const call = (kernel: RecurrentKernel, state: View, ...views: readonly View[]): void => {
    const args = engine.arguments;
    for (let i = 0; i < views.length; i++) args[i] = addressOf(views[i]);
    args[views.length] = state.shape[0];
    args[views.length + 1] = state.shape[1];
    runs[kernel]();
  };
  return {
    lstmCell: ({ in: { gates, c }, out: { h, next } }) => call('lstmCell', c, gates, c, h, next),
    lstmCellGrad: ({ in: { gates, c, dh, dnext }, out: { dgates, dc } }) => call('lstmCellGrad', c, gates, c, dh, dnext, dgates, dc),
    gruCell: ({ in: { x, hidden, h }, out: { next } }) => call('gruCell', h, x, hidden, h, next),
    gruCellGrad: ({ in: { x, hidden, h, dnext }, out: { dx, dhidden, dh } }) =>
      call('gruCellGrad', h, x, hidden, h, dnext, dx, dhidden, dh),
  };
}
