import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { progressLine } from './progress-bar.ts';

const plain = pc.createColors(false);
const parts = ['loss 0.3121', 'accuracy 90.34%', '8.2 s left', '1,235 images/s'];

describe('the progress line', () => {
  it('shows everything on a wide terminal', () => {
    const line = progressLine('Epoch 1/2', 0.5, parts, 100, plain);
    expect(line).toMatch(/^Epoch 1\/2 ━+─+  50%  loss 0.3121  accuracy 90.34%  8.2 s left  1,235 images\/s$/);
  });

  it.each([20, 30, 40, 60, 80, 100, 200])('never fills a terminal of %i columns', (width) => {
    for (const progress of [0, 0.3, 1]) expect(progressLine('Epoch 10/10', progress, parts, width, plain).length).toBeLessThan(width);
  });

  it('drops what matters least on a narrow one', () => {
    expect(progressLine('Epoch 1/2', 0.5, parts, 60, plain)).toContain('loss 0.3121  accuracy 90.34%');
    expect(progressLine('Epoch 1/2', 0.5, parts, 60, plain)).not.toContain('images/s');
  });

  it('is a bar alone before there is anything to say', () => {
    expect(progressLine('Epoch 1/2', 0, [], 80, plain)).toMatch(/^Epoch 1\/2 ─+   0%$/);
  });
});
