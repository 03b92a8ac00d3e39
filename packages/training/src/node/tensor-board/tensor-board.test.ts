// Event files, read back by the tests' own reader, which reads what TensorBoard's writer wrote as well.

import { reference } from '@sinapse/backend-reference';
import { tensor, use } from '@sinapse/core';
import { dense, graphOf, sequential } from '@sinapse/layers';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { readEvents } from '../../../test/read-events.ts';
import type { ReadEvent } from '../../../test/read-events.ts';
import { clusters, crossEntropy, Linear, Momentum } from '../../../test/tiny.ts';
import type { Callback, FitResult, GradientReport } from '../../index.ts';
import { fit, gradientHealth } from '../../index.ts';
import { tensorBoard } from '../index.ts';
import type { Image } from '../index.ts';

let folder: string;
beforeAll(() => {
  use(reference());
  folder = mkdtempSync(join(tmpdir(), 'sinapse-events-'));
});

/** The only event file of a folder, as TensorBoard finds it: any name that contains `tfevents`. */
function eventsIn(logs: string): ReadEvent[] {
  const names = readdirSync(logs);
  expect(names).toEqual([expect.stringContaining('tfevents')]);
  return readEvents(readFileSync(join(logs, names[0]!)));
}

const train = (callback: Callback, model = new Linear(5, 3)): Promise<FitResult> =>
  fit(model, clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 2,
    validation: clusters({ seed: 9 }),
    metrics: { size: (x) => x.square().mean() },
    callbacks: [callback],
  });

test("the tests' reader reads what TensorBoard's writer wrote", () => {
  const recording = JSON.parse(readFileSync(new URL('../../../fixtures/tensorboard-events.json', import.meta.url), 'utf8')) as {
    file: string;
  };
  expect(readEvents(Buffer.from(recording.file, 'base64'))).toEqual([
    { wallTime: 1.5, step: 0, version: 'brain.Event:2' },
    { wallTime: 1.5, step: 0, graph: [{ name: 'block/conv', op: 'conv2d', inputs: ['input'], shapes: [[-1, 28, 300]] }] },
    {
      wallTime: 1.5,
      step: 300,
      values: [
        { tag: 'loss/training', scalar: 0.25 },
        { tag: 'weights/kernel', histogram: { min: -1, max: 2, num: 3, sum: 1, squares: 5, limits: [0, 2], counts: [1, 2] } },
        { tag: 'picture', image: { height: 2, width: 3, channels: 1, png: new TextEncoder().encode('png') } },
      ],
    },
  ]);
});

test('scalars of steps and epochs', async () => {
  const logs = join(folder, 'scalars', 'nested');
  const { history } = await train(tensorBoard(logs, { everySteps: 4 }));
  const [first, ...events] = eventsIn(logs);
  expect(first).toMatchObject({ version: 'brain.Event:2', step: 0 });
  expect(Math.abs(first!.wallTime - Date.now() / 1000)).toBeLessThan(600);
  expect(events.map(({ step }) => step)).toEqual([4, 6, 8, 12, 12]); // 6 steps an epoch
  expect(events.filter(({ values }) => values![0]!.tag === 'loss/step').map(({ step }) => step)).toEqual([4, 8, 12]);
  const epochs = events.filter(({ values }) => values!.length > 1);
  history.forEach(({ loss, accuracy, metrics, valLoss, valAccuracy, valMetrics, examplesPerSecond }, i) => {
    const expected = [
      ['loss/training', loss],
      ['loss/validation', valLoss],
      ['accuracy/training', accuracy],
      ['accuracy/validation', valAccuracy],
      ['size/training', metrics!['size']],
      ['size/validation', valMetrics!['size']],
      ['speed/examplesPerSecond', examplesPerSecond],
    ].map(([tag, scalar]) => ({ tag, scalar: Math.fround(scalar as number) }));
    expect(epochs[i]!.values).toEqual(expected);
  });
});

test('histograms of the weights', async () => {
  const [logs, model] = [join(folder, 'histograms'), new Linear(5, 3)];
  await train(tensorBoard(logs, { histograms: 2 }), model);
  const histograms = eventsIn(logs).flatMap(({ step, values = [] }) =>
    values.filter(({ histogram }) => histogram).map((value) => ({ step, ...value })),
  );
  expect(histograms.map(({ step, tag }) => [step, tag])).toEqual([[12, 'weights/kernel'], [12, 'weights/bias']]); // prettier-ignore
  const weights = [...model.kernel.value.dataSync()];
  const { min, max, num, sum, squares, limits, counts } = histograms[0]!.histogram!;
  expect([min, max, num]).toEqual([Math.min(...weights), Math.max(...weights), 15]);
  expect(sum).toBeCloseTo(
    weights.reduce((total, value) => total + value, 0),
    12,
  );
  expect(squares).toBeCloseTo(
    weights.reduce((total, value) => total + value * value, 0),
    12,
  );
  expect([limits.length, limits.at(-1), counts.reduce((total, count) => total + count, 0)]).toEqual([30, max, 15]);
  // A value on a limit may fall to either side by a rounding; none is on one here.
  limits.forEach((limit, i) => {
    const below = weights.filter((value) => value < limit || i === 29).length;
    expect(counts.slice(0, i + 1).reduce((total, count) => total + count, 0)).toBe(below);
  });
});

