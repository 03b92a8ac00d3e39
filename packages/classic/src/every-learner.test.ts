// Every learner: a file brings it back the same, what it cannot take is one line, and it says so when it has learnt nothing.

import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { SinapseError, tensor, use } from '@sinapse/core';
import { encodeSafetensors } from '@sinapse/formats';
import { describe, expect, test } from 'vitest';
import * as classic from './index.ts';
import { allLearners, encodeLearner, openLearner } from './index.ts';
import { fittedCases } from '../test/cases.ts';

use(reference({ poison: true }));

describe.each(Object.entries(fittedCases))('%s', (name, { fit, use: call, x }) => {
  test('comes back from a file', async () => {
    const learner = await fit();
    const copy = openLearner(await encodeLearner(learner), allLearners);
    expect(copy.describe()).toEqual(learner.describe());
    const [again, before] = [await call(copy, x()), await call(learner, x())];
    expect(Array.from(again.dataSync())).toEqual(Array.from(before.dataSync()));
  });

  test('has an entry in allLearners, and says what it misses', async () => {
    const { options } = (await fit()).describe();
    const fresh = allLearners[name]!(options as never);
    await expect(async () => call(fresh, x())).rejects.toThrow(`${name}: it has learnt nothing yet; call fit first`);
    await expect(encodeLearner(fresh)).rejects.toThrow(`encodeLearner: the ${name} has learnt nothing yet`);
    expect(() => allLearners[name]!({ ...options, sede: 1 } as never)).toThrow(`${name}: sede is no option`);
  });

  test('refuses other features and values that are not finite', async () => {
    const learner = await fit();
    const width = x().shape[1]! + 1;
    const wide = tensor(new Float32Array(width), { shape: [1, width] });
    await expect(async () => call(learner, wide)).rejects.toThrow(new RegExp(`^${name}: x must have`));
    const fresh = allLearners[name]!(learner.describe().options as never) as unknown as { fit: (...x: Tensor[]) => Promise<unknown> };
    await expect(fresh.fit(tensor([[NaN, 1]]))).rejects.toThrow(new RegExp(`^${name}: x (has values that are not finite|must be of )`));
  });
});

test('each learner has a case', () => expect(Object.keys(fittedCases).sort()).toEqual(Object.keys(allLearners).sort()));

describe('files that hold no such learner', () => {
  const file = (metadata: Record<string, string>, arrays: [string, number[]][] = []): Uint8Array =>
    encodeSafetensors(
      arrays.map(([name, shape]) => [name, { dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }]),
      metadata,
    );
  const call = (learner: string, options: object = {}): Record<string, string> => ({ learner: JSON.stringify({ learner, options }) });

  test.each<[string, Uint8Array, string]>([
    ['nothing', file({}), 'openLearner: the file holds no learner; encodeLearner writes one'],
    ['no JSON', file({ learner: '{' }), 'openLearner: the file holds no learner; encodeLearner writes one'],
    ['another name', file(call('kMean')), 'kMeans'],
    ['a name of every object', file(call('constructor')), 'constructor'],
    ['options', file(call('kMeans', { clusters: 0 })), 'kMeans: clusters: expected an integer >= 1, got 0'],
    ['no array', file(call('kMeans', { clusters: 2 })), 'kMeans: the array centres is missing'],
    ['another array', file(call('kMeans', { clusters: 2 }), [['junk', [1]]]), 'kMeans: junk is none of its arrays, centres'],
    ['another shape', file(call('kMeans', { clusters: 2 }), [['centres', [3, 2]]]), 'kMeans: centres: expected the shape [2, features], got [3,2]'],
  ])('%s', (_, bytes, message) => {
    expect(() => openLearner(bytes, allLearners)).toThrow(SinapseError);
    expect(() => openLearner(bytes, allLearners)).toThrow(message);
  }); // prettier-ignore
});

describe('junk arguments', () => {
  const junk = [undefined, null, 0, 1, -1.5, NaN, 'junk', true, {}, { junk: 1 }, [], [null], () => {}, Symbol('junk')];
  const functions = Object.entries(classic).filter(([, value]) => typeof value === 'function' && !/^class\b/.test(String(value)));

  test.each(functions)('%s', async (name, value) => {
    const made = value as (...args: unknown[]) => unknown;
    for (const args of [[], ...junk.flatMap((one) => [[one], [one, one], [{}, one]])]) {
      try {
        await made(...args);
      } catch (error) {
        expect(error).toBeInstanceOf(SinapseError);
        expect((error as Error).message).toMatch(new RegExp(`^(${name}|safetensors): [^\\n]*$`));
      }
    }
  });
});
