// Times training on Sinapse's WebGL backend and on tfjs-layers' own: the same network, weights, data and optimizer, in turns. `?network=lenet5`.

import { webgl } from '@sinapse/backend-webgl';
import { parametersOf, use } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { BatchSource } from '@sinapse/training';
import { fit } from '@sinapse/training';
import { publish } from '../../src/outcome.ts';
import type { Network, NetworkName } from './networks.ts';
import { CLASSES, networks } from './networks.ts';
import type { Examples } from './rivals.ts';
import { rival } from './rivals.ts';

const LEARNING_RATE = 1e-3;

/** What a round of one contestant took, and the losses of its steps. */
interface Round {
  readonly milliseconds: number;
  /** For which processors worked on it; NaN where that is not known. */
  readonly processor: number;
  readonly losses: readonly number[];
}

export interface BenchOutcome {
  readonly device: string | undefined;
  readonly title: string;
  readonly batch: number;
  readonly steps: number;
  readonly sinapse: readonly Round[];
  readonly tfjs: readonly Round[];
}

declare global {
  /** Seconds of processor time of the browser so far. */
  var processorSeconds: () => Promise<number | undefined>;
}

const query = new URLSearchParams(location.search);
const name = (query.get('network') ?? 'lenet5') as NetworkName;
const network: Network = networks[name];
const steps = Number(query.get('steps') ?? network.steps);
const rounds = Number(query.get('rounds') ?? 4);

/** Noise, the same for both. */
function examples({ inputShape, batch }: Network): Examples {
  const size = inputShape.reduce((product, length) => product * length, 1);
  const images = Float32Array.from({ length: steps * batch * size }, (_, i) => Math.sin(i * 12.9898 + Math.sin(i)));
  return { images, shape: inputShape, labels: Int32Array.from({ length: steps * batch }, (_, i) => (i * 7) % CLASSES) };
}

/** The examples in batches. */
function batches({ images, shape, labels }: Examples, { batch }: Network): BatchSource {
  const size = images.length / labels.length;
  return {
    length: steps,
    async *iterate() {
      for (let first = 0; first < labels.length; first += batch)
        yield {
          x: { data: images.subarray(first * size, (first + batch) * size), shape: [batch, ...shape] },
          y: { data: labels.subarray(first, first + batch), shape: [batch] },
        };
    },
  };
}

async function contestants() {
  const backend = use(await webgl());
  const model = network.model();
  const data = examples(network);
  const weights = await Promise.all(parametersOf(model).map(async ({ cell }) => (await cell.value.data()) as Float32Array));
  const optimizer = adam({ learningRate: LEARNING_RATE });
  const train = async (): Promise<number[]> => {
    const losses: number[] = [];
    const callbacks = [{ onStep: ({ loss }: { readonly loss: number }) => void losses.push(loss) }];
    await fit(model, batches(data, network), { optimizer, loss: softmaxCrossEntropy, epochs: 1, callbacks });
    return losses;
  };
  return { device: backend.info.device, train, rival: await rival(name, weights, data, network.batch, LEARNING_RATE) };
}

async function timed(train: () => Promise<readonly number[]>): Promise<Round> {
  const [before, start] = [(await processorSeconds()) ?? NaN, performance.now()];
  const losses = await train();
  const milliseconds = performance.now() - start;
  return { milliseconds, processor: 1000 * (((await processorSeconds()) ?? NaN) - before), losses };
}

publish(async (): Promise<BenchOutcome> => {
  const { device, train, rival: other } = await contestants();
  const sinapse: Round[] = [];
  const tfjs: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    sinapse.push(await timed(train));
    tfjs.push(await timed(other));
  }
  return { device, title: network.title, batch: network.batch, steps, sinapse, tfjs };
});