test('weights that are all equal or not finite', async () => {
  const [logs, model] = [join(folder, 'odd'), new Linear(5, 3)];
  const spoil: Callback = {
    onEpoch: () => (model.kernel.assign(tensor(new Float32Array(15), { shape: [5, 3] })), model.bias.assign(tensor([NaN, Infinity, NaN]))),
  };
  const board = tensorBoard(logs, { histograms: 1 });
  await train({ ...board, async onEpoch(result, session) {
    if (result.epoch === 2) await spoil.onEpoch!(result, session);
    await board.onEpoch!(result, session);
  } }, model); // prettier-ignore
  const last = eventsIn(logs)
    .at(-1)!
    .values!.filter(({ histogram }) => histogram);
  expect(last).toEqual([{ tag: 'weights/kernel', histogram: { min: 0, max: 0, num: 15, sum: 0, squares: 0, limits: [0], counts: [15] } }]);
});

test('norms of the gradients', async () => {
  const logs = join(folder, 'gradients');
  const reports: GradientReport[] = [];
  const health = gradientHealth({ report: (report) => reports.push(report), write: () => {} });
  await fit(new Linear(5, 3), clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 2,
    callbacks: [health, tensorBoard(logs, { gradients: true })],
  });
  const norms = eventsIn(logs).flatMap(({ values = [] }) => values.filter(({ tag }) => tag.startsWith('norm of ')));
  expect(norms).toEqual(reports.flatMap(({ layers }) => layers.flatMap(({ layer, gradient, weights, update }) =>
    Object.entries({ gradient, weights, update }).map(([part, norm]) => ({ tag: `norm of ${part}/${layer}`, scalar: Math.fround(norm) })),
  ))); // prettier-ignore
  expect(norms).toHaveLength(12);
});

test('the graph', async () => {
  const model = sequential([['in', dense({ units: 4, activation: 'tanh' })], ['out', dense({ units: 3 })]]); // prettier-ignore
  model.build([5], 1);
  const logs = join(folder, 'graph');
  await fit(model, clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 1,
    callbacks: [tensorBoard(logs, { graph: graphOf(model) })],
  });
  expect(eventsIn(logs)[1]!.graph).toEqual([
    { name: 'input', op: 'input', inputs: [], shapes: [[-1, 5]] },
    { name: 'in', op: 'dense', inputs: ['input'], shapes: [[-1, 4]] },
    { name: 'out', op: 'dense', inputs: ['in'], shapes: [[-1, 3]] },
  ]);
});

/** The rows of a PNG of 8 bits without filters, with the numbers of its header. */
function readPng(png: Uint8Array): { header: number[]; pixels: number[] } {
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    chunks.set(String.fromCharCode(...png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const header = chunks.get('IHDR')!;
  const [width, height] = [header[3]!, header[7]!];
  const rows = inflateSync(chunks.get('IDAT')!);
  const stride = rows.length / height;
  const pixels = Array.from({ length: height }, (_, y) => [...rows.subarray(y * stride + 1, (y + 1) * stride)]).flat();
  expect(chunks.has('IEND')).toBe(true);
  return { header: [width, height, header[8]!, header[9]!], pixels };
}

test('images', async () => {
  const logs = join(folder, 'images');
  const grey: Image = { width: 3, height: 2, channels: 1, data: Float32Array.of(0, 0.5, 1, -1, 2, NaN) };
  const colour: Image = { width: 1, height: 2, channels: 3, data: Uint8Array.of(255, 0, 10, 1, 2, 3) };
  await train(tensorBoard(logs, { images: ({ epoch }) => ({ [`grey${epoch - 1}`]: grey, colour }) }));
  const images = eventsIn(logs).flatMap(({ values = [] }) => values.filter(({ image }) => image));
  expect(images.map(({ tag }) => tag)).toEqual(['grey1', 'colour', 'grey2', 'colour']);
  expect(images[0]!.image).toMatchObject({ width: 3, height: 2, channels: 1 });
  expect(readPng(images[0]!.image!.png)).toEqual({ header: [3, 2, 8, 0], pixels: [0, 128, 255, 0, 255, 0] });
  expect(readPng(images[1]!.image!.png)).toEqual({ header: [1, 2, 8, 2], pixels: [...colour.data] });
});

test('mistakes are one line', async () => {
  expect(() => tensorBoard('')).toThrow('tensorBoard: folder: expected the path of a folder, got ""');
  expect(() => tensorBoard('x', { everyStep: 1 } as never)).toThrow('tensorBoard: everyStep is no option; did you mean everySteps?');
  expect(() => tensorBoard('x', { graph: sequential([dense({ units: 1 })]) as never })).toThrow(
    'tensorBoard: graph: expected the graph of a model, graphOf(model), got',
  );
  const image = (data: unknown) => tensorBoard(join(folder, 'broken'), { images: () => ({ a: data as Image }) });
  await expect(train(image({ width: 2, height: 2, channels: 1, data: new Uint8Array(3) }))).rejects.toThrow(
    'tensorBoard: the image a: an image of 2 × 2 × 1 has 4 values, got 3',
  );
  await expect(train(image('png'))).rejects.toThrow(
    'tensorBoard: the image a: expected an image, { width, height, channels: 1, 3 or 4, data }',
  );
  await expect(train(tensorBoard(join(folder, 'scalars', 'nested', 'events.out.tfevents.sinapse')))).rejects.toThrow(/^write .*sinapse: /);
});
