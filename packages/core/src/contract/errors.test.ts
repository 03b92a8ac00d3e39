import { expect, test } from 'vitest';
import { ShapeError, nearestName } from './errors.ts';

test('the path of an error grows outwards', () => {
  const error = new ShapeError('conv2d: filter expects 3 input channels').within('conv1').within('features').within('lenet5');
  expect(error.path).toBe('lenet5/features/conv1');
  expect(error.message).toBe('lenet5/features/conv1: conv2d: filter expects 3 input channels');
});

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
