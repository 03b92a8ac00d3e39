// npm run bench:callbacks: the share of the time that callbacks take in a training of 10,000 steps, LeNet-5 with batches of 32.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@sinapse/backend-cpu';
import { hostUniform, randomKey, use } from '@sinapse/core';
import { graphOf } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { earlyStopping, fit, gradientHealth, progress } from '@sinapse/training';
import type { Batch, BatchSource, Callback } from '@sinapse/training';
import { checkpointFolder, csvLog, jsonLinesLog, tensorBoard } from '@sinapse/training/node';
import { lenet5 } from '@sinapse/zoo';

if (process.argv.length > 2) {
  console.error(`bench:callbacks takes no arguments, got ${process.argv.slice(2).join(' ')}`);
  process.exit(2);
}

const EPOCHS = 10;
const STEPS = 1000;
const BATCH = 32;

/** Noise, which is as fast as any data and learned by nobody. */
function noise(): BatchSource & { readonly length: number } {
  const batches = Array.from({ length: 20 }, (_, i): Batch => {
    const key = randomKey(1).fold(i);
    const x = { data: hostUniform(key.fold('x'), BATCH * 28 * 28, 0, 1), shape: [BATCH, 28, 28, 1] };
    return { x, y: { data: Int32Array.from({ length: BATCH }, (__, j) => (i + j) % 10), shape: [BATCH] } };
  });
  return {
    length: STEPS,
    async *iterate({ skip = 0 }) {
      for (let step = skip; step < STEPS; step++) yield batches[step % batches.length]!;
    },
  };
}

const seconds = new Map<string, number>();

/** The callback, with the time that its functions take, until what they promise is there. */
function timed(name: string, callback: Callback): Callback {
  const add = (start: number): void => void seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - start) / 1000);
  const measured = (call: (...args: never[]) => unknown) =>
    function measure(...args: never[]): unknown {
      const start = performance.now();
      const result = call(...args);
      if (result instanceof Promise) return result.finally(() => add(start));
      add(start);
      return typeof result === 'function' ? measured(result as () => unknown) : result;
    };
  return Object.fromEntries(
    Object.entries(callback).map(([member, value]) => {
      const counts = typeof value === 'function' && member !== 'capture'; // that is part of taking a checkpoint
      return [member, counts ? measured(value as () => unknown) : (value as unknown)];
    }),
  );
}

use(await cpu());
const folder = mkdtempSync(join(tmpdir(), 'sinapse-bench-'));
const model = lenet5();
model.build([28, 28, 1], 1);
const every: Readonly<Record<string, Callback>> = {
  progress: progress({ write: () => {} }),
  earlyStopping: earlyStopping({ monitor: 'loss', patience: EPOCHS }),
  gradientHealth: gradientHealth({ write: () => {} }),
  csvLog: csvLog(join(folder, 'epochs.csv')),
  jsonLinesLog: jsonLinesLog(join(folder, 'course.jsonl'), { everySteps: 10 }),
  tensorBoard: tensorBoard(join(folder, 'events'), { histograms: 1, graph: graphOf(model) }),
  checkpointFolder: checkpointFolder(join(folder, 'checkpoints'), { keep: 3 }),
};
const start = performance.now();
const callbacks = Object.entries(every).map(([name, callback]) => timed(name, callback));
await fit(model, noise(), { optimizer: adam(), loss: softmaxCrossEntropy, epochs: EPOCHS, callbacks });
const whole = (performance.now() - start) / 1000;
rmSync(folder, { recursive: true });

const line = (name: string, time: number): string =>
  `${name.padEnd(17)} ${time.toFixed(3).padStart(8)} s ${((100 * time) / whole).toFixed(3).padStart(8)} %`;
console.log(`${EPOCHS * STEPS} steps of LeNet-5, batches of ${BATCH}: ${whole.toFixed(1)} s`);
for (const [name, time] of seconds) console.log(line(name, time));
console.log(line('together', [...seconds.values()].reduce((sum, time) => sum + time, 0))); // prettier-ignore
