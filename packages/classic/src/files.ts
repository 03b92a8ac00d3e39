// Learners as bytes: a safetensors file whose metadata holds the call that makes the learner, and whose arrays are what it has learnt.

import { SinapseError, check, checkValue, knownName } from '@sinapse/core';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import type { NamedArray } from '@sinapse/formats';
import type { LearntArray } from './learner.ts';
import { Learner } from './learner.ts';

/** Functions that make learners, by name: `{ kMeans, pca }`, or `allLearners`. */
export type LearnerMakers = Readonly<Record<string, (options: never) => Learner>>;

/**
 * The bytes of a file that holds a learner.
 * @throws SinapseError when it is no learner, or has learnt nothing
 */
export async function encodeLearner(learner: Learner): Promise<Uint8Array> {
  checkValue('encodeLearner', learner, { expected: 'a learner', accepts: (value) => value instanceof Learner });
  if (!learner.fitted) throw new SinapseError(`encodeLearner: the ${learner.type} has learnt nothing yet; call fit first`);
  const arrays: [string, NamedArray][] = [];
  for (const [name, array] of learner.arrays()) arrays.push([name, { dtype: 'float32', shape: array.shape, data: await array.data() }]);
  return encodeSafetensors(arrays, { learner: JSON.stringify(learner.describe()) });
}

/**
 * Makes the learner that a file holds. The file chooses among the given functions only, so it never decides what code runs.
 * @param makers the functions that it may name
 * @throws FormatError when the bytes are not safetensors; SinapseError when they hold no learner, name a function that was not given (the nearest is
 *   suggested), or options or arrays do not fit it
 */
export function openLearner(bytes: Uint8Array, makers: LearnerMakers): Learner {
  checkValue('openLearner', bytes, check.bytes);
  checkValue('openLearner', makers, { expected: 'functions that make learners, by name', accepts: isMakers });
  const { arrays, metadata } = decodeSafetensors(bytes);
  const call = parsed(metadata['learner']);
  if (call === undefined) throw new SinapseError('openLearner: the file holds no learner; encodeLearner writes one');
  const name = knownName('openLearner: learner', call.learner, Object.keys(makers));
  const learner = makers[name]!(call.options as never);
  const learnt = new Map<string, LearntArray>();
  for (const [key, { data, shape }] of arrays) {
    if (!(data instanceof Float32Array)) throw new SinapseError(`openLearner: the array ${key} of a learner must be float32`);
    learnt.set(key, { data, shape });
  }
  learner.restore(learnt);
  return learner;
}

function isMakers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'function');
}

function parsed(text: string | undefined): { learner: string; options: object } | undefined {
  if (text === undefined) return undefined;
  try {
    const { learner, options } = JSON.parse(text) as { learner?: unknown; options?: unknown };
    return typeof learner === 'string' && typeof options === 'object' && options !== null ? { learner, options } : undefined;
  } catch {
    return undefined;
  }
}
