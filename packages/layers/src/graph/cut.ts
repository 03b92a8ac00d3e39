// Cutting: the part of a model that leads to a value inside it.

import type { Check, Shape, ShapesOf, Tensor, Tree } from '@sinapse/core';
import { Context, SinapseError, checkValue, mapTree, quote, shownName, suggestion } from '@sinapse/core';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer } from '../layer.ts';
import { Graph } from './graph.ts';
import type { Step, Wiring } from './wiring.ts';
import { VALUE, isContainer, valuesIn } from './wiring.ts';

const MODEL: Check = { expected: 'a layer or a model of layers', accepts: isLayer };
const PATH: Check = { expected: 'the path of a layer, e.g. block3/relu', accepts: (value) => typeof value === 'string' };

/**
 * The part of a model that gives what a layer inside it gives: `submodel(model, 'block3/relu')` gives features. Its layers are those of the model, with
 * their paths and weights, so that either changes with the other; layers after the cut are left out.
 * @param path of a layer, as `summary` and `graphOf` list it; `tower:2` is the second call of a layer that is called twice
 * @throws SinapseError when there is no such layer, or the model does not say how its parts are connected
 */
export function submodel<In, Out = Tensor>(model: Layer<In, unknown>, path: string): Graph<In, Out> {
  checkValue('submodel: the model', model, MODEL);
  checkValue('submodel', path, PATH, 'path');
  return cutAt('submodel', model, [path]) as unknown as Graph<In, Out>;
}

/**
 * What layers inside a model give for an input, by path: `intermediates(model, x, ['conv1', 'block3/relu'])`. The model runs once, as far as the last
 * of them needs it. Gradients flow through.
 * @param context by default, that of a prediction
 * @returns tensors, which belong to the caller
 * @throws SinapseError when there is no such layer, or the model does not say how its parts are connected
 */
export function intermediates<In, Path extends string>(
  model: Layer<In, unknown>,
  x: In,
  paths: readonly Path[],
  context: Context = new Context(),
): Readonly<Record<Path, Tensor>> {
  checkValue('intermediates: the model', model, MODEL);
  const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(PATH.accepts);
  checkValue('intermediates', paths, { expected: "a list of paths of layers, e.g. ['conv1']", accepts: isList }, 'paths');
  const wanted = [...new Set(paths)];
  const given = cutAt('intermediates', model, wanted).call(x, context);
  const values = (wanted.length === 1 ? [given] : given) as readonly Tensor[];
  return Object.fromEntries(wanted.map((path, i) => [path, values[i]!])) as Record<Path, Tensor>;
}

/** A graph that gives what is at some paths: one value, or a list of them. */
function cutAt(owner: string, model: AnyLayer, paths: readonly string[]): Graph<unknown, unknown> {
  const known = idsIn(model);
  if (known.length === 0)
    throw new SinapseError(
      `${owner}: ${model.type} does not say how its parts are connected; sequential, branches, residual, denseConnection and graph do`,
    );
  for (const path of paths)
    if (!known.includes(path)) throw new SinapseError(`${owner}: nothing is called ${quote(path)}; ${suggestion(path, known.map(shownName))}`); // prettier-ignore
  const { inputShape } = model as { readonly inputShape?: ShapesOf<unknown> };
  const wiring = cutWiring(model, paths, false);
  return new Graph(wiring, inputShape ?? mapTree(owner, wiring.inputs, VALUE, () => []));
}

/** The paths of all calls inside a model, at any depth. */
function idsIn(layer: AnyLayer, id = ''): string[] {
  if (!isContainer(layer)) return [];
  return called(layer.wiring().steps).flatMap(([name, step]) => {
    const own = id === '' ? name : `${id}/${name}`;
    return [own, ...idsIn(step.layer, own)];
  });
}

/** The steps with their names in paths: the second call of a layer has `:2` behind its name. */
function called(steps: readonly Step[]): [string, Step][] {
  const counts = new Map<string, number>();
  return steps.map((step) => {
    const count = (counts.get(step.name) ?? 0) + 1;
    counts.set(step.name, count);
    return [count === 1 ? step.name : `${step.name}:${count}`, step];
  });
}

/**
 * The wiring of a container, as far as it is needed.
 * @param paths of what it should give, inside the container
 * @param whole whether it should also give its own output, in front of the others
 */
function cutWiring(container: AnyLayer, paths: readonly string[], whole: boolean): Wiring {
  if (!isContainer(container)) throw new SinapseError('cut: not a container'); // idsIn knows no path inside it
  const { inputs, steps, outputs } = container.wiring();
  const calls = called(steps);
  const inside = (name: string): string[] => paths.filter((path) => path.startsWith(`${name}/`)).map((path) => path.slice(name.length + 1));
  const needed = new Set(whole ? valuesIn(outputs) : []);
  const kept = calls
    .toReversed()
    .filter(([name, { from, to }]) => {
      if (paths.includes(name)) for (const value of valuesIn(to)) needed.add(value);
      if (inside(name).length === 0 && !valuesIn(to).some((value) => needed.has(value))) return false;
      for (const value of valuesIn(from)) needed.add(value);
      return true;
    })
    .toReversed();

  let count = 0;
  const numbers: number[] = []; // of the values that stay
  const renumber = (tree: Tree<number>): Tree<number> => mapTree('cut', tree, VALUE, (value: number) => (numbers[value] = count++));
  const given = new Map<string, Tree<number>>();
  const cutInputs = renumber(inputs);
  const cutSteps = kept.map(([name, { layer, from, to, name: layerName }]): Step => {
    const taken = mapTree('cut', from, VALUE, (value: number) => numbers[value]!);
    const within = inside(name);
    if (within.length === 0) {
      const values = renumber(to);
      if (paths.includes(name)) given.set(name, values);
      return { name: layerName, layer, from: taken, to: values };
    }
    const isNeeded = valuesIn(to).some((value) => needed.has(value));
    const part = cutWiring(layer, within, isNeeded);
    const own = isNeeded ? [renumber(to)] : [];
    if (paths.includes(name)) given.set(name, own[0]!);
    const others = within.map((path) => {
      const value = count++;
      given.set(`${name}/${path}`, value);
      return value;
    });
    const values = [...own, ...others];
    const shape = (layer as { readonly inputShape?: Tree<Shape> }).inputShape ?? mapTree('cut', part.inputs, VALUE, () => []);
    return { name: layerName, layer: new Graph(part, shape), from: taken, to: values.length === 1 ? values[0]! : values };
  });
  const results = [...(whole ? [mapTree('cut', outputs, VALUE, (value: number) => numbers[value]!)] : []), ...paths.map((path) => given.get(path)!)]; // prettier-ignore
  return { inputs: cutInputs, steps: cutSteps, outputs: results.length === 1 ? results[0]! : results };
}
