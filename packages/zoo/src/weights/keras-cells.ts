// Where Keras keeps each parameter and state of a model. Shapes and the order of values are the same; only the names differ.

import type { Model } from '@sinapse/core';
import { SinapseError, walk } from '@sinapse/core';
import type { NamesOption } from './names-option.ts';
import { namesByPath } from './names-option.ts';
import type { StoredCell } from './stored-cell.ts';

/** What Keras calls a layer's variables, where it is not what we call them. */
const VARIABLES: Readonly<Record<string, string>> = {
  depthwiseKernel: 'depthwise_kernel',
  pointwiseKernel: 'pointwise_kernel',
  scale: 'gamma',
  offset: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
};

/** The variables of a normalisation. */
const NORMALISATION: readonly string[] = ['scale', 'offset', 'mean', 'variance'];

/**
 * All parameters and states of a built model as `decodeKeras` names them: `conv1/kernel`, `norm1/moving_mean`.
 * @throws SinapseError when the names are those of a library of PyTorch
 */
export function kerasCells(model: Model, names: NamesOption): StoredCell[] {
  if (typeof names === 'string')
    throw new SinapseError(`loadPretrained: names: ${names}'s are of PyTorch's layout; of a Keras file give the names by path`);
  const resolve = typeof names === 'function' ? names : namesByPath(names, '/');
  return walk(model).map(({ path, cell }) => {
    const end = path.lastIndexOf('/');
    const field = path.slice(end + 1);
    const layer = resolve(path.slice(0, Math.max(end, 0)), NORMALISATION.includes(field) ? 'normalisation' : 'weights');
    const { shape } = cell;
    const mayDivide = /kernel$/i.test(field) && shape.length === 4 && shape[2] === 1;
    return { path, cell, name: `${layer}/${VARIABLES[field] ?? field}`, shape, mayDivide };
  });
}
