// The weights of a model with the names and in the layout of PyTorch.

import type { Model, OptionChecks, Shape } from '@sinapse/core';
import { check, checkOptions, scope } from '@sinapse/core';
import type { NamedArray, TypedArray } from '@sinapse/formats';
import { cellsOf } from './cells-of.ts';
import { toTorchOrder } from './layout.ts';
import type { NamesOption } from './names-option.ts';
import { NAMES } from './names-option.ts';

export interface ExportWeightsOptions {
  /** What the file is to call the layers. */
  readonly names: NamesOption;
  /** The model's input shape, without the batch axis. Default: the one for which the model was built. */
  readonly inputShape?: Shape;
}

const EXPORT_WEIGHTS: OptionChecks<ExportWeightsOptions> = { names: check.required(NAMES), inputShape: check.shape };

/**
 * The parameters and states of a built model as a PyTorch state dict has them, with the values at the time of the call: what `encodeSafetensors` of
 * @sinapse/formats writes, and `load_state_dict` reads.
 * @returns arrays by PyTorch's names, in the order of the model
 * @throws SinapseError when the input shape is not known, or two parameters would have the same name
 */
export async function exportWeights(model: Model, options: ExportWeightsOptions): Promise<Map<string, NamedArray>> {
  checkOptions('exportWeights', options, EXPORT_WEIGHTS);
  const cells = cellsOf(model, options.names, options.inputShape);
  const reads = scope(() => cells.map(({ cell }) => cell.value.data()));
  const arrays = new Map<string, NamedArray>();
  for (const [i, { cell, name, shape, kernel, part }] of cells.entries()) {
    const read = (await reads[i]!) as TypedArray;
    // A backend in float64 mode, which tests use, returns float64 values for float32 tensors.
    const data = read instanceof Float64Array ? Float32Array.from(read) : read;
    const ordered = kernel === undefined ? data : toTorchOrder(data, kernel);
    const before = arrays.get(name)?.data as Float32Array | undefined;
    const whole = part === undefined ? ordered : (before ?? new Float32Array(part.of * cell.size));
    if (part !== undefined) (whole as Float32Array).set(ordered as Float32Array, part.index * cell.size);
    arrays.set(name, { dtype: cell.dtype, shape, data: whole });
  }
  return arrays;
}
