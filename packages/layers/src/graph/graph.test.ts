import type { Shape, Tensor } from '@sinapse/core';
import {
  Context,
  State,
  concat,
  maximum as largest,
  memory,
  meta,
  parametersOf,
  scope,
  statesOf,
  tensor,
  use,
  valueAndGrad,
  walk,
  withBackend,
  zeros,
} from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { Graph, Layer } from '../index.ts';
import {
  add,
  average,
  batchNorm,
  branches,
  concatenate,
  connect,
  conv2d,
  convNorm,
  dense,
  denseConnection,
  dropout,
  flatten,
  formatSummary,
  globalAvgPool2d,
  graph,
  graphOf,
  input,
  maxPool2d,
  multiply,
  residual,
  sequential,
  summary,
} from '../index.ts';

beforeEach(() => void use(fusedReference({ precision: 'float64', poison: true })));

const numbers = (x: Tensor): number[] => [...x.dataSync()];
const waves = (shape: Shape, phase = 0): Tensor =>
  tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + phase)), { shape }); // prettier-ignore

/** A small network with a branch of each kind. */
function small() {
  const x = input([6, 6, 2]);
  const a = x.to(['left', conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' })]);
  const b = x.to(conv2d({ filters: 3, kernelSize: 1 }));
  const joined = connect([a, b], add());
  return graph({ inputs: x, outputs: connect([joined, x], concatenate(), flatten(), ['head', dense({ units: 4 })]) });
}

describe('a graph', () => {
  test('computes what its layers compute, called by hand', () => {
    const model = small();
    expect(model.build([6, 6, 2], 1)).toEqual([4]);
    const [left, right, , , flat, head] = [...model.children()].map(([, layer]) => layer as Layer);
    const x = waves([2, 6, 6, 2]);
    const context = new Context();
    const by = head!.call(flat!.call(concat([left!.call(x, context).add(right!.call(x, context)), x], 3), context), context);
    expect(numbers(model.call(x))).toEqual(numbers(by));
  });

  test('names layers by type and number, and finds their parameters by path', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    expect([...model.children()].map(([name]) => name)).toEqual(['left', 'conv2d2', 'add1', 'concatenate1', 'flatten1', 'head']);
    expect(walk(model).map(({ path }) => path)).toEqual([
      'left/kernel',
      'left/bias',
      'conv2d2/kernel',
      'conv2d2/bias',
      'head/kernel',
      'head/bias',
    ]);
  });

  test('built for another size, it is described for that size', () => {
    const model = small();
    expect(model.build([4, 4, 2], 1)).toEqual([4]);
    expect(model.inputShape).toEqual([4, 4, 2]);
    expect(model.describe().arguments[0]).toMatchObject({ inputs: [4, 4, 2] });
  });

  test('the same seed gives the same weights, whatever else is in the graph', () => {
    const [one, two] = [small(), small()];
    one.build([6, 6, 2], 3);
    two.build([6, 6, 2], 3);
    expect(parametersOf(one).map(({ cell }) => numbers(cell.value))).toEqual(parametersOf(two).map(({ cell }) => numbers(cell.value)));
    const plain = sequential([['left', conv2d({ filters: 3, kernelSize: 3 })]]);
    plain.build([6, 6, 2], 3);
    expect(numbers(parametersOf(plain)[0]!.cell.value)).toEqual(numbers(parametersOf(one)[0]!.cell.value));
  });
});

describe('inputs and outputs in lists and objects', () => {
  const two = () => {
    const image = input([4, 4, 1]);
    const meta = input([3]);
    const features = image.to(conv2d({ filters: 2, kernelSize: 3 }), flatten());
    const joined = connect([features, meta], concatenate());
    return graph({
      inputs: { image, meta },
      outputs: { label: joined.to(dense({ units: 2 })), size: [meta.to(dense({ units: 1 }))] as const },
    });
  };

  test('are what the model takes and gives, and its type says so', () => {
    const model = two();
    expectTypeOf(model).toEqualTypeOf<
      Graph<{ readonly image: Tensor; readonly meta: Tensor }, { readonly label: Tensor; readonly size: readonly [Tensor] }>
    >();
    expect(model.inputShape).toEqual({ image: [4, 4, 1], meta: [3] });
    expect(model.build(model.inputShape, 1)).toEqual({ label: [2], size: [[1]] });
    const y = model.call({ meta: waves([5, 3]), image: waves([5, 4, 4, 1]) });
    expect([y.label.shape, y.size[0].shape]).toEqual([[5, 2], [5, 1]]); // prettier-ignore
  });

  test('of another form are refused', () => {
    const model = two();
    model.build(model.inputShape, 1);
    expect(() => model.call(waves([5, 3]) as never)).toThrow('graph: call: expected { image, meta }, got a float32 tensor [5,3]');
    expect(() => model.call({ image: waves([5, 4, 4, 1]) } as never)).toThrow('graph: call: expected { image, meta }, got { image }');
    expect(() => model.call({ image: 1, meta: waves([5, 3]) } as never)).toThrow('graph: call: image: expected a tensor [batch, …], got 1');
    expect(() => model.call({ image: waves([5, 4, 4, 1]), meta: waves([1, 3]) })).toThrow(
      'graph: call: the inputs must have as many examples, got [5,4,4,1] and [1,3]',
    );
    expect(() => model.build([4] as never)).toThrow('graph: build: inputShape: expected { image, meta }, got [4]');
  });

  test('a layer that gives several tensors, one of them not used', () => {
    const halves: Layer<Tensor, { readonly low: Tensor; readonly high: Tensor }> = {
      type: 'halves',
      build: ([size]: Shape) => ({ low: [size! / 2], high: [size! / 2] }),
      call: (x) => ({ low: x.slice([null, { end: x.shape[1]! / 2 }]), high: x.slice([null, { begin: x.shape[1]! / 2 }]) }),
    };
    const x = input([4]);
    const { low, high } = x.to(halves);
    const both = graph({ inputs: x, outputs: [high, low] as const });
    const [a, b] = both.call(tensor([[1, 2, 3, 4]]));
    expect([numbers(a), numbers(b)]).toEqual([[3, 4], [1, 2]]); // prettier-ignore
    const before = memory().tensors;
    scope(() => {
      const one = graph({ inputs: x, outputs: high }).call(tensor([[1, 2, 3, 4]]));
      expect(numbers(one)).toEqual([3, 4]);
      expect(memory().tensors - before).toBe(2); // the input and the output: `low` is released
    });
  });
});

describe('a layer at several places', () => {
  test('shares its weights, and is found once', () => {
    const tower = sequential([dense({ units: 3, activation: 'tanh' })]);
    const [a, b] = [input([2]), input([2])];
    const model = graph({ inputs: [a, b] as const, outputs: connect([a.to(['tower', tower]), b.to(tower)], multiply()) });
    model.build([[2], [2]], 1);
    expect(walk(model).map(({ path }) => path)).toEqual(['tower/dense1/kernel', 'tower/dense1/bias']);
    const [p, q] = [waves([4, 2]), waves([4, 2], 1)];
    expect(numbers(model.call([p, q]))).toEqual(numbers(tower.call(p).mul(tower.call(q))));
    expect(summary(model, [[2], [2]]).layers.map(({ path, parameters, from }) => [path, parameters, from])).toEqual([
      ['tower/dense1', 9, ['0']],
      ['tower/dense1', 0, ['1']],
      ['multiply1', 0, ['tower/dense1', 'tower:2/dense1']],
    ]);
  });

  test('draws other random numbers at each', () => {
    const drop = dropout({ rate: 0.5 });
    const x = input([64]);
    const model = graph({ inputs: x, outputs: [x.to(drop), x.to(drop)] as const });
    const [a, b] = model.call(tensor(new Float32Array(64).fill(1), { shape: [1, 64] }), new Context({ training: true, seed: 1 }));
    expect(numbers(a)).not.toEqual(numbers(b));
    expect(numbers(a)).toEqual(numbers(model.call(tensor(new Float32Array(64).fill(1), { shape: [1, 64] }), new Context({ training: true, seed: 1 }))[0])); // prettier-ignore
  });

  test('running averages follow both batches', () => {
    const norm = batchNorm({ momentum: 0.5 });
    const [a, b] = [input([1]), input([1])];
    const model = graph({ inputs: [a, b] as const, outputs: connect([a.to(norm), b.to(norm)], add()) });
    model.build([[1], [1]], 1);
    const context = new Context({ training: true });
    scope(() => void model.call([tensor([[1], [3]]), tensor([[5], [7]])], context));
    context.commit();
    expect(numbers(statesOf(model)[0]!.cell.value)).toEqual([0.5 * (0.5 * 2) + 0.5 * 6]);
  });

  test('takes images of other sizes where its weights allow it', () => {
    const conv = conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
    const x = input([8, 8, 1]);
    const half = x.to(maxPool2d());
    const model = graph({ inputs: x, outputs: connect([x.to(conv, globalAvgPool2d()), half.to(conv, globalAvgPool2d())], add()) });
    expect(model.build([8, 8, 1], 1)).toEqual([2]);
    expect(parametersOf(model)).toHaveLength(2);
  });
});

describe('memory', () => {
  test('what a layer gives is released when its last reader has run', () => {
    const sizes: number[] = [];
    const watch = (): Layer => ({ type: 'watch', build: (shape) => shape, call: (x) => (sizes.push(memory().bytes), x.add(1)) });
    const x = input([1000]);
    const a = x.to(watch());
    const b = a.to(watch(), watch(), watch());
    const model = graph({ inputs: x, outputs: connect([a, b], add()).to(watch(), watch()) });
    use(reference());
    scope(() => {
      const given = zeros([1, 1000]);
      const before = memory();
      const y = model.call(given, new Context());
      expect(memory().tensors - before.tensors).toBe(1);
      // At each layer: its input; and the value of the skip connection until it is added.
      expect(sizes.map((bytes) => (bytes - before.bytes) / 4000)).toEqual([0, 1, 2, 2, 1, 1]);
      expect(y.dataSync()[0]).toBe(1 + 4 + 2);
    });
  });

  test('a layer that returns its input releases nothing that is still read', () => {
    const x = input([2]);
    const a = x.to(dense({ units: 2 }));
    const same = a.to(dropout({ rate: 0.5 }));
    const model = graph({ inputs: x, outputs: connect([same.to(dense({ units: 2 })), a], add()).to(dense({ units: 1 })) });
    model.build([2], 1);
    const before = memory().tensors;
    scope(() => void model.call(waves([3, 2])));
    expect(memory().tensors).toBe(before);
  });

  test('a training step leaves nothing behind but its gradients', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    const cells = parametersOf(model).map(({ cell }) => cell);
    const x = waves([2, 6, 6, 2]);
    const before = memory().tensors;
    const { gradients } = scope(() => {
      const step = valueAndGrad(
        () =>
          model
            .call(x, new Context({ training: true, seed: 1 }))
            .square()
            .sum(),
        cells,
      );
      return { gradients: step.gradients };
    });
    expect(memory().tensors - before).toBe(gradients.length);
  });

  test('a residual block may overwrite what is handed to it, never what another layer reads', () => {
    const block = () => residual([convNorm({ filters: 2, kernelSize: 3, padding: 'same' })], { activation: 'relu' });
    const x = input([4, 4, 2]);
    const a = x.to(conv2d({ filters: 2, kernelSize: 1 }));
    const read = a.to(block());
    const both = graph({ inputs: x, outputs: connect([read, a], add()) });
    both.build([4, 4, 2], 1);
    const given = waves([2, 4, 4, 2]);
    const layers = new Map(both.children());
    const z = (layers.get('conv2d1') as Layer).call(given, new Context());
    const by = numbers((layers.get('residual1') as Layer).call(z, new Context()).add(z));
    expect(numbers(scope(() => both.call(given)))).toEqual(by);
    expect(numbers(given)).toEqual(numbers(waves([2, 4, 4, 2])));
  });
});

