import { expect, test } from 'vitest';
import { parsePreprocessing, preprocessImages } from '@sinapse/datasets';
import { imagenetLabels, preprocessings } from './index.ts';

test('there are a thousand labels in the order of the challenge', () => {
  expect(imagenetLabels).toHaveLength(1000);
  expect([0, 1, 151, 207, 281, 388, 463, 999].map((i) => imagenetLabels[i])).toEqual([
    'tench',
    'goldfish',
    'Chihuahua',
    'golden retriever',
    'tabby',
    'giant panda',
    'bucket',
    'toilet tissue',
  ]);
  // Two labels name two classes each: crane (the bird and the machine) and maillot (swimsuits of two kinds).
  expect(new Set(imagenetLabels).size).toBeGreaterThanOrEqual(998);
  expect(imagenetLabels.every((label) => label.trim() === label && label.length > 1)).toBe(true);
});

test('preprocessing is a rule of @sinapse/datasets, and plain JSON', () => {
  for (const rule of Object.values(preprocessings)) expect(parsePreprocessing(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
  const raw = { images: Uint8Array.of(0, 128, 255), height: 1, width: 1, channels: 3 };
  const values = (rule: keyof typeof preprocessings) => [...preprocessImages(raw, preprocessings[rule]).data];
  const expected = { imagenet: [-0.485 / 0.229, (128 / 255 - 0.456) / 0.224, (1 - 0.406) / 0.225], symmetric: [-1, 256 / 255 - 1, 1] };
  values('imagenet').forEach((value, i) => expect(value).toBeCloseTo(expected.imagenet[i]!, 6));
  values('symmetric').forEach((value, i) => expect(value).toBeCloseTo(expected.symmetric[i]!, 6));
});
