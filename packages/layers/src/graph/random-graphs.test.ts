// Graphs drawn at random give what their layers give when they are called by hand, release everything else, and are the same after they were data.

import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { Context, RandomStream, memory, parametersOf, randomKey, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import type { AnyLayer, GraphData, Layer, MergeLayer, SymbolicTensor } from '../index.ts';
import { add, average, connect, dense, dropout, flatten, graph, input, maximum, multiply, residual } from '../index.ts';

const GRAPHS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 1000 : 60;

beforeAll(() => void use(reference({ precision: 'float64', poison: true })));

/** Gives the tensor that it is given: one tensor, two values. */
const same = (): Layer => ({ type: 'same', build: (shape) => shape, call: (x) => x });

/** A graph of values [3], and the same computation by hand. */
function drawn(random: RandomStream) {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  const shared = [dense({ units: 3, activation: 'tanh' }), dense({ units: 3 })];
  const fresh = (): Layer => pick([() => dense({ units: 3, activation: 'relu' }), same, flatten, () => dropout({ rate: 0.5 }), () => residual([dense({ units: 3 })])])(); // prettier-ignore
  const inputs = Array.from({ length: 1 + random.below(2) }, () => input([3]));
  const symbols: SymbolicTensor[] = [...inputs];
  const unread = new Set<number>();
  const byHand: ((values: readonly Tensor[], context: Context) => Tensor)[] = inputs.map((_, i) => (values) => values[i]!);
  for (let step = 2 + random.below(9); step > 0; step--) {
    if (random.below(3) > 0) {
      const [i, layer] = [random.below(symbols.length), random.below(2) === 0 ? pick(shared) : fresh()];
      unread.delete(i);
      unread.add(symbols.length);
      symbols.push(symbols[i]!.to(layer));
      byHand.push((values, context) => layer.call(values[i]!, context));
    } else {
      const [from, layer] = [Array.from({ length: 1 + random.below(3) }, () => random.below(symbols.length)), pick<() => MergeLayer>([add, multiply, average, maximum])()]; // prettier-ignore
      for (const each of from) unread.delete(each);
      unread.add(symbols.length);
      symbols.push(connect(from.map((i) => symbols[i]!), layer)); // prettier-ignore
      byHand.push((values, context) => layer.call(from.map((i) => values[i]!), context)); // prettier-ignore
    }
  }
  const outputs = [...inputs.keys(), ...unread, random.below(symbols.length)]; // everything leads to an output
  const model = graph({ inputs, outputs: outputs.map((i) => symbols[i]!) });
  const run = (xs: readonly Tensor[], context: Context): Tensor[] => {
    const values: Tensor[] = [];
    for (const formula of byHand) values.push(values.length < xs.length ? xs[values.length]! : formula(values, context));
    return outputs.map((i) => values[i]!);
  };
  return { model, run, width: inputs.length };
}

const numbers = (tensors: readonly Tensor[]): number[][] => tensors.map((each) => [...each.dataSync()]);

test(`${GRAPHS} graphs`, () => {
  for (let seed = 0; seed < GRAPHS; seed++) {
    const { model, run, width } = drawn(new RandomStream(randomKey(seed).fold('graphs')));
    model.build(model.inputShape, seed);
    const xs = Array.from({ length: width }, (_, i) => tensor([[0.1, -0.2, 0.3 + i]]));
    const context = new Context();
    const before = memory().tensors;
    scope(() => {
      const ys = model.call(xs, context);
      expect(memory().tensors - before, `graph ${seed}`).toBe(new Set(ys.filter((y) => !xs.includes(y))).size);
      expect(numbers(ys), `graph ${seed}`).toEqual(numbers(run(xs, context)));
      const data = (model as AnyLayer).describe!().arguments[0] as GraphData;
      expect(numbers(graph<readonly Tensor[], readonly Tensor[]>(data).call(xs, context)), `graph ${seed}`).toEqual(numbers(ys));
    });
    const cells = parametersOf(model).map(({ cell }) => cell);
    const loss = (ys: readonly Tensor[]): Tensor => ys.map((y) => y.square().sum()).reduce((a, b) => a.add(b));
    scope(() => {
      const [byGraph, byHand] = [() => loss(model.call(xs, context)), () => loss(run(xs, context))].map((f) => valueAndGrad(f, cells).gradients); // prettier-ignore
      expect(numbers(byGraph!), `graph ${seed}`).toEqual(numbers(byHand!));
    });
    expect(memory().tensors, `graph ${seed}`).toBe(before);
  }
});