describe('blocks that branch', () => {
  const inception = () =>
    branches({
      one: [convNorm({ filters: 2, kernelSize: 1, activation: 'relu' })],
      three: [convNorm({ filters: 1, kernelSize: 1 }), convNorm({ filters: 3, kernelSize: 3, padding: 'same' })],
      pool: [maxPool2d({ window: 3, strides: 1, padding: 'same' }), conv2d({ filters: 1, kernelSize: 1 })],
    });

  test('join what their branches give', () => {
    const block = inception();
    expect(block.build([5, 5, 2], 1)).toEqual([5, 5, 6]);
    const x = waves([2, 5, 5, 2]);
    const by = concat([...block.branches.values()].map((branch) => branch.call(x)), 3); // prettier-ignore
    expect(numbers(block.call(x))).toEqual(numbers(by));
    expect(walk(block).map(({ path }) => path).filter((path) => path.endsWith('kernel'))).toEqual(['one/convNorm1/kernel', 'three/convNorm1/kernel', 'three/convNorm2/kernel', 'pool/conv2d1/kernel']); // prettier-ignore
  });

  test.each([
    ['add', (a: Tensor, b: Tensor) => a.add(b)],
    ['multiply', (a: Tensor, b: Tensor) => a.mul(b)],
    ['average', (a: Tensor, b: Tensor) => a.add(b).mul(0.5)],
    ['maximum', (a: Tensor, b: Tensor) => largest(a, b)],
    ['concatenate', (a: Tensor, b: Tensor) => concat([a, b], 1)],
  ] as const)('%s', (merge, formula) => {
    const block = branches([[], [dense({ units: 3, activation: 'tanh' })]], merge);
    block.build([3], 1);
    const x = waves([2, 3]);
    expect(numbers(block.call(x))).toEqual(numbers(formula(x, block.branches.get('branch2')!.call(x))));
  });

  test('a dense block gives its input and what its layers add', () => {
    const layer = () => denseConnection([batchNorm({ activation: 'relu' }), conv2d({ filters: 4, kernelSize: 3, padding: 'same' })]);
    const block = sequential([layer(), layer(), layer()]);
    expect(block.build([6, 6, 3], 1)).toEqual([6, 6, 3 + 3 * 4]); // section 3 of the paper: k₀ + k (l - 1) channels before layer l
    const x = waves([2, 6, 6, 3]);
    const y = block.call(x);
    expect(numbers(y.slice([null, null, null, { end: 3 }]))).toEqual(numbers(x));
    expect(parametersOf(block)[2]!.path).toBe('denseConnection1/conv2d1/kernel');
  });

  test('gradients flow through all branches', () => {
    const block = inception();
    block.build([5, 5, 2], 1);
    const cells = parametersOf(block).map(({ cell }) => cell);
    scope(() => {
      const { gradients } = valueAndGrad(
        () =>
          block
            .call(waves([2, 5, 5, 2]), new Context({ training: true }))
            .square()
            .sum(),
        cells,
      );
      for (const gradient of gradients) expect(numbers(gradient.abs().sum())[0]).toBeGreaterThan(0);
    });
  });
});

