// npm run bench:models: what a model costs beside its arithmetic: writing, building and calling ResNet-50 on shapes alone, as `sequential` and as `graph`;
// and a step of LeNet-5 through layers beside the same step in core's ops.

import { meta, scope, use, zeros } from '@sinapse/core';
import type { Layer, SymbolicTensor } from '@sinapse/layers';
import { activation, add, connect, convNorm, dense, globalAvgPool2d, graph, input, maxPool2d } from '@sinapse/layers';
import { resnet50 } from '@sinapse/zoo';
import { printLayerStep } from './layer-step.ts';

if (process.argv.length > 2) {
  console.error(`bench:models takes no arguments, got ${process.argv.slice(2).join(' ')}`);
  process.exit(2);
}

const WARM = 5;
const ROUNDS = 30;
const SHAPE = [224, 224, 3] as const;

use(meta());

const conv = (filters: number, kernelSize: number, strides = 1, last: 'relu' | 'linear' = 'relu') =>
  convNorm({ filters, kernelSize, strides, padding: (kernelSize - 1) / 2, activation: last });

/** A bottleneck block, written as a graph. */
function bottleneck(x: SymbolicTensor, width: number, strides: number, projects: boolean): SymbolicTensor {
  const branch = x.to(conv(width, 1, strides), conv(width, 3), conv(4 * width, 1, 1, 'linear'));
  return connect([branch, projects ? x.to(conv(4 * width, 1, strides, 'linear')) : x], add(), activation('relu'));
}

function asGraph(): Layer {
  const x = input(SHAPE);
  let y = x.to(conv(64, 7, 2), maxPool2d({ window: 3, strides: 2, padding: 1 }));
  for (const [stage, blocks] of [3, 4, 6, 3].entries())
    for (let i = 0; i < blocks; i++) y = bottleneck(y, 64 * 2 ** stage, stage > 0 && i === 0 ? 2 : 1, i === 0);
  return graph({ inputs: x, outputs: y.to(globalAvgPool2d(), dense({ units: 1000 })) });
}

/** The milliseconds of processor time that something takes, on the mean of many rounds, after a few that are not counted: what a busy machine does not change. */
function milliseconds(work: () => void): number {
  for (let round = 0; round < WARM; round++) work();
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ROUNDS;
}

console.log('ResNet-50 on shapes alone, milliseconds of processor time');
for (const [name, make] of [
  ['sequential', resnet50],
  ['graph', asGraph],
] as const) {
  // prettier-ignore
  let model!: Layer;
  const written = milliseconds(() => void (model = make()));
  const built = milliseconds(() => void model.build(SHAPE, 1));
  const x = zeros([1, ...SHAPE]);
  const called = milliseconds(() => scope(() => void model.call(x, undefined as never)));
  console.log(
    `${name.padEnd(10)}  write ${written.toFixed(1)}  build ${built.toFixed(1)}  call ${called.toFixed(1)}  together ${(written + built + called).toFixed(1)}`,
  );
}

await printLayerStep();
