// Batches from a generator, or from anything that can be iterated.

import { checkOptions, shown } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { StepData, StepSource } from '../train-step.ts';
import type { InTurnOptions, Reader } from './in-turn.ts';
import { continued, reopened, STEPS } from './in-turn.ts';

export type Batches<B> = Iterable<B> | AsyncIterable<B>;

const OPTIONS: OptionChecks<InTurnOptions> = { stepsPerEpoch: STEPS };

const EXPECTED = 'a generator function, a generator, or a list of batches';

/**
 * A source of the batches that a generator function yields, which is called with the number of each epoch, from 1; synchronous or not. A generator
 * that was called already can be read once. Anything else that can be iterated, such as a list of batches, is so in each epoch.
 * @param batches each `{ x, y }` of tensors or arrays `{ data, shape }`
 * @throws SinapseError when an option is unknown; in training, TrainingError when a generator is to be read twice. Errors of the generator reach
 *   the caller of `fit` unchanged; the step before them was the last.
 */
export function fromGenerator<B extends StepData>(
  batches: Batches<B> | ((epoch: number) => Batches<B>),
  options: InTurnOptions = {},
): StepSource<B> {
  checkOptions('fromGenerator', options, OPTIONS);
  const { stepsPerEpoch } = options;
  if (typeof batches === 'function') return reopened((epoch) => readerOf(batches(epoch), 'the function must return'), stepsPerEpoch);
  if (!isIterable(batches)) throw new TrainingError(`fromGenerator: expected ${EXPECTED}, got ${shown(batches)}`);
  if (!('next' in batches)) return reopened(() => readerOf(batches, ''), stepsPerEpoch);
  const iterator = iteratorOf(batches);
  const reader: Reader<B> = { next: () => iterator.next(), close: () => iterator.return?.() };
  return continued('fromGenerator', () => reader, stepsPerEpoch);
}

function readerOf<B>(batches: Batches<B>, what: string): Reader<B> {
  if (!isIterable(batches))
    throw new TrainingError(`fromGenerator: ${what} something to iterate, as a generator function does; got ${shown(batches)}`);
  const iterator = iteratorOf(batches);
  return { next: () => iterator.next(), close: () => iterator.return?.() };
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function iteratorOf<B>(batches: Batches<B>): Iterator<B> | AsyncIterator<B> {
  return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
}
