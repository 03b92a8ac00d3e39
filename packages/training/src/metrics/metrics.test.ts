// Metrics beside scikit-learn's, however the examples are cut into batches. fixtures/record-metrics.py made the record; fixtures/metrics.json
// names the version.

import { reference } from '@sinapse/backend-reference';
import { double } from '@sinapse/backend-testkit';
import { scope, tensor, use } from '@sinapse/core';
import type { Model, Tensor } from '@sinapse/core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AccumulatedMetric, MetricName } from './index.ts';
import * as everyMetric from './index.ts';
import { batches, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import { decodeCheckpoint, encodeCheckpoint, evaluate, fit } from '../index.ts';
import type { Checkpoint } from '../index.ts';

beforeAll(() => void use(reference()));

const metrics = { ...everyMetric };

type Rows = readonly (readonly number[])[];
interface OfClasses extends Record<string, unknown> {
  readonly scores: Rows;
  readonly labels: readonly number[];
}
interface OfYesOrNo extends Record<string, unknown> {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
}
interface OfNumbers extends Record<string, unknown> {
  readonly predicted: Rows;
  readonly target: Rows;
}
const recording = JSON.parse(readFileSync(new URL('../../fixtures/metrics.json', import.meta.url), 'utf8'), (_, value: unknown) =>
  value === 'Infinity' ? Infinity : value,
) as { readonly classes: readonly OfClasses[]; readonly yesOrNo: OfYesOrNo; readonly numbers: OfNumbers };

const int = { dtype: 'int32' } as const;

/** Measures examples in batches of some size. */
function measure<R>(
  metric: AccumulatedMetric<R>,
  count: number,
  size: number,
  batch: (from: number, to: number) => readonly [Tensor, Tensor],
): R {
  const sums = metric.start();
  for (let from = 0; from < count; from += size)
    scope(() =>
      metric.add(
        sums,
        metric
          .batch(...batch(from, Math.min(count, from + size)))
          .cast('float32')
          .dataSync(),
      ),
    );
  return metric.result(sums);
}

/** The result, which is the same for every size of batches: what is read of an example does not depend on its batch. */
function measured<R>(metric: AccumulatedMetric<R>, count: number, batch: (from: number, to: number) => readonly [Tensor, Tensor]): R {
  const whole = measure(metric, count, count, batch);
  for (const size of [6, 16]) expect(measure(metric, count, size, batch)).toEqual(whole);
  return whole;
}

/** Scores are read as float32: an error of 2^-24 in each, and probabilities computed from them in float32. */
const CLOSE = 6;

const OF_CLASSES = ['accuracy', 'confusionMatrix', 'logLoss', 'expectedCalibrationError', 'rocAuc', 'averagePrecision'] as const;

/** Compares numbers in any nesting. */
function expectClose(found: unknown, expected: unknown): void {
  if (typeof expected === 'number') {
    if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, CLOSE);
    else expect(found).toBe(expected);
  } else {
    expect(Object.keys(found as object)).toEqual(Object.keys(expected as object));
    for (const [name, value] of Object.entries(expected as object)) expectClose((found as Record<string, unknown>)[name], value);
  }
}

describe.each(recording.classes.map((record, i) => [i === 1 ? 'with equal scores' : 'with different scores', record] as const))(
  'several classes %s',
  (_, record) => {
    const { scores, labels } = record;
    const numbered = (from: number, to: number) => [tensor(scores.slice(from, to)), tensor(labels.slice(from, to), int)] as const;
    const oneHot = (from: number, to: number) =>
      [
        tensor(scores.slice(from, to)),
        tensor(labels.slice(from, to).map((label) => scores[0]!.map((__, c) => (c === label ? 1 : 0)))),
      ] as const;

    test.each(['precision', 'recall', 'f1'] as const)('%s, averaged in each way', (name) => {
      const expected = record[name] as Record<string, unknown>;
      for (const average of ['macro', 'weighted', 'micro'] as const)
        expectClose(measured(metrics[name]({ average }), labels.length, numbered), expected[average]);
      expectClose(measured(metrics[name]({ average: 'perClass' }), labels.length, oneHot), expected['perClass']);
      expectClose(measured(metrics[name]({ class: 1 }), labels.length, oneHot), (expected['perClass'] as readonly number[])[1]);
    });

    test.each(OF_CLASSES.filter((name) => name in record))('%s', (name) => {
      expectClose(measured<unknown>(metrics[name](), labels.length, numbered), record[name]);
      expectClose(measured<unknown>(metrics[name](), labels.length, oneHot), record[name]);
    });

    test('perplexity is exp of the log loss', () => {
      expect(measured(metrics.perplexity(), labels.length, numbered)).toBeCloseTo(Math.exp(record['logLoss'] as number), CLOSE - 1);
    });

    test('scores that are probabilities give the same', () => {
      const softmaxed = (from: number, to: number) => [numbered(from, to)[0].softmax(), numbered(from, to)[1]] as const;
      for (const name of ['logLoss', 'rocAuc', 'f1', 'expectedCalibrationError'] as const)
        expect(measured(metrics[name]({ from: 'probabilities' }), labels.length, softmaxed)).toBeCloseTo(
          measured(metrics[name](), labels.length, numbered),
          CLOSE,
        );
    });
  },
);

