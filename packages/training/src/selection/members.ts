// The models of an ensemble: their names, their calls, and what they give as scores that can be combined.

import type { Buildable, Context, Model, Seed, Shape, Tensor } from '@sinapse/core';
import { SinapseError, formatShape, log, logSoftmax, randomKey, sameShape, scope, shown, shownName } from '@sinapse/core';

/** A model, or its name and the model. A name that is not given is `model1`, `model2`, … */
export type Member = Model | readonly [name: string, model: Model];

/** What the models of an ensemble give: logits or probabilities `[batch, classes]`, or values, as in a regression. */
export type MemberOutput = 'logits' | 'probabilities' | 'values';

/** @throws SinapseError unless it is a list of at least one model with names of their own */
export function namedMembers(owner: string, members: unknown): ReadonlyMap<string, Model> {
  if (!Array.isArray(members) || members.length === 0)
    throw new SinapseError(`${owner}: expected a list of at least one model, got ${shown(members)}`);
  const named = new Map<string, Model>();
  (members as readonly unknown[]).forEach((member, i) => {
    const [name, model] = Array.isArray(member) ? (member as unknown[]) : [`model${i + 1}`, member];
    if (typeof name !== 'string' || name === '' || name.includes('/') || !isModel(model))
      throw new SinapseError(`${owner}: entry ${i} of the list must be a model, or [name, model], got ${shown(member)}`);
    if (named.has(name)) throw new SinapseError(`${owner}: two models are named ${shownName(name)}`);
    named.set(name, model);
  });
  return named;
}

function isModel(value: unknown): value is Model {
  return typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function';
}

/** Calls a part of a model in a context of its own; errors thrown there get its name. */
export function callPart(name: string, part: Model, x: Tensor, context: Context): Tensor {
  const inner = context.child(name);
  const y = located(name, () => scope(() => part.call(x, inner)));
  return (inner.observe?.(inner.path, part, x, y) as Tensor | undefined) ?? y;
}

/** Builds every model for one input shape. @throws SinapseError when one has no `build`, or their outputs differ in shape */
export function buildMembers(owner: string, members: ReadonlyMap<string, Model>, inputShape: Shape, seed: Seed): Shape {
  const shapes = [...members].map(([name, model]) =>
    located(name, () => {
      if (!('build' in model)) throw new SinapseError(`${owner}: the model has no method build`);
      return (model as unknown as Buildable).build(inputShape, randomKey(seed).fold(name));
    }),
  );
  const other = shapes.findIndex((shape) => !sameShape(shape, shapes[0]!));
  if (other >= 0)
    throw new SinapseError(`${owner}: the models must give one shape, got ${formatShape(shapes[0]!)} and ${formatShape(shapes[other]!)}`);
  return shapes[0]!;
}

/**
 * Calls every model with one input.
 * @returns their outputs, all of one shape
 * @throws SinapseError when they differ in shape, so that they cannot be combined
 */
export function callMembers(owner: string, members: ReadonlyMap<string, Model>, x: Tensor, context: Context): Tensor[] {
  const outputs = [...members].map(([name, model]) => callPart(name, model, x, context));
  const names = [...members.keys()];
  const other = outputs.findIndex(({ shape }) => !sameShape(shape, outputs[0]!.shape));
  if (other >= 0)
    throw new SinapseError(
      `${owner}: the models must give one shape, got ${formatShape(outputs[0]!.shape)} of ${names[0]} and ${formatShape(outputs[other]!.shape)} of ${names[other]}`,
    );
  return outputs;
}

/** The output of a model as scores: the logarithms of its probabilities, or its values. */
export function scoresOf(y: Tensor, of: MemberOutput): Tensor {
  if (of === 'values') return y;
  return of === 'logits' ? logSoftmax(y) : log(y);
}

/** The shape of one input, as the first model that knows it was built for. */
export function inputShapeOf(members: Iterable<Model>): Shape | undefined {
  for (const { inputShape } of members as Iterable<{ readonly inputShape?: Shape }>) if (inputShape !== undefined) return inputShape;
  return undefined;
}

function located<T>(name: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}
