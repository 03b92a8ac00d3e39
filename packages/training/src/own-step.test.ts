// Steps of one's own: several optimizers, gradients of pieces; done whole or not at all; resumed to the same bits, on late devices as on others.

import { double } from '@sinapse/backend-testkit';
import type { Backend, Tensor } from '@sinapse/core';
import { State, isFinite, mean, ones, randomNormal, scope, tensor, use, where, withBackend, zeros } from '@sinapse/core';
import { dense, dropout, sequential } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOfCheckpoint, untimed } from '../test/bits.ts';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../test/tiny.ts';
import type { Callback, Checkpoint, FitResult, StepSource, TrainStep } from './index.ts';
import { checkpointing, decodeCheckpoint, encodeCheckpoint, fit, TrainingError } from './index.ts';

beforeAll(() => void use(poisoned()));

const STEPS = 6;

/** Points of a line, six batches an epoch, each of its own; batch number `broken`, counted over all epochs from 1, holds a NaN. */
function points(broken = 0): StepSource<{ x: { data: Float32Array; shape: number[] } }> {
  return {
    length: STEPS,
    async *iterate({ epoch, skip = 0 }) {
      for (let step = skip + 1; step <= STEPS; step++) {
        const number = (epoch - 1) * STEPS + step;
        const data = Float32Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? Math.sin(number + i) : Math.sin(number + i - 1) / 2));
        if (number === broken) data[0] = NaN;
        yield await Promise.resolve({ x: { data, shape: [4, 2] } });
      }
    },
  };
}

/** Two models against each other, with dropout and a state that a step assigns itself. */
function pair() {
  const generator = sequential([dense({ units: 4, activation: 'tanh' }), dropout({ rate: 0.25 }), dense({ units: 2 })]);
  const critic = sequential([dense({ units: 4, activation: 'leakyRelu' }), dense({ units: 1 })]);
  generator.build([2], 1);
  critic.build([2], 2);
  const seen = scope(() => new State(tensor([0])));
  return { generator, critic, seen };
}

type Pair = ReturnType<typeof pair>;

/** The critic makes two steps, the generator one, in this order; `after` disturbs the generator's loss. */
const against =
  (after: (loss: Tensor, x: Tensor) => Tensor = (loss) => loss): TrainStep<Pair, { x: { data: Float32Array; shape: number[] } }> =>
  ({ x, examples }, { model: { generator, critic, seen }, context, key, minimize }) => {
    const cost = (drawn: Tensor, answer: typeof ones) => binaryCrossEntropy(critic.call(drawn, context), answer([examples, 1]));
    const made = (name: string) => generator.call(randomNormal([examples, 2], { seed: key.fold(name) }), context.child(name));
    seen.assign(seen.value.add(1));
    for (const name of ['a', 'b']) minimize(() => cost(x, ones).add(cost(made(name), zeros)), 'critic');
    const loss = minimize(() => after(cost(made('c'), ones), x), 'generator');
    return { loss, metrics: { real: mean(critic.call(x, context)) } };
  };

interface Outcome {
  readonly steps: object[];
  readonly bits: object;
  readonly history: object[] | undefined;
  readonly checkpoint: object | undefined;
  readonly error: unknown;
}

async function train(
  backend: Backend,
  changes: { broken?: number; step?: ReturnType<typeof against>; resume?: Checkpoint; callbacks?: Callback[] } = {},
): Promise<Outcome> {
  // prettier-ignore
  const { broken, step = against(), resume, callbacks = [] } = changes;
  const steps: object[] = [];
  let last: Promise<Checkpoint> | undefined;
  const watch: Callback = {
    onStep: ({ seconds: _, ...info }) => void steps.push(info),
    onStop: (_, session) => {
      last = session.checkpoint();
      return last.then(() => undefined, () => undefined); // prettier-ignore
    },
  };
  const { model, promise } = withBackend(backend, () => {
    const built = pair();
    const optimizer = { critic: adam({ learningRate: 0.01 }), generator: sgd({ learningRate: 0.1, momentum: 0.9 }) };
    const running = fit(built, points(broken), { step, optimizer, epochs: 2, seed: 3, callbacks: [watch, ...callbacks], ...(resume && { resume }) }); // prettier-ignore
    return { model: built, promise: running };
  });
  const { result, error } = await promise.then(
    (done): { result: FitResult | undefined; error: unknown } => ({ result: done, error: undefined }),
    (reason: unknown) => ({ result: undefined, error: reason }),
  );
  const checkpoint = await last?.catch(() => undefined);
  return {
    steps,
    bits: backend.info.reading === 'immediate' ? bitsOf(model) : {},
    history: result && untimed(result.history),
    checkpoint: checkpoint && bitsOfCheckpoint({ ...checkpoint, engine: '' }),
    error,
  };
}

