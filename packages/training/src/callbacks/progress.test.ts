import { mean, use } from '@sinapse/core';
import { beforeAll, expect, test, vi } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { FitOptions, Session } from '../index.ts';
import { fit, progress } from '../index.ts';

beforeAll(() => void use(poisoned()));

const settings = (epochs: number): FitOptions => ({ optimizer: new Momentum(), loss: crossEntropy, epochs });

test('one line for each epoch, with every measure of its result', async () => {
  const lines: string[] = [];
  const metrics = { tiny: (output: Parameters<typeof mean>[0]) => mean(output).mul(0).add(1e-5) };
  const callbacks = [progress({ write: (line) => void lines.push(line) })];
  const { history } = await fit(new Linear(5, 3), clusters(), { ...settings(2), validation: clusters(), metrics, callbacks });
  expect(lines).toHaveLength(2);
  history.forEach(({ loss, accuracy, valLoss, valAccuracy }, i) => {
    const percent = (value: number | undefined) => `${(100 * value!).toFixed(2)}%`;
    expect(lines[i]).toContain(
      `epoch ${i + 1} of 2: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}, tiny 1.00e-5, valLoss ${valLoss!.toFixed(4)}, valAccuracy ${percent(valAccuracy)}, val tiny 1.00e-5, `,
    );
  });
  expect(lines[0]).toMatch(/ [\d,]+ examples\/s, \d+ s left$/);
  expect(lines[1]).toMatch(/ [\d,]+ examples\/s$/);
});

test('the time left is that of the epochs so far, before a resumption not counted', () => {
  const lines: string[] = [];
  const callback = progress({ write: (line) => void lines.push(line) });
  const clock = vi.spyOn(performance, 'now');
  const session = (done: number) => ({ epochs: 10, history: Array.from({ length: done }, () => 0), warnings: ['from another engine'] }) as unknown as Session;
  const result = { loss: 1e-9, seconds: 1, examples: 1, examplesPerSecond: 1234.4 };
  try {
    clock.mockReturnValue(0);
    void callback.onStart!(session(4));
    clock.mockReturnValue(50_000); // 50 s for one epoch
    void callback.onEpoch!({ ...result, epoch: 5 }, session(5));
    clock.mockReturnValue(2 * 3_000_000);
    void callback.onEpoch!({ ...result, epoch: 6 }, session(6));
    void callback.onStop!('early', session(6));
  } finally {
    clock.mockRestore();
  }
  expect(lines).toEqual([
    'warning: from another engine',
    'epoch 5 of 10: loss 1.00e-9, 1,234 examples/s, 4 min 10 s left',
    'epoch 6 of 10: loss 1.00e-9, 1,234 examples/s, 3 h 20 min left',
    'stopped after 6 epochs: early',
  ]);
}); // prettier-ignore

test('writes to the console by default, and checks its options', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await fit(new Linear(5, 3), clusters(), { ...settings(1), callbacks: [progress()] });
  expect(log.mock.calls).toEqual([[expect.stringContaining('epoch 1 of 1: loss ')]]);
  log.mockRestore();
  expect(() => progress({ writ: () => {} } as never)).toThrow('progress: writ is no option; did you mean write?');
});
