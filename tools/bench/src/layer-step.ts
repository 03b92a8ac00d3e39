// What layers cost: a step of LeNet-5 through them, and the same step written in core's ops on the same parameters, in turns.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { Context, conv2d, linear, maxPool2d, parametersOf, randomUniform, reshape, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { lenet5 } from '@sinapse/zoo';

const BATCH = 64;
const ROUNDS = 60;
const WARM = 10;

/** Prints the medians of both steps and their ratio. */
export async function printLayerStep(): Promise<void> {
  const backend = use(await cpu());
  const model = lenet5({ activation: 'relu', pooling: 'max' });
  model.build([28, 28, 1], 1);
  const byPath = new Map(parametersOf(model).map(({ path, cell }) => [path, cell]));
  const cells = [...byPath.values()];
  const at = (path: string): Tensor => byPath.get(path)!.value;
  const x = randomUniform([BATCH, 28, 28, 1], { seed: 1 });
  const y = tensor(
    Array.from({ length: BATCH }, (_, i) => i % 10),
    { dtype: 'int32' },
  );

  const fused = { activation: 'relu' } as const;
  const inOps = (): Tensor => {
    const first = maxPool2d(conv2d(x, at('conv1/kernel'), { padding: 'same', bias: at('conv1/bias'), ...fused }), { window: 2 });
    const second = maxPool2d(conv2d(first, at('conv2/kernel'), { bias: at('conv2/bias'), ...fused }), { window: 2 });
    const flat = reshape(second, [BATCH, 400]);
    const hidden = linear(linear(flat, at('dense1/kernel'), at('dense1/bias'), fused), at('dense2/kernel'), at('dense2/bias'), fused);
    return linear(hidden, at('dense3/kernel'), at('dense3/bias'));
  };
  const inLayers = (): Tensor => model.call(x, new Context({ training: true, seed: 1 }));

  const stepOf = (forward: () => Tensor): (() => number) => {
    const optimizer = adam();
    return () => {
      const start = performance.now();
      scope(() => {
        const { value, gradients } = valueAndGrad(() => softmaxCrossEntropy(forward(), y), cells);
        optimizer.step(cells, gradients);
        value.dataSync();
      });
      return performance.now() - start;
    };
  };
  const [ops, layers] = [stepOf(inOps), stepOf(inLayers)];
  const times: [number, number][] = [];
  for (let round = 0; round < WARM + ROUNDS; round++) {
    const pair: [number, number] = round % 2 === 0 ? [ops(), layers()] : ([layers(), ops()].reverse() as [number, number]);
    if (round >= WARM) times.push(pair);
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const ratio = median(times.map(([a, b]) => b / a));
  const [inOpsTime, inLayersTime] = [0, 1].map((i) => median(times.map((pair) => pair[i]!)).toFixed(2));
  console.log(`LeNet-5, a step of ${BATCH} images on ${backend.info.engine.split(' ')[0]}, milliseconds`);
  console.log(`core ops ${inOpsTime}  layers ${inLayersTime}  ratio ${ratio.toFixed(3)}`);
  await backend.close();
}
