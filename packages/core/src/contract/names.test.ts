import { expect, test } from 'vitest';
import { knownName, nearestName, suggestion } from './names.ts';

test.each([
  ['lenet', 'lenet5'],
  ['mnsit', 'mnist'],
  ['ADAM', 'adam'],
  ['adma', 'adam'],
])('%s is most like %s', (word, expected) => {
  expect(nearestName(word, ['lenet5', 'mnist', 'adam', 'digits', 'sgd'])).toBe(expected);
});

test('nothing is suggested for a word that is like none', () => {
  expect(nearestName('zebra', ['lenet5', 'mnist'])).toBeUndefined();
});

test('a name that is not known is answered with the nearest, or with all', () => {
  const known = ['sgd', 'adam'] as const;
  expect(knownName('optimizer', 'adam', known)).toBe('adam');
  expect(() => knownName('optimizer', 'adma', known)).toThrow('optimizer adma is not known; did you mean adam?');
  expect(() => knownName('optimizer', 'constructor', known)).toThrow('optimizer constructor is not known; there are sgd, adam');
  expect(() => knownName('optimizer', undefined, known)).toThrow('optimizer undefined is not known; there are sgd, adam');
  expect(suggestion('agd', known)).toBe('did you mean sgd?');
});
