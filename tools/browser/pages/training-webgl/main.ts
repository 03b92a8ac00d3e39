// Trains LeNet-5 on WebGL for `?steps=`, a multiple of four: to the end, through the loss of the context, and a small network for 200 steps.

import { webgl, whyNot } from '@sinapse/backend-webgl';
import { memory, tensor, use } from '@sinapse/core';
import { dense, flatten, sequential } from '@sinapse/layers';
import type { Callback, Checkpoint } from '@sinapse/training';
import { checkpointing } from '@sinapse/training';
import { publish } from '../../src/outcome.ts';
import { losses, network, STEPS } from '../one-program/program.ts';

export interface Outcome {
  readonly whyNot: string | undefined;
  /** The loss of each step, undisturbed. */
  readonly losses: readonly number[];
  /** The error of a training whose context was lost, and the losses from its last checkpoint on, on a new backend. */
  readonly interrupted: { readonly error: string; readonly from: number; readonly losses: readonly number[] };
  /** After 20, 110 and 200 steps. */
  readonly memory: readonly ReturnType<typeof memory>[];
  readonly errors: Readonly<Record<string, string>>;
}

/** Steps of a training of LeNet-5: software computes for the graphics card where there is none. */
const steps = Number(new URLSearchParams(location.search).get('steps'));

/** The contexts that backends made, the last one last. */
const contexts: WebGL2RenderingContext[] = [];
const getContext = Reflect.get(OffscreenCanvas.prototype, 'getContext') as (this: OffscreenCanvas, ...given: unknown[]) => unknown;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...given: unknown[]) {
  const context = getContext.apply(this, given);
  if (context instanceof WebGL2RenderingContext) contexts.push(context);
  return context;
} as typeof OffscreenCanvas.prototype.getContext;

const messageOf = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'no error',
      (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
    );

async function interrupted(): Promise<Outcome['interrupted']> {
  use(await webgl());
  const saved: Checkpoint[] = [];
  const lose = contexts.at(-1)!.getExtension('WEBGL_lose_context')!;
  const error = await messageOf(() =>
    losses(network(), {
      steps,
      callbacks: [
        checkpointing({ everySteps: steps / 4, save: (checkpoint) => void saved.push(checkpoint) }),
        { onStep: ({ globalStep }) => void (globalStep === steps / 2 + 1 && lose.loseContext()) },
      ],
    }),
  );
  use(await webgl());
  const last = saved.at(-1)!;
  return { error, from: last.globalStep, losses: await losses(network(), { steps, resume: last }) };
}

async function flatMemory(): Promise<Outcome['memory']> {
  const seen: ReturnType<typeof memory>[] = [];
  const model = sequential([flatten(), dense({ units: 16, activation: 'tanh' }), dense({ units: 10 })]);
  model.build([28, 28, 1], 1);
  const watch: Callback = { onStep: ({ globalStep }) => void (globalStep % 90 === 20 && seen.push(memory())) };
  await losses(model, { steps: STEPS, callbacks: [watch], epochs: 10 });
  return seen;
}

async function errors(): Promise<Record<string, string>> {
  const small = await webgl({ memoryLimit: 2 ** 20 });
  const outOfMemory = await messageOf(() => small.allocate({ dtype: 'float32', shape: [1024, 1024], size: 2 ** 20 }));
  const stillThere = await messageOf(() => small.release(small.allocate({ dtype: 'float32', shape: [16], size: 16 })));
  await small.close();
  const afterClose = await messageOf(() => small.allocate({ dtype: 'float32', shape: [1024], size: 1024 }));
  const tooLarge = await messageOf(async () => (await webgl()).allocate({ dtype: 'float32', shape: [2 ** 20, 2 ** 10], size: 2 ** 30 }));
  const shaderSource = Reflect.get(WebGL2RenderingContext.prototype, 'shaderSource');
  WebGL2RenderingContext.prototype.shaderSource = function (shader, source) {
    shaderSource.call(this, shader, source.includes('tanh_(') ? `${source}!` : source);
  };
  use(await webgl());
  const shader = await messageOf(() => tensor([1]).tanh());
  WebGL2RenderingContext.prototype.shaderSource = shaderSource;
  return { outOfMemory, stillThere, afterClose, tooLarge, shader };
}

publish(async (): Promise<Outcome> => {
  const reason = await whyNot();
  const backend = use(await webgl());
  const undisturbed = await losses(network(), { steps });
  const flat = await flatMemory();
  await backend.close();
  return { whyNot: reason, losses: undisturbed, interrupted: await interrupted(), memory: flat, errors: await errors() };
});
