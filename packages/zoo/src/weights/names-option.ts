// What a file calls the layers of a model.

import type { Check, Model } from '@sinapse/core';
import { SinapseError, quote } from '@sinapse/core';
import { modelEntry, modelNames } from '../create.ts';
import type { TorchNames } from './torch-cells.ts';

/**
 * The names of layers in a file of PyTorch's layout:
 * - `torchvision`, for a model of the zoo that torchvision has;
 * - a function of a layer's path and the part of the layer;
 * - names by path: `{ conv1: 'features.0', 'conv1/norm': 'features.1' }`, where `/norm` stands for the normalisation of a `convNorm`. A path that the
 *   list lacks is looked up by the parts it lies in: `{ block1: 'layer1.0' }` names `block1/conv1` `layer1.0.conv1`. Without such a part, slashes become
 *   points.
 */
export type NamesOption = 'torchvision' | TorchNames | Readonly<Record<string, string>>;

export const NAMES: Check = {
  expected: 'torchvision, a function of a layer path, or names by path',
  words: ['torchvision'],
  accepts: (value) =>
    value === 'torchvision' ||
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && Object.values(value).every((name) => typeof name === 'string')),
};

/** @throws SinapseError when torchvision does not have the model */
export function resolveNames(model: Model, names: NamesOption): TorchNames {
  if (typeof names === 'function') return names;
  return names === 'torchvision' ? torchvisionNames(model) : namesByPath(names);
}

function torchvisionNames(model: Model): TorchNames {
  const name = (model as { describe?(): { layer: string } }).describe?.().layer;
  const isKnown = (modelNames as readonly (string | undefined)[]).includes(name);
  const names = isKnown ? modelEntry(name!).torchvision : undefined;
  if (names !== undefined) return names;
  const had = modelNames.filter((other) => modelEntry(other).torchvision !== undefined).join(', ');
  throw new SinapseError(
    `names: ${isKnown ? `torchvision has no ${name}` : `torchvision's names are known for models of the zoo, not for ${quote(name ?? 'a model without describe')}`}; it has ${had}; for others, give the names by path`,
  );
}

/** @param separator of the names in the file, for slashes of paths that the list lacks */
export function namesByPath(names: Readonly<Record<string, string>>, separator = '.'): TorchNames {
  return (layerPath, part) => {
    const path = part === 'normalisation' && Object.hasOwn(names, `${layerPath}/norm`) ? `${layerPath}/norm` : layerPath;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const known = path.slice(0, end);
      if (Object.hasOwn(names, known)) return names[known]! + path.slice(end).replaceAll('/', separator);
    }
    return path.replaceAll('/', separator);
  };
}
