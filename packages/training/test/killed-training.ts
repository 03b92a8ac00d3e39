// A training that is killed repeatedly: `kill.test.ts` bundles this file and runs it as a process of its own. Arguments: the checkpoint's
// path, the result's path, the number of epochs, milliseconds of pause in each step.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { bestWeights, checkpointing, encodeCheckpoint, fit } from '../src/index.ts';
import type { Callback } from '../src/index.ts';
import { csvLog, jsonLinesLog, loadCheckpoint, saveCheckpoint, tensorBoard, writeFileAtomic } from '../src/node/index.ts';
import { clusters, crossEntropy, Momentum, Stateful } from './tiny.ts';
import { bitsOfCheckpoint } from './bits.ts';

export interface KilledTraining {
  readonly checkpointPath: string;
  readonly epochs: number;
  /** Milliseconds of pause in each step, so that the kill comes during the training. */
  readonly pause: number;
  readonly onStep?: () => void;
}

/** Trains from the last checkpoint to the end. The same training gives the same string. */
export async function killedTraining({ checkpointPath, epochs, pause, onStep }: KilledTraining): Promise<string> {
  use(reference());
  const resume = existsSync(checkpointPath) ? await loadCheckpoint(checkpointPath) : undefined;
  const wait: Callback = { onStep: () => (onStep?.(), pause > 0 ? new Promise((resolve) => setTimeout(resolve, pause)) : undefined) };
  const { checkpoint } = await fit(new Stateful(5, 3), clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs,
    seed: 3,
    validation: clusters({ seed: 9, examples: 10 }),
    callbacks: [
      bestWeights({ name: 'best' }),
      checkpointing({ everySteps: 4, save: (state) => saveCheckpoint(checkpointPath, state) }),
      csvLog(`${checkpointPath}.csv`),
      jsonLinesLog(`${checkpointPath}.jsonl`, { everySteps: 1 }),
      tensorBoard(`${checkpointPath}.events`, { everySteps: 1 }),
      wait,
    ],
    ...(resume && { resume }),
  });
  const end = await checkpoint();
  encodeCheckpoint(end);
  // The logs hold times, so that their lengths differ from run to run.
  const callbacks = new Map([...end.callbacks].filter(([name]) => name === 'best'));
  return JSON.stringify(bitsOfCheckpoint({ ...end, callbacks }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , checkpointPath, resultPath, epochs, pause] = process.argv as [string, string, string, string, string, string];
  let steps = 0;
  const onStep = () => void (++steps === 1 && process.stdout.write('training\n'));
  const result = await killedTraining({ checkpointPath, epochs: Number(epochs), pause: Number(pause), onStep });
  await writeFileAtomic(resultPath, new TextEncoder().encode(result));
}