describe('two models in turn', () => {
  test('are trained, told of, and kept in checkpoints with all their optimizers', async () => {
    const saved: Checkpoint[] = [];
    const { steps, history } = await train(poisoned(), {
      callbacks: [checkpointing({ save: (checkpoint) => void saved.push(checkpoint) })],
    });
    expect(steps).toHaveLength(2 * STEPS);
    expect(history).toHaveLength(2);
    expect(history![0]).toMatchObject({ epoch: 1, examples: 4 * STEPS, metrics: { real: expect.any(Number) as number } });
    const last = decodeCheckpoint(encodeCheckpoint(saved.at(-1)!));
    expect(last.optimizer).toEqual({ step: 0, slots: new Map() });
    expect([...last.optimizers!].map(([name, { step, slots }]) => [name, step, [...slots.keys()]])).toEqual([
      ['critic', 4 * STEPS, ['m', 'v']],
      ['generator', 2 * STEPS, ['velocity']],
    ]);
    expect([...last.optimizers!.get('critic')!.slots.get('m')!.keys()]).toEqual(
      ['dense1', 'dense2'].flatMap((layer) => [`critic/${layer}/bias`, `critic/${layer}/kernel`]),
    );
    expect([...last.weights.get('seen')!.data]).toEqual([2 * STEPS]);
    expect(bitsOfCheckpoint(last)).toEqual(bitsOfCheckpoint(saved.at(-1)!));
  });

  test('stopped after any step and resumed, they end with the same bits', async () => {
    const whole = await train(poisoned());
    for (const at of [1, STEPS, STEPS + 3]) {
      let saved: Uint8Array | undefined;
      const kill: Callback = {
        async onStep({ globalStep }, session) {
          if (globalStep !== at) return;
          saved = encodeCheckpoint(await session.checkpoint());
          throw new Error('killed');
        },
      };
      expect((await train(poisoned(), { callbacks: [kill] })).error).toEqual(new Error('killed'));
      const resumed = await train(poisoned(), { resume: decodeCheckpoint(saved!) });
      expect(resumed).toEqual({ ...whole, steps: whole.steps.slice(at) });
    }
  });

  test('a late device tells the same and ends with the same bits', async () => {
    const [here, there] = [await train(poisoned()), await train(double())];
    expect(there).toEqual({ ...here, bits: {} });
  });

  test.each([1, 2, STEPS + 1])('a NaN in batch %d ends it with everything as it was before, however late it is seen', async (broken) => {
    // The critic's losses are not finite, or only the last loss of the step, when the critic has made its steps.
    const late = against((loss, x) => loss.add(mean(x).mul(0)));
    const clean: ReturnType<typeof against> = ({ x, ...rest }, tools) =>
      late({ x: where(isFinite(x), x, 0), ...rest }, { ...tools, minimize: (loss, part) => tools.minimize(part === 'generator' ? () => loss().add(mean(x).mul(0)) : loss, part) }); // prettier-ignore
    for (const step of [against(), clean]) {
      const [here, there] = [await train(poisoned(), { broken, step }), await train(double(), { broken, step })];
      expect((here.error as Error).message).toMatch(
        `epoch ${Math.ceil(broken / STEPS)}, step ${((broken - 1) % STEPS) + 1}: the loss is NaN; the weights are those before this step`,
      );
      expect(here.error).toBeInstanceOf(TrainingError);
      expect(there.error).toEqual(here.error);
      expect(there.steps).toEqual(here.steps);
      expect(there.steps).toHaveLength(broken - 1);
      expect(there.checkpoint).toEqual(here.checkpoint);
      expect((here.checkpoint as Checkpoint).globalStep).toBe(broken - 1);
      if (broken === 1) expect(here.bits).toEqual(bitsOf(pair()));
    }
  });

  test('callbacks see the gradients of every update', async () => {
    const seen: string[] = [];
    const watch: Callback = {
      wantsGradients: (globalStep) => globalStep === 2,
      onGradients: ({ parameters, gradients, globalStep }) => {
        seen.push(`${globalStep}: ${parameters[0]!.path}, ${gradients.length}`);
        return () => void seen.push('after');
      },
    };
    await train(double(), { callbacks: [watch] });
    const critic = '2: critic/dense1/kernel, 4';
    expect(seen).toEqual([critic, critic, '2: generator/dense1/kernel, 4', 'after', 'after', 'after']);
  });

  test('an error in the middle of a step leaves nothing of it', async () => {
    for (const backend of [poisoned(), double()]) {
      const failing = against((loss) => {
        throw new Error(`odd ${loss.dtype}`);
      });
      const { error, checkpoint, steps } = await train(backend, { step: failing });
      expect(error).toEqual(new Error('odd float32'));
      expect(steps).toEqual([]);
      const none = (await train(poisoned(), { callbacks: [{ onStart: (session) => session.stop('no') }] })).checkpoint;
      expect(checkpoint).toEqual({ ...none, batchSize: 4 });
    }
  });

  test('a checkpoint of other optimizers is refused', async () => {
    const saved: Checkpoint[] = [];
    await fit(new Linear(5, 3), clusters(), {
      optimizer: new Momentum(),
      loss: crossEntropy,
      epochs: 1,
      callbacks: [checkpointing({ save: (checkpoint) => void saved.push(checkpoint) })],
    });
    const model = { critic: new Linear(5, 3) };
    const step: TrainStep<typeof model> = () => tensor(0);
    const weights = new Map([...saved[0]!.weights].map(([path, array]) => [`critic/${path}`, array]));
    const running = fit(model, clusters(), { step, optimizer: { critic: new Momentum() }, epochs: 1, resume: { ...saved[0]!, weights } });
    await expect(running).rejects.toThrow('resume: the checkpoint has the optimizers of the whole model, fit those of critic');
  });
});

