import type { Tensor } from '@sinapse/core';
import { Parameter, grad, log, mul, softmax, sub, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { binaryCrossEntropy, categoricalCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
import { l1Penalty, l2Penalty } from './penalties.ts';
import { huber, meanAbsoluteError, meanSquaredError } from './regression.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const labels = (values: number[]) => tensor(values, { dtype: 'int32' });
const value = (loss: Tensor): number => {
  expect(loss.shape).toEqual([]);
  return loss.dataSync()[0]!;
};
const LN10 = Math.LN10;

describe("the lecture's cross-entropies, which it gives in base 10", () => {
  test.each([
    [0.72, 0.14267],
    [0.52, 0.284],
    [0.3, 0.5229],
  ])('class 4 of 5 predicted with probability %d: %d', (p, expected) => {
    const rest = (1 - p) / 4;
    const row = tensor([[rest, rest, rest, p, rest]]);
    expect(value(categoricalCrossEntropy(row, labels([3])))).toBeCloseTo(expected * LN10, 4);
    expect(value(categoricalCrossEntropy(row, tensor([[0, 0, 0, 1, 0]])))).toBeCloseTo(expected * LN10, 4);
    expect(value(softmaxCrossEntropy(log(row), labels([3])))).toBeCloseTo(expected * LN10, 4);
  });

  test.each([
    [0, 0.2, 0.09691],
    [1, 0.92, 0.03621],
    [0, 0.65, 0.45593],
  ])('a binary answer %d predicted with probability %d: %d', (y, p, expected) => {
    expect(value(binaryCrossEntropy(tensor([p]), tensor([y]), { from: 'probabilities' }))).toBeCloseTo(expected * LN10, 4);
    expect(value(binaryCrossEntropy(tensor([Math.log(p / (1 - p))]), tensor([y])))).toBeCloseTo(expected * LN10, 4);
  });

  test("the lecture's softmax, [3, 1, 0.2], costs -ln of its probabilities", () => {
    const logits = tensor([[3, 1, 0.2]]);
    [0.8360188, 0.11314284, 0.05083836].forEach((p, label) =>
      expect(value(softmaxCrossEntropy(logits, labels([label])))).toBeCloseTo(-Math.log(p), 6),
    );
  });
});

describe('softmaxCrossEntropy', () => {
  const logits = () => tensor([[1, 2, -1], [0.5, 0, 3]]); // prettier-ignore
  const rows = [
    [1, 2, -1],
    [0.5, 0, 3],
  ];
  const cost = (row: number[], label: number) => Math.log(row.reduce((a, b) => a + Math.exp(b), 0)) - row[label]!;

  test('is the mean over the batch, or the sum', () => {
    const expected = cost(rows[0]!, 1) + cost(rows[1]!, 0);
    expect(value(softmaxCrossEntropy(logits(), labels([1, 0])))).toBeCloseTo(expected / 2, 12);
    expect(value(softmaxCrossEntropy(logits(), labels([1, 0]), { reduction: 'sum' }))).toBeCloseTo(expected, 12);
  });

  test('takes probabilities of the classes: one-hot rows are the labels, mixed rows their average', () => {
    const byLabel = value(softmaxCrossEntropy(logits(), labels([1, 0])));
    expect(value(softmaxCrossEntropy(logits(), tensor([[0, 1, 0], [1, 0, 0]])))).toBeCloseTo(byLabel, 12); // prettier-ignore
    const mixed = 0.25 * cost(rows[0]!, 0) + 0.75 * cost(rows[0]!, 2) + cost(rows[1]!, 1);
    expect(value(softmaxCrossEntropy(logits(), tensor([[0.25, 0, 0.75], [0, 1, 0]])))).toBeCloseTo(mixed / 2, 12); // prettier-ignore
  });

  test('has gradient (softmax - target) / batch, for labels and probabilities alike', () => {
    const target = tensor([[0, 1, 0], [1, 0, 0]]); // prettier-ignore
    const expected = [...mul(sub(softmax(logits()), target), 0.5).dataSync()];
    for (const truth of [labels([1, 0]), target]) {
      [...grad((x) => softmaxCrossEntropy(x, truth))(logits()).dataSync()].forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 12));
    }
  });

  test('takes sequences: [batch, time, classes] with labels [batch, time]', () => {
    const flat = value(softmaxCrossEntropy(logits(), labels([1, 0])));
    expect(value(softmaxCrossEntropy(logits().reshape([1, 2, 3]), labels([1, 0]).reshape([1, 2])))).toBeCloseTo(flat, 12);
  });

  test('does not overflow', () => {
    expect(value(softmaxCrossEntropy(tensor([[1e4, 0]]), labels([1])))).toBeCloseTo(1e4, 6);
    expect(value(binaryCrossEntropy(tensor([1e4, -1e4]), tensor([0, 1])))).toBeCloseTo(1e4, 6);
  });

  test('refuses labels of another shape or dtype', () => {
    expect(() => softmaxCrossEntropy(logits(), labels([1]))).toThrow(
      'softmaxCrossEntropy: for a prediction of [2,3], labels must be class numbers [2] or probabilities [2,3], got [1]',
    );
    expect(() => softmaxCrossEntropy(logits(), tensor([1, 0]))).toThrow(
      "softmaxCrossEntropy: class numbers must be int32, got float32: labels.cast('int32')",
    );
    expect(() => softmaxCrossEntropy(tensor([1, 2]), labels([0]))).toThrow(
      'softmaxCrossEntropy: the prediction must be [batch, classes], got [2]',
    );
    expect(() => softmaxCrossEntropy(logits(), labels([0, 0]), { reduction: 'max' as 'sum' })).toThrow(
      'reduction: expected one of mean, sum, got "max"',
    );
  });
});

