// Makes the model that a file describes, with its weights.

import type { Check, ShapesOf, Tensor } from '@sinapse/core';
import { check, checkValue, meta, walk, withBackend } from '@sinapse/core';
import type { DescribedModel, LayerFunctions } from './description.ts';
import { FUNCTIONS, modelFrom } from './description.ts';
import { hasMembers } from './checkpoint/contents.ts';
import { TrainingError } from './errors.ts';
import type { ModelCard, ModelFile } from './model-file.ts';
import { decodeModel } from './model-file.ts';
import { loadWeights } from './load-weights.ts';

export interface OpenedModel<In = Tensor, Out = Tensor> {
  /** Built, with the file's weights, on the backend in use. */
  readonly model: DescribedModel<In, Out>;
  /** The shape of one input, without the batch axis; of a model of several inputs their shapes, in their form. */
  readonly inputShape: ShapesOf<In>;
  /** The shape of one output. */
  readonly outputShape: ShapesOf<Out>;
  readonly card: ModelCard<In>;
}

const FILE: Check = {
  expected: 'a model file, as loadModel returns it, or its bytes',
  accepts: (value) => check.bytes.accepts(value) || hasMembers('card', 'arrays')(value),
};

/**
 * Makes the model that a file describes: `openModel(await loadModel('model.safetensors'), allLayers)`. The file may come from anywhere. Its weights
 * are compared with the shapes of its layers before any memory is taken for them, and none are drawn at random.
 *
 * If the model takes or gives several tensors, say so: `openModel<{ image: Tensor; meta: Tensor }>(…)`. The file is not compared with these types; the
 * model itself refuses what it does not take.
 * @param file the bytes of a model file, or what `decodeModel` or `loadModel` made of them
 * @param functions those that the file may call: `allLayers` of @sinapse/layers; for models of the zoo `{ ...allLayers, ...allModels }`; your own
 *   layers by the names that they have in their `describe`
 * @throws TrainingError, FormatError, SinapseError when the bytes are no model file, it holds weights alone, names a function that is not given, or
 *   describes a model that does not fit its weights
 */
export function openModel<In = Tensor, Out = Tensor>(file: Uint8Array | ModelFile<In>, functions: LayerFunctions): OpenedModel<In, Out> {
  checkValue('openModel: the file', file, FILE);
  checkValue('openModel: the functions', functions, FUNCTIONS);
  const { card, arrays } = 'arrays' in file ? file : decodeModel<In>(file);
  const { architecture, inputShape } = card;
  if (architecture === null || inputShape === undefined)
    throw new TrainingError(
      'model file: it holds weights alone; make the model yourself and give it the arrays: loadWeights(model, arrays)',
    );
  const model = modelFrom<In, Out>(architecture, functions);
  const outputShape = withBackend(meta(), () => model.build(inputShape, 0));
  try {
    loadWeights(model, arrays);
  } catch (error) {
    for (const { cell } of walk(model)) cell.dispose(); // they hold no memory, but count
    throw error;
  }
  return { model, inputShape, outputShape, card };
}
