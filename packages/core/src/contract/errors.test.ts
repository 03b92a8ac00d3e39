import { expect, test } from 'vitest';
import { ShapeError } from './errors.ts';

test('the path of an error grows outwards', () => {
  const error = new ShapeError('conv2d: filter expects 3 input channels').within('conv1').within('features').within('lenet5');
  expect(error.path).toBe('lenet5/features/conv1');
  expect(error.message).toBe('lenet5/features/conv1: conv2d: filter expects 3 input channels');
});
