// Where PyTorch keeps each parameter and state of a model: the name of its tensor, the tensor's shape, and the order of its values.

import type { Model, Named, Parameter, Shape, State } from '@sinapse/core';
import { SinapseError, quote, walk } from '@sinapse/core';
import { flattenedInputs } from './flattened.ts';
import { torchShape } from './layout.ts';
import type { LayerPart } from '../model-entry.ts';
import type { StoredCell } from './stored-cell.ts';

/**
 * The name of the PyTorch module that a part of a layer is: `conv2_1/conv1` is `layer1.0.conv1`, and its normalisation `layer1.0.bn1`. One rule turns
 * the layer's variables into the module's: `kernel` and `scale` into `weight`, `bias` and `offset` into `bias`, `mean` and `variance` into
 * `running_mean` and `running_var`.
 *
 * A separable convolution is two modules: it is asked for by its path and `/depthwise`, and by its path and `/pointwise`. `multiHeadAttention` is one
 * `MultiheadAttention`, with `in_proj_weight` and `out_proj`. A variable of a name that the rule does not have (a class token, say) is asked for by its
 * own path, and the answer is the whole name of a tensor, which has an axis of length 1 for the batch before ours.
 * @param part `normalisation` for scale, offset, mean and variance, `weights` for everything else
 */
export type TorchNames = (layerPath: string, part: LayerPart) => string;

/** What PyTorch calls a layer's variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  kernel: 'weight',
  depthwiseKernel: 'weight',
  pointwiseKernel: 'weight',
  scale: 'weight',
  alpha: 'weight',
  embeddings: 'weight',
  bias: 'bias',
  offset: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

/** The variables of a normalisation. */
const NORMALISATION: readonly string[] = ['scale', 'offset', 'mean', 'variance'];

/** What follows the path of a separable convolution when `TorchNames` is asked for one of its kernels. */
const SEPARATE: Readonly<Record<string, string>> = { depthwiseKernel: '/depthwise', pointwiseKernel: '/pointwise' };

/** The parts of `multiHeadAttention` whose weights PyTorch keeps in one tensor, in their order there. */
const PROJECTIONS = ['query', 'key', 'value'];

/**
 * All parameters and states of a built model as PyTorch has them, in the order of the model.
 * @param inputShape of the model, without the batch axis; by default the one for which it was built
 * @throws SinapseError when the input shape is not known, or two cells would have the same place
 */
export function torchCells(model: Model, names: TorchNames, inputShape?: Shape): StoredCell[] {
  const images = flattenedInputs(model, inputShape ?? inputShapeOf(model));
  const cells = walk(model);
  const paths = new Set(cells.map(({ path }) => path));
  const found = cells.map((named) => torchCell(named, names, images, paths));
  const places = new Map<string, string>();
  for (const { path, name, part } of found) {
    const place = `${name} ${part?.index ?? 0}`;
    const other = places.get(place);
    if (other !== undefined) throw new SinapseError(`torch names: ${quote(other)} and ${quote(path)} would both be ${quote(name)}`);
    places.set(place, path);
  }
  return found;
}

function torchCell(
  { path, cell }: Named<Parameter | State>,
  names: TorchNames,
  images: ReadonlyMap<string, Shape>,
  paths: ReadonlySet<string>,
): StoredCell {
  const end = path.lastIndexOf('/');
  const [layer, field] = [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
  const variable = VARIABLES[field];
  if (variable === undefined) return { path, cell, name: names(path, 'weights'), shape: [1, ...cell.shape] };
  const has = (name: string): boolean => paths.has(layer === '' ? name : `${layer}/${name}`);

  const attention = attentionOf(layer, paths);
  if (attention !== undefined) return projection({ path, cell }, names(attention, 'weights'), layer.slice(attention.length + 1), variable);

  const separate = field === 'bias' && has('pointwiseKernel') ? '/pointwise' : (SEPARATE[field] ?? '');
  const module = names(layer + separate, NORMALISATION.includes(field) ? 'normalisation' : 'weights');
  const name = `${module}.${variable}`;
  if (!/kernel$/i.test(field)) return { path, cell, name, shape: cell.shape };
  const image = images.get(layer);
  const kernel = image === undefined ? cell.shape : [...image, cell.shape[1]!];
  return { path, cell, name, shape: torchShape(cell.shape), kernel };
}

/** The path of the attention that a layer is a projection of. */
function attentionOf(layer: string, paths: ReadonlySet<string>): string | undefined {
  const [, attention] = /^(?:(.+)\/)?(?:query|key|value|output)$/.exec(layer) ?? [];
  return attention !== undefined && [...PROJECTIONS, 'output'].every((part) => paths.has(`${attention}/${part}/kernel`))
    ? attention
    : undefined;
}

function projection({ path, cell }: Named<Parameter | State>, module: string, projected: string, variable: string): StoredCell {
  const isKernel = variable === 'weight';
  const shape = isKernel ? torchShape(cell.shape) : cell.shape;
  const kernel = isKernel && { kernel: cell.shape };
  const index = PROJECTIONS.indexOf(projected);
  if (index < 0) return { path, cell, name: `${module}.out_proj.${variable}`, shape, ...kernel };
  const of = PROJECTIONS.length;
  return { path, cell, name: `${module}.in_proj_${variable}`, shape: [of * shape[0]!, ...shape.slice(1)], ...kernel, part: { index, of } };
}

function inputShapeOf(model: Model): Shape {
  const { inputShape } = model as { readonly inputShape?: Shape };
  if (inputShape === undefined)
    throw new SinapseError('torch names: the input shape of the model is not known; build the model, or give the option inputShape');
  return inputShape;
}