describe('what feeds what', () => {
  test('as text', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    expect(formatSummary(summary(model, [6, 6, 2]))).toBe(
      `
layer         type         output   from           parameters   MACs
--------------------------------------------------------------------
input                      [6,6,2]
left          conv2d       [6,6,3]  input                  57  1,944
conv2d2       conv2d       [6,6,3]  input                   9    216
add1          add          [6,6,3]  left, conv2d2           0      0
concatenate1  concatenate  [6,6,5]  add1, input             0      0
flatten1      flatten      [180]    concatenate1            0      0
head          dense        [4]      flatten1              724    720
--------------------------------------------------------------------
total                                                     790  2,880
trainable 790, not trainable 0
memory: parameters 3.1 KiB, activations 2.0 KiB per example
`.trim(),
    );
  });

  test('as nodes and edges, with blocks opened', () => {
    const x = input([4, 4, 2]);
    const model = graph({
      inputs: { x },
      outputs: x.to(residual([['conv', conv2d({ filters: 2, kernelSize: 1 })]], { activation: 'relu' })),
    });
    const { nodes, edges, outputs } = graphOf(model);
    expect(nodes).toEqual([
      { id: 'input/x', path: 'input/x', type: 'input', outputShapes: [[4, 4, 2]], parameters: 0 },
      { id: 'residual1/conv', path: 'residual1/conv', type: 'conv2d', outputShapes: [[4, 4, 2]], parameters: 6 },
      { id: 'residual1/add', path: 'residual1/add', type: 'add', outputShapes: [[4, 4, 2]], parameters: 0 },
      { id: 'residual1/activation', path: 'residual1/activation', type: 'activation', outputShapes: [[4, 4, 2]], parameters: 0 },
    ]);
    expect(edges.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'input/x > residual1/conv',
      'residual1/conv > residual1/add',
      'input/x > residual1/add',
      'residual1/add > residual1/activation',
    ]);
    expect(outputs).toEqual(['residual1/activation']);
  });

  test('a sequential is a chain, and a layer alone one node', () => {
    const model = sequential([flatten(), dense({ units: 2 })]);
    model.build([2, 2], 1);
    expect(graphOf(model).edges).toEqual([
      { from: 'input', to: 'flatten1', shape: [2, 2] },
      { from: 'flatten1', to: 'dense1', shape: [4] },
    ]);
    expect(graphOf(flatten(), [2, 2]).nodes.map(({ type }) => type)).toEqual(['input', 'flatten']);
    expect(() => graphOf(flatten())).toThrow('graphOf: give the shape of one input, without the batch axis');
  });
});

