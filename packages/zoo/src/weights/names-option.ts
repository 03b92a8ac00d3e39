// What a file calls the layers of a model.

import type { Check } from '@sinapse/core';
import type { TorchNames } from './torch-cells.ts';

/**
 * The names of layers in a file of PyTorch's layout:
 * - `torchvision` or `timm`, for a model of the zoo that the library has;
 * - a function of a layer's path and the part of the layer;
 * - names by path: `{ conv1: 'features.0', 'conv1/norm': 'features.1' }`, where `/norm` stands for the normalisation of a `convNorm`. A path that the
 *   list lacks is looked up by the parts it lies in: `{ block1: 'layer1.0' }` names `block1/conv1` `layer1.0.conv1`. Without such a part, slashes become
 *   points.
 */
export type NamesOption = 'torchvision' | 'timm' | TorchNames | Readonly<Record<string, string>>;

export const NAMES: Check = {
  expected: 'torchvision, timm, a function of a layer path, or names by path',
  words: ['torchvision', 'timm'],
  accepts: (value) =>
    value === 'torchvision' ||
    value === 'timm' ||
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && Object.values(value).every((name) => typeof name === 'string')),
};

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
