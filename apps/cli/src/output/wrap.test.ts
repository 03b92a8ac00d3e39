import { expect, it } from 'vitest';
import { wrap } from './wrap.ts';

it('begins a new line where the next part would not fit', () => {
  expect(wrap(['Epoch 1/2', 'loss 0.3', 'accuracy 90%'], 80, 2)).toEqual(['Epoch 1/2  loss 0.3  accuracy 90%']);
  expect(wrap(['Epoch 1/2', 'loss 0.3', 'accuracy 90%'], 20, 2)).toEqual(['Epoch 1/2  loss 0.3', '  accuracy 90%']);
});