test('top-k accuracy', () => {
  const { scores, labels, top2 } = recording.classes[0]!;
  const batch = (from: number, to: number) => [tensor(scores.slice(from, to)), tensor(labels.slice(from, to), int)] as const;
  expect(measured(metrics.topKAccuracy({ k: 2 }), labels.length, batch)).toBeCloseTo(top2 as number, 12);
  // Of equal scores lower class numbers come first; a score that is not a number never counts as right.
  const rows = [[1, 1, 1], [1, 1, 1], [NaN, 2, 1], [0, NaN, 1], [NaN, NaN, NaN]]; // prettier-ignore
  const right = [0, 1, 1, 2, 0].map((label, i) =>
    measure(metrics.topKAccuracy({ k: 1 }), 1, 1, () => [tensor([rows[i]!]), tensor([label], int)]),
  );
  expect(right).toEqual([1, 0, 0, 0, 0]);
});

describe('yes or no', () => {
  const { scores, labels } = recording.yesOrNo;
  const flat = (from: number, to: number) => [tensor(scores.slice(from, to)), tensor(labels.slice(from, to), int)] as const;
  const column = (from: number, to: number) => [flat(from, to)[0].reshape([-1, 1]), tensor(labels.slice(from, to))] as const;

  test.each(['precision', 'recall', 'f1', 'logLoss', 'rocAuc', 'averagePrecision', 'rocCurve', 'precisionRecallCurve'] as const)(
    '%s',
    (name) => {
      const metric = (metrics[name] as () => AccumulatedMetric<unknown>)();
      expectClose(measured(metric, labels.length, flat), recording.yesOrNo[name]);
      expectClose(measured(metric, labels.length, column), recording.yesOrNo[name]);
    },
  );

  test('a probability is answered with yes above 0.5', () => {
    const probabilities = (from: number, to: number) => [flat(from, to)[0].sigmoid(), flat(from, to)[1]] as const;
    for (const name of ['precision', 'logLoss', 'rocAuc', 'accuracy', 'expectedCalibrationError'] as const)
      expect(measured(metrics[name]({ from: 'probabilities' }), labels.length, probabilities)).toBeCloseTo(
        measured(metrics[name](), labels.length, flat),
        CLOSE,
      );
    expect(
      measured(metrics.confusionMatrix(), labels.length, flat)
        .flat()
        .reduce((a, b) => a + b),
    ).toBe(labels.length);
  });
});

test.each(['meanSquaredError', 'rootMeanSquaredError', 'meanAbsoluteError', 'rSquared'] as const)('%s', (name) => {
  const { predicted, target } = recording.numbers;
  const batch = (from: number, to: number) => [tensor(predicted.slice(from, to)), tensor(target.slice(from, to))] as const;
  expectClose(measured(metrics[name](), target.length, batch), recording.numbers[name]);
});

test('nothing to measure is NaN, never a number that looks like a result', () => {
  const one = (x: number, t: number) => () => [tensor([x]), tensor([t])] as const;
  expect(measure(metrics.rSquared(), 1, 1, one(1, 1))).toBeNaN();
  expect(measure(metrics.rocAuc(), 1, 1, one(1, 1))).toBeNaN();
  expect(measure(metrics.averagePrecision(), 1, 1, one(1, 0))).toBeNaN();
  for (const name of ['rocAuc', 'averagePrecision', 'logLoss', 'meanSquaredError', 'expectedCalibrationError'] as const)
    expect(measure<number>(metrics[name](), 2, 1, (i) => [tensor([NaN]), tensor([i])])).toBeNaN();
});

