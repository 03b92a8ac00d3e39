// npm run bench:processor [-- networks]: the processor time of one image on one thread, beside ONNX Runtime. Processor time, unlike time by the clock,
// says something on a machine that runs other programs. Of a single network, it also shows the layers that take longest.

import { cpu } from '@sinapse/backend-cpu';
import type { LayerObserver, Model, Shape, Tensor } from '@sinapse/core';
import { Context, inference, knownName, scope, tensor, use } from '@sinapse/core';
import { summary } from '@sinapse/layers';
import { runCommand } from './command-line.ts';
import { worstError } from './measure/check.ts';
import * as classic from './networks/classic.ts';
import type { Network } from './networks/network.ts';
import { survey } from './networks/network.ts';
import { resnet50 } from './networks/networks.ts';
import { graphOf } from './onnx/graphs.ts';
import { openGraph } from './onnx/session.ts';
import { installPeers } from './peers.ts';
import { uniform, weightsOf } from './problem/numbers.ts';
import { permuted } from './problem/permute.ts';
import { modelOf } from './runners/sinapse-models.ts';

const networks: Readonly<Record<string, Network>> = { ...classic, resnet50 };

const PEER = 'onnxruntime-node';
const WARM = 3;
const ROUNDS = 15;
/** Runs of a round. */
const RUNS = 3;
/** Runs of which the least time of each layer is taken. */
const LAYER_RUNS = 40;
const MOST_LAYERS = 20;
/** As for the cases of `npm run bench`. */
const TOLERANCE = 2e-3;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds of the processor, in the program and in the system, for each of some runs. */
async function processorTime(work: () => unknown): Promise<number> {
  const begin = process.cpuUsage();
  for (let i = 0; i < RUNS; i++) await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000 / RUNS;
}

async function measure(network: Network): Promise<string> {
  const x = uniform('x', [1, ...network.input]);
  const arrays = new Map([...weightsOf(network)].map(([name, { data }]) => [name, data as Float32Array]));
  const graph = graphOf({ kind: 'inference', network, batch: 1 }, arrays);
  const peer = await openGraph(PEER, graph, () => permuted(x, [1, ...network.input], [0, 3, 1, 2]), 1);
  const { model, context } = modelOf(network, arrays, false);
  const image = tensor(x, { shape: [1, ...network.input] });
  const ours = (): ArrayLike<number> => scope(() => inference(() => model.call(image, context)).dataSync());
  const error = worstError(ours(), await peer.check());
  if (error > TOLERANCE) throw new Error(`${network.name}: the two differ by ${error.toExponential(1)} of their size`);
  for (let i = 0; i < WARM; i++) await peer.run();
  const [own, others]: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    own.push(await processorTime(ours));
    others.push(await processorTime(peer.run));
  }
  const ratios = [median, (values: number[]) => Math.min(...values)].map((of) => (of(others) / of(own)).toFixed(2));
  const cells = [network.name, (survey(network).flops / 1e9).toPrecision(3), `${median(own).toFixed(1)} ms`, `${median(others).toFixed(1)} ms`, ...ratios]; // prettier-ignore
  image.dispose();
  return `| ${cells.join(' | ')} |`;
}

/** The layers that take longest, by the clock: of each the least time of many runs. */
function slowestLayers(network: Network): string[] {
  const arrays = new Map([...weightsOf(network)].map(([name, { data }]) => [name, data as Float32Array]));
  const { model } = modelOf(network, arrays, false);
  const image = tensor(uniform('x', [1, ...network.input]), { shape: [1, ...network.input] });
  const least = leastTimes(model, image);
  const { layers } = summary(model, network.input);
  const rows = layers.flatMap(({ path, macs, outputShape }) => {
    const time = least.get(path);
    return time === undefined ? [] : [{ path, time, rate: (2 * macs) / time / 1e6, outputShape }];
  });
  const shown = (shape: Shape): string => shape.join(' x ');
  return rows
    .toSorted((a, b) => b.time - a.time)
    .slice(0, MOST_LAYERS)
    .map(({ path, time, rate, outputShape }) => `| ${path} | ${shown(outputShape)} | ${time.toFixed(2)} ms | ${rate.toFixed(0)} |`);
}

function leastTimes(model: Model, image: Tensor): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  let last = 0;
  const observe: LayerObserver = (path) => {
    const now = performance.now();
    least.set(path, Math.min(least.get(path) ?? Infinity, now - last));
    last = performance.now();
  };
  for (let i = 0; i < LAYER_RUNS; i++) {
    last = performance.now();
    scope(() => void inference(() => model.call(image, new Context({ observe }))));
  }
  return least;
}

await runCommand('bench:processor', async () => {
  const given = process.argv.slice(2);
  const names = given.length > 0 ? given.map((name) => knownName('network', name, Object.keys(networks))) : Object.keys(networks);
  installPeers((line) => console.error(`bench:processor: ${line}`));
  use(await cpu({ threads: 1 }));
  console.log('| network | GFLOP | Sinapse | ONNX Runtime | ratio | ratio of the least times |\n|---|--:|--:|--:|--:|--:|');
  for (const name of names) console.log(await measure(networks[name]!));
  if (names.length > 1) return;
  console.log('\n| layer | gives | least time | GFLOP/s |\n|---|---|--:|--:|');
  for (const line of slowestLayers(networks[names[0]!]!)) console.log(line);
});
