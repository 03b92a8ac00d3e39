// Sampling and beam search, against probabilities computed by hand and against all outputs there are.

import { RandomStream, randomKey } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { beamSearch, candidatesOf, sampleToken } from '../index.ts';

describe('candidates', () => {
  const logits = [1, 3, 2, -Infinity].map((x) => (x === -Infinity ? x : Math.log(x))); // probabilities 1/6, 1/2, 1/3, 0
  const shares = (options: object): [number, number][] =>
    candidatesOf(logits, options).map(({ token, probability }) => [token, +probability.toFixed(12)]);
  const third = +(1 / 3).toFixed(12);

  test('come with their probabilities, the likeliest first', () => {
    expect(shares({})).toEqual([[1, 0.5], [2, third], [0, +(1 / 6).toFixed(12)]]); // prettier-ignore
  });
  test('at temperature 1/2 have squared odds, and at 0 the likeliest alone', () => {
    expect(shares({ temperature: 0.5 }).map(([token, p]) => [token, Math.round(14 * p)])).toEqual([[1, 9], [2, 4], [0, 1]]); // prettier-ignore
    expect(shares({ temperature: 0 })).toEqual([[1, 1]]);
  });
  test('of the top k, and of the top p', () => {
    expect(shares({ topK: 2 })).toEqual([[1, 0.6], [2, 0.4]]); // prettier-ignore
    expect(shares({ topP: 0.5 })).toEqual([[1, 1]]);
    expect(shares({ topP: 0.51 })).toEqual([[1, 0.6], [2, 0.4]]); // prettier-ignore
    expect(shares({ topP: 1e-9 })).toEqual([[1, 1]]);
  });
  test('are refused where logits are none', () => {
    expect(() => candidatesOf([])).toThrow('candidatesOf: expected the logits of at least one token');
    expect(() => candidatesOf([1, NaN])).toThrow('candidatesOf: a logit is not a number');
    expect(() => candidatesOf([1], { topP: 0 })).toThrow('topP: expected a number within (0, 1], got 0');
  });
  test('are drawn as often as they are likely', () => {
    const random = new RandomStream(randomKey(1));
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[sampleToken(logits, {}, random.uniform())]!++;
    // Five standard deviations of a binomial of 6,000 draws are at most 194.
    [1000, 3000, 2000, 0].forEach((expected, token) => expect(Math.abs(counts[token]! - expected)).toBeLessThan(expected === 0 ? 1 : 194));
    expect(sampleToken(logits, {}, 1 - 2 ** -53)).toBe(0);
  });
});

describe('beam search', () => {
  /** Logits that depend on the whole beginning. */
  const logitsOf = (tokens: readonly number[]): number[] => {
    const stream = new RandomStream(tokens.reduce((key, token) => key.fold(token), randomKey(7)));
    return [0, 1, 2].map(() => 2 * stream.normal());
  };
  const next = (states: readonly (readonly number[])[], tokens: readonly (number | undefined)[]) => {
    const after = states.map((state, i) => (tokens[i] === undefined ? state : [...state, tokens[i]]));
    return { logits: after.map(logitsOf), states: after };
  };
  const logProbability = (tokens: readonly number[]): number =>
    tokens.reduce((sum, token, i) => {
      const logits = logitsOf(tokens.slice(0, i));
      return sum + logits[token]! - Math.log(logits.reduce((a, b) => a + Math.exp(b), 0));
    }, 0);
  const all = (length: number): number[][] =>
    length === 0 ? [[]] : all(length - 1).flatMap((tokens) => [0, 1, 2].map((token) => [...tokens, token]));

  test('that keeps everything finds the likeliest output of all', async () => {
    const expected = all(4).toSorted((a, b) => logProbability(b) - logProbability(a));
    const found = await beamSearch<readonly number[]>([], next, { width: 81, length: 4 });
    expect(found.slice(0, 10).map(({ tokens }) => tokens)).toEqual(expected.slice(0, 10));
    expect(found[0]!.logProbability).toBeCloseTo(logProbability(expected[0]!), 12);
  });
  test('of width 1 takes the likeliest token at each step', async () => {
    const greedy: number[] = [];
    for (let i = 0; i < 5; i++) greedy.push(candidatesOf(logitsOf(greedy), { temperature: 0 })[0]!.token);
    expect((await beamSearch<readonly number[]>([], next, { width: 1, length: 5 }))[0]!.tokens).toEqual(greedy);
  });
  test('ends outputs at the end token, and continues none of them', async () => {
    const found = await beamSearch<readonly number[]>([], next, { width: 6, length: 6, end: 2 });
    for (const { tokens } of found)
      expect(tokens.indexOf(2) === -1 ? tokens.length === 6 : tokens.indexOf(2) === tokens.length - 1).toBe(true);
    const longer = await beamSearch<readonly number[]>([], next, { width: 6, length: 6, end: 2, lengthPenalty: 3 });
    const mean = (beams: typeof found): number => beams.reduce((sum, { tokens }) => sum + tokens.length, 0) / beams.length;
    expect(mean(longer)).toBeGreaterThan(mean(found));
  });
  test('refuses what it cannot take', async () => {
    await expect(beamSearch([], 1 as never, { length: 1 })).rejects.toThrow('beamSearch: next: expected a function');
    await expect(beamSearch([], next as never, {} as never)).rejects.toThrow('beamSearch: length');
    await expect(beamSearch([], () => ({ logits: [], states: [] }), { length: 1 })).rejects.toThrow(
      'beamSearch: next must give logits and a state for each of 1',
    );
  });
});
