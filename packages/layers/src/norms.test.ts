// Normalisations of single examples against PyTorch's, with their gradients; core's tests have their formulas.

import { reference } from '@sinapse/backend-reference';
import { Context, scope, use, valueAndGrad, zeros } from '@sinapse/core';
import type { Parameter } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordedArray, RecordedArrays } from '../test/recorded.ts';
import { assignRecorded, expectRecorded, recorded, recordingOf } from '../test/recorded.ts';
import { batchNorm } from './batch-norm.ts';
import { groupNorm } from './group-norm.ts';
import { instanceNorm } from './instance-norm.ts';
import type { Layer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { rmsNorm } from './rms-norm.ts';
import { sequential } from './sequential.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

interface Recording {
  readonly weights: RecordedArrays;
  readonly x: RecordedArray;
  readonly y: RecordedArray;
  readonly dy: RecordedArray;
  readonly dx: RecordedArray;
  readonly gradients: RecordedArrays;
}

const { norms } = recordingOf<{ norms: Record<string, Recording> }>('pytorch-attention.json');
const makers: Record<string, () => Layer & { children(): [string, Parameter][] }> = {
  groupNorm: () => groupNorm({ groups: 2, epsilon: 1e-3 }),
  instanceNorm: () => instanceNorm(),
  layerNorm: () => layerNorm({ axis: [1, 2], epsilon: 1e-2 }),
};

test.each(Object.entries(makers))('%s is that of PyTorch, with its gradients', (name, make) => {
  const { weights, x, y, dy, dx, gradients } = norms[name]!;
  const layer = make();
  layer.build(x.shape.slice(1), 0);
  assignRecorded(layer, weights);
  scope(() => {
    const input = recorded(x);
    const cells = layer.children();
    const run = (given: typeof input) => layer.call(given, new Context());
    expectRecorded(run(input), y);
    const result = valueAndGrad((given) => run(given).mul(recorded(dy)).sum(), [input, ...cells.map(([, cell]) => cell)]);
    expectRecorded(result.gradients[0]!, dx, 'dx');
    cells.forEach(([key], i) => expectRecorded(result.gradients[i + 1]!, gradients[key]!, key));
  });
});

describe('what does not fit is said in one line, with the path', () => {
  test.each<[Layer, number[], string]>([
    [groupNorm(), [4, 4, 30], 'it: groupNorm: 32 groups must divide the channels of […, channels], got an example [4,4,30]'],
    [groupNorm({ groups: 1 }), [], 'it: groupNorm: 1 groups must divide the channels of […, channels], got an example []'],
    [instanceNorm(), [1, 1, 3], 'it: instanceNorm: each example must be [height, width, channels] or the like, of more than one pixel; got [1,1,3]'],
    [layerNorm({ axis: 0 }), [3], 'it: layerNorm: axis 0 is the batch, over which it does not normalise; axes of an example begin at 1'],
    [layerNorm({ axis: 4 }), [3], 'it: layerNorm: axis 4 is out of range'],
    [rmsNorm({ axis: [1, -1] }), [3], 'it: rmsNorm: axes [1,-1] name one axis twice'],
  ])('%o of %j', (layer, shape, message) => {
    expect(() => sequential([['it', layer]]).build(shape)).toThrow(message);
  }); // prettier-ignore

  test('another number of features than it was built for', () => {
    const model = sequential([['it', layerNorm()]]);
    model.build([4]);
    expect(() => model.call(zeros([1, 5]))).toThrow('it: layerNorm: scale must be [5], got [4]');
  });

  test('options', () => {
    expect(() => layerNorm({ epsilon: 0 })).toThrow('layerNorm: epsilon: expected a finite number > 0, got 0');
    expect(() => groupNorm({ group: 2 } as never)).toThrow('groupNorm: group is no option; did you mean groups?');
    expect(() => instanceNorm({ scale: 1 } as never)).toThrow('instanceNorm: scale: expected true or false, got 1');
    expect(() => rmsNorm({ center: true } as never)).toThrow('rmsNorm: center is no option');
  });
});

test('batchNorm without scale and offset normalises, predicts with its averages, and is trained', () => {
  const plain = batchNorm({ center: false, scale: false });
  const usual = batchNorm();
  const x = recorded(norms['groupNorm']!.x);
  for (const layer of [plain, usual]) {
    layer.build([3, 2, 6]);
    const context = new Context({ training: true });
    layer.call(x, context);
    context.commit();
  }
  expect(plain.children().map(([name]) => name)).toEqual(['mean', 'variance']);
  expect([...plain.call(x, new Context({ training: true })).dataSync()]).toEqual([
    ...usual.call(x, new Context({ training: true })).dataSync(),
  ]);
  const [y, z] = [plain.call(x).dataSync(), usual.call(x).dataSync()];
  y.forEach((value, i) => expect(value).toBeCloseTo(z[i]!, 13));
  expect(plain.mean!.value.dataSync()[0]).not.toBe(0);
  const withOffset = batchNorm({ scale: false });
  withOffset.build([6]);
  expect(withOffset.children().map(([name]) => name)).toEqual(['offset', 'mean', 'variance']);
});
