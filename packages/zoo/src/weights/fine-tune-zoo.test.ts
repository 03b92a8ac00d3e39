// Every network of the zoo that ends in a dense layer or a convolution can be adapted to other classes.

import { Context, meta, parametersOf, use, zeros } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { createModel, modelNames } from '../create.ts';
import { fineTune } from './fine-tune.ts';

beforeAll(() => void use(meta()));

// The Neocognitron's last layer has neither: it learns without labels.
test.each(modelNames.filter((name) => name !== 'neocognitron'))('%s', (name) => {
  const { model, inputShape } = createModel(name);
  model.build(inputShape, 1);
  const { model: adapted, head } = fineTune(model, { classes: 7 });
  const output = adapted.call(zeros([2, ...inputShape]), new Context());
  expect(output.shape.at(-1)).toBe(7);
  expect(head).toHaveLength(1);
  const trainable = parametersOf(adapted).filter(({ cell }) => cell.trainable).map(({ path }) => path); // prettier-ignore
  expect(trainable.every((path) => path.startsWith(`${head[0]!}/`))).toBe(true);
  expect(trainable.length).toBeGreaterThan(0);
});
