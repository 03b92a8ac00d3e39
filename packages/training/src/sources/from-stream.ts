// Batches from a ReadableStream, as `fetch` and files give them, piped through a TransformStream that makes batches.

import type { Check, OptionChecks } from '@sinapse/core';
import { checkOptions, checkValue } from '@sinapse/core';
import type { StepData, StepSource } from '../train-step.ts';
import type { InTurnOptions, Reader } from './in-turn.ts';
import { continued, reopened, STEPS } from './in-turn.ts';

/** What a ReadableStream of browsers and of Node has, as far as it is used here. */
export interface StreamOf<B> {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
    releaseLock(): void;
    cancel(reason?: unknown): Promise<void>;
  };
  /** Says what the stream gives: it is not called. */
  pipeTo(destination: { getWriter(): { write(chunk?: B): Promise<void> } }): Promise<void>;
}

const OPTIONS: OptionChecks<InTurnOptions> = { stepsPerEpoch: STEPS };
const STREAM: Check = {
  expected: 'a ReadableStream of batches',
  accepts: (value) => typeof value === 'object' && value !== null && 'getReader' in value,
};
const STREAMS: Check = {
  expected: `${STREAM.expected}, or a function that opens one`,
  accepts: (value) => typeof value === 'function' || STREAM.accepts(value),
};

/**
 * A source of the batches of a ReadableStream. A function is called with the number of each epoch, from 1, and opens its stream. A stream that is open
 * can be read once; `stepsPerEpoch` cuts it into epochs. A stream of which no more is wanted is cancelled, unless it goes on in the next epoch.
 * @throws SinapseError when an argument is wrong; in training, TrainingError when a stream is to be read twice
 */
export function fromStream<B extends StepData>(
  stream: StreamOf<B> | ((epoch: number) => StreamOf<B>),
  options: InTurnOptions = {},
): StepSource<B> {
  checkValue('fromStream', stream, STREAMS);
  checkOptions('fromStream', options, OPTIONS);
  const { stepsPerEpoch } = options;
  if (typeof stream !== 'function') return continued('fromStream', () => readerOf(stream), stepsPerEpoch);
  return reopened((epoch) => {
    const opened = stream(epoch);
    checkValue('fromStream: the function must return', opened, STREAM);
    return readerOf(opened);
  }, stepsPerEpoch);
}

function readerOf<B>(stream: StreamOf<B>): Reader<B> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<B, unknown>>,
    close: () => reader.cancel(),
    pause: () => reader.releaseLock(),
  };
}
