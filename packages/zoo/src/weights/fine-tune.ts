// Adapts a trained network to other classes: a new head, and the rest frozen until the head has learned.

import type { OptionChecks, Parameter, Shape } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, freeze, parametersOf, quote, unfreeze } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { conv2d, dense, replaceLayer, summary } from '@sinapse/layers';

export interface FineTuneOptions {
  /** The number of classes to tell apart; an integer >= 1. */
  readonly classes: number;
  /**
   * The paths of the layers that give the scores, a dense layer or a convolution each. Default: the last layer with parameters.
   */
  readonly head?: string | readonly string[];
  /** Of the new head's initial weights. Default 0. */
  readonly seed?: number;
}

/** A model that is being adapted. */
export interface FineTuned<M extends Layer> {
  /** The model with its new head. It shares all other layers with the given one, and their weights. */
  readonly model: M;
  /** The paths of the new layers. */
  readonly head: readonly string[];
  /** Whether a parameter belongs to the rest, for `grouped` of @sinapse/optimizers: `{ parameters: tuned.body, optimizer: sgd({ learningRate: 1e-4 }) }`. */
  readonly body: (parameter: Parameter, path: string) => boolean;
  /**
   * Makes the rest trainable again, all of it or the parameters that a pattern names, as `unfreeze` does.
   * @returns their paths
   */
  thaw(pattern?: string): readonly string[];
}

const FINE_TUNE: OptionChecks<FineTuneOptions> = {
  classes: check.required(check.count),
  head: {
    expected: 'the path of a layer, or a list of paths',
    accepts: (value) =>
      typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every((path) => typeof path === 'string')),
  },
  seed: check.natural,
};

/**
 * Makes a model for other classes out of a trained one: `fineTune(model, { classes: 5 })`. Its head is new, and everything else is frozen, batch
 * normalisation with its running averages too. Train the head; then `thaw()`, and train the rest at a lower rate:
 *
 *     const optimizer = grouped(model, [{ parameters: body, optimizer: adam({ learningRate: 1e-5 }) }], { rest: adam({ learningRate: 1e-3 }) });
 * @param model built
 * @throws SinapseError when the head is no dense layer or convolution, or the model was not built
 */
export function fineTune<M extends Layer>(model: M, options: FineTuneOptions): FineTuned<M> {
  checkValue('fineTune: the model', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  checkOptions('fineTune', options, FINE_TUNE);
  inputShapeOf('fineTune', model);
  const { classes, head = headOf(model), seed = 0 } = options;
  const paths = typeof head === 'string' ? [head] : head;
  const layers = layersOf(model);
  const adapted = paths.reduce((changed, path) => {
    const layer = layers.get(path);
    return replaceLayer(changed, path, withOutputs(layer, path, classes, [...layers.keys()]), { seed });
  }, model);
  const isHead = (path: string): boolean => paths.some((part) => path.startsWith(`${part}/`));
  freeze(adapted);
  for (const path of paths) unfreeze(adapted, path);
  return {
    model: adapted,
    head: paths,
    body: (_, path) => !isHead(path),
    thaw: (pattern = '*') => unfreeze(adapted, pattern),
  };
}

/**
 * The path of the layer that gives a model's scores: the last one with parameters.
 * @param model built
 * @throws SinapseError when the model was not built, or has no parameters
 */
export function headOf(model: Layer): string {
  checkValue('headOf: the model', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  const last = summary(model, inputShapeOf('headOf', model)).layers.findLast(({ parameters }) => parameters > 0);
  if (last === undefined) throw new SinapseError('headOf: the model has no parameters');
  return last.path;
}

/** The layers with parameters of their own, by path. */
function layersOf(model: Layer): ReadonlyMap<string, Layer> {
  const found = new Map<string, Layer>();
  const visit = (layer: Layer, path: string): void => {
    found.set(path, layer);
    const children = (layer as { children?(): Iterable<readonly [string, unknown]> }).children?.() ?? [];
    for (const [name, child] of children)
      if (typeof child === 'object' && child !== null && 'call' in child) visit(child as Layer, path === '' ? name : `${path}/${name}`);
  };
  visit(model, '');
  return found;
}

/** The layer with another number of outputs, without weights. */
function withOutputs(layer: Layer | undefined, path: string, classes: number, known: readonly string[]): Layer {
  const options = layer?.describe?.().arguments[0] as object | undefined;
  if (layer?.type === 'dense') return dense({ ...options, units: classes });
  if (layer?.type === 'conv2d') return conv2d({ ...(options as Parameters<typeof conv2d>[0]), filters: classes });
  const what = layer === undefined ? `there is no layer ${quote(path)}` : `${quote(path)} is a ${layer.type}`;
  throw new SinapseError(
    `fineTune: the head must be a dense layer or a convolution, but ${what}; give its path: head: ${quote(known.at(-1) ?? '')}`,
  );
}

function inputShapeOf(owner: string, model: Layer): Shape {
  const { inputShape } = model as { readonly inputShape?: Shape };
  if (inputShape === undefined || parametersOf(model).length === 0)
    throw new SinapseError(`${owner}: the model was not built; build it, load its weights, and then adapt it`);
  return inputShape;
}
