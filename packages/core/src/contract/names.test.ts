import { expect, test } from 'vitest';
import { SinapseError } from './errors.ts';
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

test('of very many names the first are listed', () => {
  const known = Array.from({ length: 100 }, (_, i) => `layer${i + 100}`);
  expect(suggestion('zebra', known)).toBe(`there are ${known.slice(0, 40).join(', ')}, …`);
});

// Names may come from files. Comparing two of a million characters would take hours.
test('a long name is shortened, quoted, and like no other', () => {
  const long = 'lenet5 '.repeat(200_000);
  expect(nearestName(long, [`${long}x`])).toBeUndefined();
  expect(nearestName('x'.repeat(100), [`${'x'.repeat(100)}y`])).toBe(`${'x'.repeat(100)}y`);
  expect(() => knownName('model', long, ['lenet5'])).toThrow(
    new SinapseError(`model "${long.slice(0, 80)}…" is not known; there are lenet5`),
  );
  expect(() => knownName('model', 'a\nb', ['lenet5'])).toThrow('model "a\\nb" is not known');
});