test('mistakes are answered in one line', async () => {
  const data = points();
  const optimizer = () => ({ critic: adam(), generator: adam() });
  const shared = adam();
  const options = (changes: object) => ({ step: against(), optimizer: optimizer(), epochs: 1, ...changes }) as never;
  const plain = (step: (batch: never, tools: { minimize: (f: () => Tensor, part?: string) => Tensor; update: (g: never, part?: string) => void }) => unknown) => options({ step }); // prettier-ignore
  const answers: [object, string][] = [
    [options({ step: 'gan' }), 'fit: step: expected a function of a batch and the tools of a step, got "gan"'],
    [options({ optimizer: { critik: adam(), generator: adam() } }), 'fit: optimizer: the model has no part critik; did you mean critic?'],
    [options({ optimizer: { critic: shared, generator: shared } }), 'fit: one optimizer is given for two parts; make one for each'],
    [options({ optimizer: { critic: 'adam' } }), 'fit: optimizer: critic: expected an optimizer with step(parameters, gradients), e.g. adam(), got "adam"'],
    [options({ optimizer: {} }), 'fit: optimizer: expected an optimizer, or one for each part by name, got {}'],
    [options({ optimizer: { seen: adam() } }), 'fit: seen has no trainable parameters'],
    [options({ stepp: 1 }), 'fit: stepp is no option; did you mean step?'],
    [options({ validation: data }), 'fit: the model: expected a model with call(x, context)'],
    [plain(() => undefined), 'the step must return its loss, a tensor, or { loss, metrics }, got undefined'],
    [plain(async () => Promise.resolve(tensor(0))), 'the step must return its loss, a tensor, or { loss, metrics }, got a promise'],
    [plain((_, { minimize }) => minimize(() => tensor(0))), 'the step must name the part to train: critic or generator'],
    [plain((_, { minimize }) => minimize(() => tensor(0), 'critik')), 'the step trains "critik", for which fit has no optimizer; did you mean critic?'],
    [plain((_, { minimize }) => minimize(() => tensor([1, 2]), 'critic')), 'the loss must be a scalar'],
    [plain((_, { update }) => update([] as never, 'critic')), "the step's update takes { loss, gradients }, as gradients(…) gives them, got []"],
    [plain((_, { update }) => update({ loss: tensor(0), gradients: [] } as never, 'critic')), "the step's update has 0 gradients for 4 parameters"],
  ]; // prettier-ignore
  for (const [given, message] of answers) {
    const error = (await fit(pair(), data, given as never).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  }
});