describe('mistakes are answered while the graph is written:', () => {
  const x = () => input([6, 6, 2]);
  const y = (from: ReturnType<typeof x>, units = 3) => from.to(flatten(), dense({ units }));
  test.each<[string, () => unknown, string]>([
    ['branches of two sizes', () => { const a = x(); return connect([a.to(conv2d({ filters: 2, kernelSize: 3 })), a.to(conv2d({ filters: 2, kernelSize: 1 }))], concatenate()); }, 'concatenate: concatenate: its inputs are [1,4,4,2] and [1,6,6,2]; along axis -1 they join only if all other lengths are equal'],
    ['a sum of two numbers of channels', () => { const a = x(); return connect([a.to(conv2d({ filters: 2, kernelSize: 1 })), a.to(conv2d({ filters: 3, kernelSize: 1 }))], ['sum', add()]); }, 'sum: add: its inputs are [1,6,6,2] and [1,6,6,3]'],
    ['branches of a block', () => branches([[flatten()], []]).build([2, 2]), 'merge: concatenate: its inputs are [1,4] and [1,2,2]'],
    ['an image to dense without flatten', () => x().to(conv2d({ filters: 1, kernelSize: 7 })), 'conv2d: conv2d: a window of 7 by 7 does not fit into the image of [1,6,6,2]'],
    ['inside a block', () => x().to(['stage', sequential([['conv', conv2d({ filters: 1, kernelSize: 7 })]])]), 'stage/conv: conv2d: a window of 7 by 7'],
    ['one tensor to a layer of several', () => (x().to as (layer: unknown) => unknown).call(x(), add()), 'add: build: inputShape: expected a list of shapes'],
    ['a layer at two places that it does not fit', () => { const layer = dense({ units: 2 }); input([3]).to(layer); return input([4]).to(['again', layer]); }, 'again: linear: weight [3,2] expects 3 features, input [1,4] has 4; the layer has weights already, for another input'],
    ['an input that is not used', () => { const [a, b] = [x(), x()]; return graph({ inputs: { a, b }, outputs: y(a) }); }, 'graph: the input b [6,6,2] is used by no output'],
    ['an input that is missing', () => { const [a, b] = [x(), x()]; return graph({ inputs: a, outputs: connect([a, b], add()) }); }, 'graph: an output depends on an input [6,6,2] that is not among the inputs of the graph'],
    ['an output of another graph', () => graph({ inputs: x(), outputs: y(x()) }), 'graph: an output depends on an input [6,6,2] that is not among'],
    ['an input given twice', () => { const a = x(); return graph({ inputs: [a, a], outputs: y(a) }); }, 'graph: the input 1 is given twice'],
    ['two names for one layer', () => { const [a, layer] = [input([3]), dense({ units: 3 })]; return graph({ inputs: a, outputs: a.to(['one', layer], ['two', layer]) }); }, 'graph: one layer is named one and two; it needs one name'],
    ['one name for two layers', () => { const a = input([3]); return graph({ inputs: a, outputs: a.to(['one', dense({ units: 3 })], ['one', dense({ units: 3 })]) }); }, 'graph: two layers are named one'],
    ['a tensor in place of a symbol', () => connect([zeros([1, 3])] as never, add()), 'connect: 0: expected a symbolic tensor, as input([28, 28, 1]) gives it, or a list or an object of them, got a float32 tensor [1,3]'],
    ['no layer', () => x().to(), 'to: expected at least one layer'],
    ['a function for a layer', () => x().to(dense as never), 'to: expected a layer, or [name, layer], got a function'],
    ['no outputs', () => graph({ inputs: x() } as never), 'graph: outputs: expected'],
    ['a merge that there is not', () => branches([[], []], 'concat' as never), 'branches: merge concat is not known; there are concatenate, add, multiply, average, maximum'],
    ['the batch axis', () => concatenate({ axis: 0 }), 'concatenate: axis: expected an integer other than 0, the batch axis, got 0'],
  ])('%s', (_, mistake, message) => expect(mistake).toThrow(message)); // prettier-ignore

  test('a graph that was not built says so', () => {
    use(reference());
    expect(() => small().call(zeros([1, 6, 6, 2]))).toThrow(
      'graph: has no parameters yet; build the model first: model.build(model.inputShape)',
    );
  });

  test('weights that were there before are kept while a graph is written', () => {
    const features = dense({ units: 2 });
    features.build([3], 7);
    const before = numbers(features.kernel!.value);
    const x3 = input([3]);
    expect(x3.to(sequential([['features', features], dense({ units: 1 })])).shape).toEqual([1]);
    expect(numbers(features.kernel!.value)).toEqual(before);
  });
});

test('a state and a layer that fuses keep their places in a graph within a graph', () => {
  const inner = input([3]);
  const block = graph({ inputs: inner, outputs: connect([inner, inner.to(dense({ units: 3 }))], average()) });
  const outer = input([3]);
  const model = graph({ inputs: outer, outputs: outer.to(['block', block], batchNorm()) });
  model.build([3], 1);
  expect(walk(model).map(({ path, cell }) => `${path}${cell instanceof State ? ' state' : ''}`)).toEqual(['block/dense1/kernel', 'block/dense1/bias', 'batchNorm1/scale', 'batchNorm1/offset', 'batchNorm1/mean state', 'batchNorm1/variance state']); // prettier-ignore
  expect(withBackend(meta(), () => model.build([3], 1))).toEqual([3]);
});
