import { SinapseError } from '@sinapse/core';
import { expect, test } from 'vitest';
import { createOptimizer, optimizerNames } from './create.ts';

test('makes every optimizer by its name', () => {
  for (const name of optimizerNames) expect(createOptimizer(name, { learningRate: 0.1, clipNorm: 1 }).name).toBe(name);
});

test.each([
  ['adan', {}, 'optimizer adan is not known; did you mean adam?'],
  ['constructor', {}, 'optimizer constructor is not known; there are sgd, momentum, nesterov, adaGrad'],
  ['adam', { learningRate: 'abc' }, 'adam: learningRate: expected a finite number > 0, or a schedule, got "abc"'],
  ['adam', { learningRate: 0 }, 'adam: learningRate: expected a finite number > 0, or a schedule, got 0'],
  ['sgd', { learningRate: Infinity }, 'sgd: learningRate: expected a finite number > 0, or a schedule, got Infinity'],
  ['sgd', { learningRate: null }, 'sgd: learningRate: expected a finite number > 0, or a schedule, got null'],
  ['sgd', { learningrate: 0.1 }, 'sgd: learningrate is no option; did you mean learningRate?'],
  [
    'sgd',
    { beta1: 0.1 },
    'sgd: beta1 is no option; there are learningRate, weightDecay, decay, clipNorm, clipValue, momentum, averaged, nesterov',
  ],
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
  ['momentum', { nesterov: true }, 'momentum: nesterov is no option'],
  ['momentum', { averaged: true, momentum: 0 }, 'momentum: averaged: needs a momentum above 0'],
  ['muon', { rest: 'adam' }, 'muon: rest: expected an optimizer, e.g. adam(), got "adam"'],
  ['muon', { steps: 0 }, 'muon: steps: expected an integer >= 1, got 0'],
  ['rmsprop', {}, 'optimizer rmsprop is not known; did you mean rmsProp?'],
  ['rmsProp', { centred: true }, 'rmsProp: centred is no option; did you mean centered?'],
  ['adaGrad', { initialAccumulator: -1 }, 'adaGrad: initialAccumulator: expected a finite number >= 0, got -1'],
  ['adaDelta', { rho: 1 }, 'adaDelta: rho: expected a number within [0, 1), got 1'],
  ['quickprop', { maxGrowth: 0 }, 'quickprop: maxGrowth: expected a finite number > 0, got 0'],
  ['lamb', { beta1: 1 }, 'lamb: beta1: expected a number within [0, 1), got 1'],
  ['adam', [] as never, 'adam: options: expected an object'],
  ['adam', null as never, 'adam: options: expected an object, got null'],
])('%s with %o: %s', (name, options: Record<string, unknown>, message) => {
  expect(() => createOptimizer(name, options)).toThrow(message);
  expect(() => createOptimizer(name, options)).toThrow(SinapseError);
});
