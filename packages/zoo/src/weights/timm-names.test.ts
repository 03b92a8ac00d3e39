// timm's names and shapes, as recorded by fixtures/record-timm.py.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { meta, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { createModel } from '../create.ts';
import { mlp } from '../mlp.ts';
import { cellsOf } from './cells-of.ts';

const { models } = JSON.parse(readFileSync(new URL('../../fixtures/timm-names.json', import.meta.url), 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly tensors: number; readonly sha256: string }>>;
};

beforeAll(() => void use(meta()));

test.each(Object.entries(models))('%s', (name, { tensors, sha256 }) => {
  const { model, inputShape } = createModel(name);
  model.build(inputShape, 1);
  const sizes = new Map(cellsOf(model, 'timm').map(({ name: tensor, shape }) => [tensor, shape]));
  const lines = [...sizes].map(([tensor, shape]) => `${tensor} [${shape.join(', ')}]`).sort((a, b) => (a < b ? -1 : 1));
  expect(lines).toHaveLength(tensors);
  expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(sha256);
});

test('of another model they are not known', () => {
  expect(() => cellsOf(mlp(), 'timm')).toThrow(
    /^names: timm's names of "mlp" are not known; known are those of .*vittiny.*; for others, give the names by path$/,
  );
});
