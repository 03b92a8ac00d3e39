import { SinapseError } from '@sinapse/core';
import { expect, test } from 'vitest';
import { createOptimizer, optimizerNames } from './create.ts';

test('makes every optimizer by its name', () => {
  for (const name of optimizerNames) expect(createOptimizer(name, { learningRate: 0.1, clipNorm: 1 }).name).toBe(name);
});

test.each([
  ['adan', {}, 'optimizer adan is not known; did you mean adam?'],
  ['constructor', {}, 'optimizer constructor is not known; there are sgd, adam, adamW'],
  ['adam', { learningRate: 'abc' }, 'adam: learningRate: expected a finite number > 0, or a schedule, got "abc"'],
  ['adam', { learningRate: 0 }, 'adam: learningRate: expected a finite number > 0, or a schedule, got 0'],
  ['sgd', { learningRate: Infinity }, 'sgd: learningRate: expected a finite number > 0, or a schedule, got Infinity'],
  ['sgd', { learningRate: null }, 'sgd: learningRate: expected a finite number > 0, or a schedule, got null'],
  ['sgd', { learningrate: 0.1 }, 'sgd: learningrate is no option; did you mean learningRate?'],
  ['sgd', { beta1: 0.1 }, 'sgd: beta1 is no option; there are learningRate, weightDecay, decay, clipNorm, clipValue, momentum, nesterov'],
  ['sgd', JSON.parse('{"__proto__": {"momentum": 2}}'), 'sgd: __proto__ is no option'],
  ['sgd', { momentum: 1 }, 'sgd: momentum: expected a number within [0, 1), got 1'],
  ['sgd', { nesterov: true }, 'sgd: nesterov: needs a momentum above 0'],
  ['sgd', { momentum: 0.9, nesterov: 'yes' }, 'sgd: nesterov: expected true or false, got "yes"'],
  ['adam', { beta2: '0.9' }, 'adam: beta2: expected a number within [0, 1), got "0.9"'],
  ['adam', { epsilon: 0 }, 'adam: epsilon: expected a finite number > 0, got 0'],
  ['adamW', { weightDecay: -1 }, 'adamW: weightDecay: expected a finite number >= 0, got -1'],
  ['adamW', { decay: ['kernel'] }, 'adamW: decay: expected a function, got ["kernel"]'],
  ['adam', { clipNorm: -1 }, 'adam: clipNorm: expected a finite number > 0, got -1'],
  ['adam', { clipValue: NaN }, 'adam: clipValue: expected a finite number > 0, got NaN'],
  ['adam', [] as never, 'adam: options: expected an object'],
  ['adam', null as never, 'adam: options: expected an object, got null'],
])('%s with %o: %s', (name, options: Record<string, unknown>, message) => {
  expect(() => createOptimizer(name, options)).toThrow(message);
  expect(() => createOptimizer(name, options)).toThrow(SinapseError);
});
