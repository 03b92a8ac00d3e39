// The parameters and states of a model as a file of PyTorch's layout has them, by any of the ways to say its names.

import type { Model, Shape } from '@sinapse/core';
import { SinapseError, quote } from '@sinapse/core';
import { modelEntry, modelNames } from '../create.ts';
import type { NamesOption } from './names-option.ts';
import { namesByPath } from './names-option.ts';
import type { StoredCell } from './stored-cell.ts';
import { asTimm, timmModels } from './timm-names.ts';
import type { TorchNames } from './torch-cells.ts';
import { torchCells } from './torch-cells.ts';

/**
 * @param inputShape of the model, without the batch axis; by default the one for which it was built
 * @throws SinapseError when the library does not have the model, or its names are not known
 */
export function cellsOf(model: Model, names: NamesOption, inputShape?: Shape): StoredCell[] {
  if (typeof names === 'function') return torchCells(model, names, inputShape);
  if (typeof names === 'object') return torchCells(model, namesByPath(names), inputShape);
  const name = (model as { describe?(): { layer: string } }).describe?.().layer ?? 'a model without describe';
  const cells = torchCells(model, torchvisionNames(names, name), inputShape);
  return names === 'timm' ? cells.map((cell) => asTimm(name, cell)) : cells;
}

/** torchvision's names of the modules of a model of the zoo, from which timm's are derived. */
function torchvisionNames(library: 'torchvision' | 'timm', name: string): TorchNames {
  const known = (modelNames as readonly string[]).filter((model) => library === 'timm' ? timmModels.includes(model) : modelEntry(model).torchvision); // prettier-ignore
  if (known.includes(name)) return modelEntry(name).torchvision!;
  throw new SinapseError(
    `names: ${library}'s names of ${quote(name)} are not known; known are those of ${known.join(', ')}; for others, give the names by path`,
  );
}
