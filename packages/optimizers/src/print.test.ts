import { reference } from '@sinapse/backend-reference';
import { Parameter, meta, tensor, use } from '@sinapse/core';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { adam, sgd } from './index.ts';

test('an optimizer says its options and steps', () => {
  use(reference());
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
  optimizer.step([new Parameter(tensor([1]))], [tensor([1])]);
  expect(inspect(optimizer)).toBe('sgd({ learningRate: 0.1, momentum: 0.9 }), steps made: 1');
  expect(inspect({ optimizer: adam({ learningRate: () => 1 }) })).toBe('{ optimizer: adam({ learningRate: a function }), steps made: 0 }');
});

test('a backend says its engine', () => {
  expect(inspect(reference())).toBe('Backend reference: TypeScript, 1 thread');
  expect(inspect({ backend: meta() })).toBe('{ backend: Backend meta: shapes only }');
});
