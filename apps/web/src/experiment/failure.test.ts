// What can go wrong, in words: every kind has a sentence in both languages, which says what it knows.

import { BackendError, BackendLostError, OutOfMemoryError } from '@sinapse/core';
import { TrainingError } from '@sinapse/training';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { answering } from './answer.ts';
import { Refusal, failureOf } from './failure-of.ts';
import type { Failure, FailureKind, FailureOf } from './failure.ts';

const detail = 'the message behind it';
const name = 'a file';

const examples: { readonly [K in FailureKind]: FailureOf<K> } = {
  deviceLost: { kind: 'deviceLost', detail },
  outOfMemory: { kind: 'outOfMemory', megabytes: 17, detail },
  shader: { kind: 'shader', detail },
  diverged: { kind: 'diverged', detail },
  networkDoesNotFit: { kind: 'networkDoesNotFit', detail },
  backendDoesNotStart: { kind: 'backendDoesNotStart', detail },
  workerFailed: { kind: 'workerFailed', detail },
  fileEmpty: { kind: 'fileEmpty', name, detail },
  fileTooLarge: { kind: 'fileTooLarge', name, megabytes: 700, most: 512, detail },
  fileUnreadable: { kind: 'fileUnreadable', name, detail },
  filePicture: { kind: 'filePicture', name, detail },
  fileUnknown: { kind: 'fileUnknown', name, detail },
  fileDamaged: { kind: 'fileDamaged', name, detail },
  labelsMissing: { kind: 'labelsMissing', name, detail },
  imagesMissing: { kind: 'imagesMissing', name, detail },
  sizesDiffer: { kind: 'sizesDiffer', detail },
  tooFewImages: { kind: 'tooFewImages', count: 5, least: 6, detail },
  modelOfWeightsAlone: { kind: 'modelOfWeightsAlone', name, detail },
  modelWithUnknownLayer: { kind: 'modelWithUnknownLayer', name, layer: 'dance', detail },
  modelForOtherInputs: { kind: 'modelForOtherInputs', name, takes: '32 × 32 × 3', given: '28 × 28 × 1', detail },
  modelForOtherClasses: { kind: 'modelForOtherClasses', name, gives: '4', classes: 10, detail },
  unexpected: { kind: 'unexpected', detail },
};

describe('sentences', () => {
  let words: typeof import('./failure-text.ts');
  beforeAll(async () => {
    // The language comes from there and is written there.
    vi.stubGlobal('navigator', { language: 'en' });
    vi.stubGlobal('document', { documentElement: {} });
    words = await import('./failure-text.ts');
  });

  test.each(Object.values(examples))('$kind', (failure: Failure) => {
    const [en, pt] = (['en', 'pt'] as const).map((language) => words.sentenceOf(failure, words.failureTexts[language]));
    expect(en).not.toBe(pt);
    const { kind: _, detail: __, ...told } = failure;
    for (const value of Object.values(told)) for (const sentence of [en, pt]) expect(sentence).toContain(String(value));
  });
});

test.each<[Error, Failure['kind']]>([
  [new BackendLostError('lost'), 'deviceLost'],
  [new OutOfMemoryError('a storage', { asked: 5 }), 'outOfMemory'],
  [new BackendError('webgl: the shader of conv2d does not compile on this device: x'), 'shader'],
  [new BackendError('webgl: no context'), 'unexpected'],
  [new TrainingError('epoch 1, step 2: the loss is NaN; the weights are those before this step'), 'diverged'],
  [new TrainingError('epoch 1: the weights of dense1 are not finite any more'), 'diverged'],
  [new Refusal(examples.fileEmpty), 'fileEmpty'],
  [new TypeError('x is not a function'), 'unexpected'],
])('%s is told as %s', (error, kind) => expect(failureOf(error).kind).toBe(kind));

test('an answer is a value or a failure; it never rejects', async () => {
  const { half, fail } = answering({
    half: (x: number) => x / 2,
    fail: () => {
      throw new Refusal(examples.tooFewImages);
    },
  });
  expect(await half(3)).toEqual({ value: 1.5 });
  expect(await fail()).toEqual({ failure: examples.tooFewImages });
});