test('rows that are not one-hot give no number that looks like a result', () => {
  const batch = () => [tensor([[1, 2, 3]]), tensor([[1, 0, 1]])] as const;
  for (const name of ['logLoss', 'perplexity', 'expectedCalibrationError'] as const)
    expect(measure<number>(metrics[name](), 1, 1, batch)).toBeNaN();
  const soft = () => [tensor([[1, 2, 3]]), tensor([[0.1, 0.2, 0.7]])] as const; // smoothed labels: the largest is the class
  expect(measure(metrics.accuracy(), 1, 1, soft)).toBe(1);
});

test('padding is ignored', () => {
  const batch = () => [tensor([[1, 0, 0], [9, 0, 0]]), tensor([0, 2], int)] as const; // prettier-ignore
  expect(measure(metrics.logLoss({ ignoreIndex: 2 }), 2, 2, batch)).toBeCloseTo(Math.log(1 + 2 * Math.exp(-1)), CLOSE);
});

describe('in fit and evaluate', () => {
  /** A model that returns its input: the rows are logits. */
  const identity: Model = { call: (x) => x.alias() };
  const { scores, labels, f1: averaged, confusionMatrix: matrix } = recording.classes[0]!;
  const cut = (from: number, to: number) => ({
    x: { data: Float32Array.from(scores.slice(from, to).flat()), shape: [to - from, 4] },
    y: { data: Int32Array.from(labels.slice(from, to)), shape: [to - from] },
  });
  const data = batches(cut(0, 20), cut(20, 40), cut(40, 41));

  test.each([
    ['at once', reference],
    ['late', double],
  ] as const)('evaluate gives results of any kind, on a device that answers %s', async (_, backend) => {
    use(backend());
    const found = await evaluate(identity, data, {
      loss: crossEntropy,
      metrics: { f1: metrics.f1(), matrix: metrics.confusionMatrix(), first: (x) => x.slice([null, 0]).mean() },
    });
    const grid: number[][] = found.metrics.matrix; // the types say what each gives
    expectClose(found.metrics.f1, (averaged as Record<string, unknown>)['macro']);
    expect(grid).toEqual(matrix);
    expect(found.metrics.first).toBeCloseTo(scores.reduce((sum, row) => sum + row[0]!, 0) / 41, CLOSE);
    use(reference());
  });

  test('fit tells them of training and validation, and a resumed training the same', async () => {
    const run = async (resume?: Checkpoint, stopAt = Infinity) => {
      let checkpoint: Checkpoint | undefined;
      const { history } = await fit(new Linear(5, 3), clusters(), {
        optimizer: new Momentum(),
        loss: crossEntropy,
        epochs: 2,
        metrics: { auc: metrics.rocAuc(), f1: metrics.f1(), mean: (x) => x.mean() },
        validation: clusters({ seed: 9, examples: 10 }),
        callbacks: [{
          async onStep({ globalStep }, session) {
            if (globalStep !== stopAt) return;
            checkpoint = decodeCheckpoint(encodeCheckpoint(await session.checkpoint()));
            session.stop('killed');
          },
        }],
        ...(resume && { resume }),
      }); // prettier-ignore
      return { results: history.map(({ metrics: own, valMetrics }) => ({ own, valMetrics })), checkpoint };
    };
    const { results } = await run();
    expect(Object.keys(results[0]!.own!)).toEqual(['auc', 'f1', 'mean']);
    expect(results[1]!.own!['auc']).toBeGreaterThan(0.5);
    expect(Object.keys(results[1]!.valMetrics!)).toEqual(['auc', 'f1', 'mean']);
    const { checkpoint } = await run(undefined, 9);
    expect((await run(checkpoint)).results).toEqual(results);
    const again = await run(checkpoint); // resuming does not change the checkpoint
    expect(again.results).toEqual(results);
  });
});