describe('losses of probabilities', () => {
  test('are finite for sure mistakes', () => {
    expect(value(categoricalCrossEntropy(tensor([[1, 0]]), labels([1])))).toBeCloseTo(-Math.log(1e-7), 6);
    expect(value(binaryCrossEntropy(tensor([1, 0]), tensor([0, 1]), { from: 'probabilities' }))).toBeCloseTo(-Math.log(1e-7), 6);
    expect(() => binaryCrossEntropy(tensor([1]), tensor([1]), { from: 'logit' as 'logits' })).toThrow(
      'binaryCrossEntropy: from: expected one of logits, probabilities, got "logit"; did you mean logits?',
    );
  });

  test('binary from logits has gradient (σ(z) - t) / n', () => {
    const z = [-2, 0, 3];
    const t = [0, 1, 0.5];
    const g = grad((x) => binaryCrossEntropy(x, tensor(t)))(tensor(z)).dataSync();
    z.forEach((logit, i) => expect(g[i]).toBeCloseTo((1 / (1 + Math.exp(-logit)) - t[i]!) / 3, 12));
  });
});

describe('losses of numbers', () => {
  const prediction = () => tensor([[1, 2], [3, -1], [0, 0]]); // prettier-ignore
  const target = () => tensor([[0, 2], [1, 0], [0, 4]]); // prettier-ignore
  const errors = [1, 0, 2, -1, 0, -4];

  test('meanSquaredError: mean, sum, and the 1/(2m) of the lecture', () => {
    const total = errors.reduce((a, e) => a + e * e, 0);
    expect(value(meanSquaredError(prediction(), target()))).toBeCloseTo(total / 6, 12);
    expect(value(meanSquaredError(prediction(), target(), { reduction: 'sum' }))).toBeCloseTo(total, 12);
    expect(value(meanSquaredError(prediction(), target(), { reduction: 'halfMean' }))).toBeCloseTo(total / (2 * 3), 12);
    expect(() => meanSquaredError(prediction(), target(), { reduction: 'half' as 'sum' })).toThrow('meanSquaredError: reduction: expected');
  });

  test('meanAbsoluteError', () => {
    expect(value(meanAbsoluteError(prediction(), target()))).toBeCloseTo(8 / 6, 12);
  });

  test('huber: a square up to delta, a line beyond, smooth where they meet', () => {
    const loss = (e: number, delta: number) => (Math.abs(e) <= delta ? (e * e) / 2 : delta * (Math.abs(e) - delta / 2));
    for (const delta of [1, 1.5]) {
      expect(value(huber(prediction(), target(), { delta }))).toBeCloseTo(errors.reduce((a, e) => a + loss(e, delta), 0) / 6, 12);
      const slope = (e: number) => grad((x) => huber(x, tensor([0]), { delta }))(tensor([e])).dataSync()[0]!;
      for (const e of [-3, -delta, -0.5, 0, 0.5, delta, 3]) expect(slope(e)).toBeCloseTo(Math.max(-delta, Math.min(delta, e)), 12);
    }
    expect(() => huber(prediction(), target(), { delta: 0 })).toThrow('huber: delta: expected a finite number > 0, got 0');
  });

  test('shapes never broadcast by accident', () => {
    for (const loss of [meanSquaredError, meanAbsoluteError, huber, binaryCrossEntropy]) {
      expect(() => loss(tensor([[1, 2]]), tensor([1, 2]))).toThrow('shape [1,2], got [2]; reshape one of them');
      expect(() => loss(tensor([[1], [2]]), tensor([1, 2]))).toThrow(
        "the target must have the prediction's shape [2,1], got [2]; reshape it, or give each example a list of one, y: [3]",
      );
    }
  });
});

