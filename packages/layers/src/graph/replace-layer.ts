// Other layers in place of some: a new head for a trained network.

import type { Check, Seed, ShapesOf } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, quote, shownName, suggestion } from '@sinapse/core';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer, located } from '../layer.ts';
import { buildMissing } from './build-missing.ts';
import { isContainer } from './wiring.ts';

export interface ReplaceOptions {
  /** Of the initial weights of the new layer. Default 0. */
  readonly seed?: Seed;
}

const MODEL: Check = { expected: 'a layer or a model of layers', accepts: isLayer };

/**
 * The same model with another layer at a path: `replaceLayer(model, 'classifier', dense({ units: 5 }))`. The result shares all other layers with the
 * model, and their weights. If the model is built, the new layer is built for its place, unless it has weights already.
 * @param path of a layer in `sequential`, `branches`, `residual`, `denseConnection` and `graph`, at any depth. A layer that is called at several
 *   places is replaced at all of them
 * @returns a model of the same kind; the given one does not change
 * @throws SinapseError when there is no such layer, or what follows does not take what the new one gives
 */
export function replaceLayer<M extends AnyLayer>(model: M, path: string, layer: AnyLayer, options: ReplaceOptions = {}): M {
  checkValue('replaceLayer: the model', model, MODEL);
  checkValue(
    'replaceLayer',
    path,
    { expected: 'the path of a layer, e.g. classifier', accepts: (value) => typeof value === 'string' },
    'path',
  );
  checkValue('replaceLayer', layer, { expected: 'a layer', accepts: isLayer }, 'layer');
  checkOptions('replaceLayer', options, { seed: check.seed });
  const replaced = withReplaced('replaceLayer', model, new Map([[path, layer]]));
  const { inputShape } = model as { readonly inputShape?: ShapesOf<unknown> };
  if (inputShape !== undefined) buildMissing(replaced as Layer<unknown, unknown>, inputShape, options.seed ?? 0);
  return replaced;
}

/** The same model with other layers, by path. @throws SinapseError when there is no such layer */
export function withReplaced<M extends AnyLayer>(owner: string, model: M, layers: ReadonlyMap<string, AnyLayer>): M {
  const left = new Set(layers.keys());
  const change = (layer: AnyLayer, path: string): AnyLayer => {
    const other = layers.get(path);
    left.delete(path);
    if (other !== undefined) return other;
    const below = path === '' ? '' : `${path}/`;
    if (!isContainer(layer) || ![...layers.keys()].some((name) => name.startsWith(below))) return layer;
    return layer.withLayers((name, part) => located(name, () => change(part, `${below}${name}`)));
  };
  const changed = change(model, '');
  for (const path of left)
    throw new SinapseError(`${owner}: nothing is called ${quote(path)}; ${suggestion(path, pathsIn(model).map(shownName))}`); // prettier-ignore
  return changed as M;
}

/** The paths of all layers inside a model that can be replaced. */
function pathsIn(layer: AnyLayer, path = ''): string[] {
  if (!isContainer(layer)) return [];
  const names: [string, AnyLayer][] = [];
  layer.withLayers((name, part) => (names.push([name, part]), part));
  return names.flatMap(([name, part]) => {
    const own = path === '' ? name : `${path}/${name}`;
    return [own, ...pathsIn(part, own)];
  });
}
