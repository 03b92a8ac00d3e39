// What layers give in one run of a model, by their paths.

import type { LayerObserver, Model, Tensor } from '@sinapse/core';
import { Context, inference, isTensor, knownName, scope } from '@sinapse/core';
import { toTensor } from '../batch.ts';
import { callRecorded } from './score.ts';
import type { Input } from './score.ts';

/**
 * Calls a function with the path and the output of each layer that gives one tensor, inner layers first. A layer that is called again is `path:2`,
 * and so on. What the function returns, if anything, takes the place of the output.
 */
export function observer(see: (path: string, output: Tensor) => Tensor | undefined): LayerObserver {
  const counts = new Map<string, number>();
  return (path, _, __, output) => {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    return isTensor(output) ? see(count === 1 ? path : `${path}:${count}`, output) : undefined;
  };
}

/**
 * The output of a layer for an input.
 * @throws SinapseError when the model has no layer of this path; the nearest is named
 */
export function outputOf(owner: string, model: Model, x: Input, layer: string): Tensor {
  const paths: string[] = [];
  let found: Tensor | undefined;
  const observe = observer((path, output) => {
    paths.push(path);
    if (path === layer) found = output.alias().keep();
    return undefined;
  });
  scope(() => void inference(() => callRecorded(model, toTensor(x), new Context({ observe }))));
  knownName(`${owner}: the layer`, layer, paths);
  return found!;
}
