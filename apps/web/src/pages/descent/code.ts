// The program that does what the page shows, with its first walker.

import type { DescentState } from './state.ts';
import type { SurfaceName, WalkerName } from './surfaces.ts';
import { MOMENTUM, STEPS } from './surfaces.ts';

/** Each surface in ops, and the ops it needs. */
const surfaces: Readonly<Record<SurfaceName, readonly [expression: string, names: readonly string[]]>> = {
  bowl: ['add(square(x), square(y))', ['add', 'square']],
  ravine: ['add(square(x), mul(square(y), 25))', ['add', 'mul', 'square']],
  saddle: ['add(sub(square(x), square(y)), mul(square(square(y)), 1 / 8))', ['add', 'mul', 'square', 'sub']],
  rosenbrock: ['add(square(sub(1, x)), mul(square(sub(y, square(x))), 100))', ['add', 'mul', 'square', 'sub']],
  minima: ['add(add(square(x), square(y)), mul(sub(sub(2, cos(mul(x, 4))), cos(mul(y, 4))), 3))', ['add', 'cos', 'mul', 'square', 'sub']],
};

function optimizer(name: WalkerName, rate: number): [expression: string, import_: string] {
  switch (name) {
    case 'sgd':
      return [`sgd({ learningRate: ${rate} })`, 'sgd'];
    case 'momentum':
      return [`sgd({ learningRate: ${rate}, momentum: ${MOMENTUM} })`, 'sgd'];
    case 'mean':
      return [`sgd({ learningRate: (1 - ${MOMENTUM}) * ${rate}, momentum: ${MOMENTUM} })`, 'sgd'];
    case 'nesterov':
      return [`sgd({ learningRate: ${rate}, momentum: ${MOMENTUM}, nesterov: true })`, 'sgd'];
    case 'adam':
      return [`adam({ learningRate: ${rate} })`, 'adam'];
  }
}

export function descentCode({ surface, start, rate, walkers }: DescentState): string {
  const [expression, names] = surfaces[surface];
  const [made, import_] = optimizer(walkers[0]!, rate);
  return [
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { ${['Parameter', ...[...names, 'tensor', 'use', 'valueAndGrad'].sort()].join(', ')} } from '@sinapse/core';`,
    `import { ${import_} } from '@sinapse/optimizers';`,
    '',
    'use(await cpu());',
    `const height = (x, y) => ${expression};`,
    `const place = new Parameter(tensor([${start.map((value) => Number(value.toFixed(2))).join(', ')}]));`,
    `const optimizer = ${made};`,
    `for (let step = 0; step < ${STEPS}; step++) {`,
    '  const at = () => height(place.value.slice([0]), place.value.slice([1]));',
    '  const { gradients } = valueAndGrad(at, [place]);',
    '  optimizer.step([place], gradients);',
    '}',
    'console.log(...(await place.value.data()));',
    '',
  ].join('\n');
}
