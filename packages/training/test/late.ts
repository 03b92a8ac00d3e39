// The training in tests of a device that answers late. Its steps contain everything that the host must not wait for.

import { double } from '@sinapse/backend-testkit';
import { withBackend } from '@sinapse/core';
import { activityRegularization, batchNorm, conv2d, dense, dropout, flatten, maxPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { Backend, Model } from '@sinapse/core';
import type { BatchSource, Callback, Checkpoint, FitOptions, FitResult, StepInfo } from '../src/index.ts';
import { fit } from '../src/index.ts';
import { poisoned } from './backends.ts';
import { bitsOfCheckpoint } from './bits.ts';
import { clusters } from './tiny.ts';

/** Steps in an epoch of `images`. */
export const STEPS = 6;

/**
 * 6 batches `[4, 8, 8, 1]`, the last one `[2, 8, 8, 1]`, of 3 classes. Batch number `broken`, counted over all epochs from 1, contains a
 * NaN.
 */
export function images(broken = 0, seed = 7): BatchSource & { readonly length: number } {
  const source = clusters({ examples: 22, batchSize: 4, shape: [8, 8, 1], classes: 3, seed });
  return {
    length: source.length,
    async *iterate(options) {
      let step = (options.epoch - 1) * STEPS + (options.skip ?? 0);
      for await (const batch of source.iterate(options)) {
        if (++step === broken) batch.x.data[0] = NaN;
        yield batch;
      }
    },
  };
}

/** A convolutional network like LeNet-5, with running statistics, random numbers, penalties and a constraint. */
export function network(): Model {
  const model = sequential([
    conv2d({
      filters: 4,
      kernelSize: 3,
      activation: 'tanh',
      kernelRegularizer: { l2: 1e-3 },
      kernelConstraint: { name: 'maxNorm', limit: 0.5 },
    }),
    activityRegularization({ l1: 1e-5 }),
    batchNorm(),
    maxPool2d({ window: 2 }),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: 3 }),
  ]);
  model.build([8, 8, 1], 1);
  return model;
}

export const settings = (): FitOptions => ({
  optimizer: adam({ learningRate: 0.01, clipNorm: 1 }),
  loss: softmaxCrossEntropy,
  metrics: { squares: (output) => output.square().mean() },
  epochs: 2,
  seed: 4,
});

/** What a training reported, and how it ended. */
export interface Outcome {
  readonly steps: object[];
  readonly error: unknown;
  readonly result: FitResult | undefined;
  /** Taken after the training had ended. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Trains the network on a backend until it finishes or fails. */
export async function train(backend: Backend, data: BatchSource = images(), options: Partial<FitOptions> = {}): Promise<Outcome> {
  const steps: object[] = [];
  let last: Promise<Checkpoint> | undefined;
  const watch: Callback = {
    onStep: (info) => void steps.push(withoutTime(info)),
    onStop: (_, session) => {
      last = session.checkpoint();
      return last.then(() => undefined, () => undefined); // prettier-ignore
    },
  };
  const callbacks = [watch, ...(options.callbacks ?? [])];
  const running = withBackend(backend, () => {
    // `fit` runs up to its first await with this backend in use, and keeps using it.
    const promise = fit(network(), data, { ...settings(), ...options, callbacks });
    return { promise };
  });
  const { result, error } = await running.promise.then(
    (done) => ({ result: done, error: undefined }),
    (reason: unknown) => ({ result: undefined, error: reason }),
  );
  return { steps, error, result, checkpoint: await last?.catch(() => undefined) };
}

/** All bits of a checkpoint except its engine. */
export function bits(checkpoint: Checkpoint | undefined): object | undefined {
  return checkpoint && bitsOfCheckpoint({ ...checkpoint, engine: '' });
}

/** The checkpoint at the end of a training that nothing disturbs. */
export async function whole(): Promise<object | undefined> {
  return bits((await train(poisoned())).checkpoint);
}

/** The checkpoint at the end of a training that resumes from `resume`, on a new device unless one is given. */
export async function finish(resume: Checkpoint, backend: Backend = double()): Promise<object | undefined> {
  return bits((await train(backend, images(), { resume })).checkpoint);
}

function withoutTime({ seconds: _, ...info }: StepInfo): object {
  return info;
}