describe('targets of integers and booleans are numbers', () => {
  const losses = { meanSquaredError, meanAbsoluteError, huber, binaryCrossEntropy, softmaxCrossEntropy, categoricalCrossEntropy };
  test.each(Object.entries(losses))('%s', (_, loss) => {
    const prediction = tensor([[0.25, 0.75], [0.5, 0.5]]); // prettier-ignore
    const expected = value(loss(prediction, tensor([[0, 1], [1, 0]]))); // prettier-ignore
    for (const dtype of ['int32', 'uint8', 'bool'] as const)
      expect(value(loss(prediction, tensor([[0, 1], [1, 0]], { dtype })))).toBe(expected); // prettier-ignore
  });

  test('class numbers of bytes', () => {
    for (const loss of [softmaxCrossEntropy, categoricalCrossEntropy]) {
      const prediction = tensor([[0.25, 0.75]]);
      expect(value(loss(prediction, tensor([1], { dtype: 'uint8' })))).toBe(value(loss(prediction, labels([1]))));
    }
  });
});

describe('mistakes', () => {
  const x = () => tensor([[0.5, 0.5]]);
  const losses = { meanSquaredError, meanAbsoluteError, huber, binaryCrossEntropy, softmaxCrossEntropy, categoricalCrossEntropy };
  test.each(Object.entries(losses))('of %s', (name, loss) => {
    expect(() => loss(x(), x(), { normalised: true } as never)).toThrow(`${name}: normalised is no option; there are reduction`);
    expect(() => loss(x(), x(), { reducton: 'sum' } as never)).toThrow(`${name}: reducton is no option; did you mean reduction?`);
    expect(() => loss([0.5] as never, x())).toThrow(`${name}: the prediction must be a tensor, got [0.5]`);
    expect(() => loss(x(), undefined as never)).toThrow(`${name}: the target must be a tensor, got undefined`);
    expect(() => loss(tensor([[1, 0]], { dtype: 'int32' }), x())).toThrow(`${name}: the prediction must be float32, got int32`);
  });
});

describe('penalties', () => {
  const cells = () => [new Parameter(tensor([[1, -2]])), new Parameter(tensor([3]))];

  test('add up over all parameters', () => {
    expect(value(l1Penalty(cells(), 0.5))).toBeCloseTo(3, 12);
    expect(value(l2Penalty(cells(), 0.5))).toBeCloseTo(7, 12);
  });

  test('refuse what cannot be', () => {
    expect(() => l2Penalty([], 1)).toThrow('l2Penalty: there are no parameters to penalise');
    expect(() => l1Penalty(cells(), -1)).toThrow('l1Penalty: strength: expected a finite number >= 0, got -1');
  });
});