describe('mistakes are one line', () => {
  const settings = (metric: unknown) => ({ optimizer: new Momentum(), loss: crossEntropy, epochs: 1, metrics: { metric } as never });
  const fitted = (metric: unknown) => fit(new Linear(5, 3), clusters(), settings(metric));

  test.each<[string, () => unknown, string]>([
    ['a name that there is not', () => metrics.createMetric('f2'), 'metric f2 is not known; did you mean f1?'],
    ['an option misspelt', () => metrics.f1({ averag: 'macro' } as never), 'f1: averag is no option; did you mean average?'],
    ['an average that there is not', () => metrics.recall({ average: 'makro' as never }), 'recall: average: expected one of macro, weighted, micro, perClass, got "makro"; did you mean macro?'],
    ['numbers for class numbers', () => fitted(metrics.meanSquaredError()), "meanSquaredError: the target must be numbers of the output's shape; the model gives float32 [4,3], the target is int32 [4]"],
    ['a class that there is not', () => fitted(metrics.rocAuc({ class: 3 })), 'rocAuc: there is no class 3: the model tells 3 classes apart, 0 to 2'],
    ['a class that there is not, before the epoch ends', () => fit(new Linear(5, 3), clusters(), { ...settings(metrics.f1({ class: 3 })), callbacks: [{ onEpoch: () => expect.unreachable('an epoch was done') }] }), 'f1: there is no class 3: the model tells 3 classes apart, 0 to 2'],
    ['a class beside yes', () => measure(metrics.recall({ class: 0 }), 1, 1, () => [tensor([2.5]), tensor([1])]), 'recall: there is no class 0: the model gives one score, whose only class is 1'],
    ['no class', () => evaluate(new Linear(5, 3), clusters(), { loss: crossEntropy, metrics: { curve: metrics.rocCurve() } }), 'rocCurve: the model tells 3 classes apart; say which one to tell from the others: { class: 0 }'],
    ['all classes', () => fitted(metrics.topKAccuracy({ k: 3 })), 'topKAccuracy: among 3 of 3 classes every answer is right; k must be smaller'],
    ['a matrix in a history', () => fitted(metrics.confusionMatrix()), 'fit: the metric metric gives more than one number; give it to evaluate instead'],
    ['a function that was not called', () => fitted(() => metrics.f1), 'the metric metric must be a tensor, got '],
    ['a name for a metric', () => fitted('f1'), 'fit: the metric metric: expected a function of the output and the target, or a metric such as f1(), got "f1"'],
    ['numbers for yes or no', () => measure(metrics.f1(), 1, 1, () => [tensor([2.5]), tensor([2.5])]), 'f1: the targets of a model of one score must be 0 or 1, got 2.5; for other numbers there is meanSquaredError'],
    ['several answers for an example', () => measure(metrics.f1(), 1, 1, () => [tensor([[1, 2, 3]]), tensor([[1, 0, 1]])]), 'f1: one-hot rows must add up to 1; where an example has several answers of yes or no, give each an example of its own'],
    ['no answer for an example', () => measure(metrics.rocAuc(), 1, 1, () => [tensor([[1, 2, 3]]), tensor([[0, 0, 0]])]), 'rocAuc: one-hot rows must add up to 1'],
    ['targets of another shape', () => measure(metrics.logLoss(), 1, 1, () => [tensor([[1, 2, 3]]), tensor([[1, 2]])]), 'logLoss: the targets must be class numbers [batch], one-hot rows, or 0 and 1 for a model of one score; the model gives float32 [1,3], the target is float32 [1,2]'],
    ['several outputs', () => metrics.f1().batch([] as never, [] as never), 'f1: takes one output and one target; of several, choose: { ...metric, batch: '],
  ])('%s', async (_, mistake, message) => {
    const error = await (async () => mistake())().then(() => undefined, (thrown: unknown) => thrown as Error); // prettier-ignore
    expect(error?.message).not.toContain('\n');
    expect(error?.message).toContain(message);
  }); // prettier-ignore
});

test('every metric of the list is made by its name', () => {
  expect(metrics.metricNames.length).toBeGreaterThan(10);
  for (const name of metrics.metricNames) {
    const metric = metrics.createMetric(name);
    expect(typeof metric.result(metric.start())).toBe('number');
    expect(() => metrics.createMetric(name, { junk: 1 })).toThrow(`${name}: junk is no option`);
  }
  for (const name of metrics.classMetricNames) expect(() => metrics.createMetric(name, { from: 'probabilities' })).not.toThrow();
  const single: MetricName = 'f1';
  expect(metrics[single]()).toBeDefined();
});
