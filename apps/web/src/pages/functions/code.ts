// The program that does what the page shows.

import type { FunctionName } from './functions.ts';

export function functionsCode(name: FunctionName, x: number, scores: readonly number[], target: number): string {
  const linear = name === 'linear';
  const names = ['grad', 'softmax', 'softmaxCrossEntropy', 'sum', 'tensor', 'use', ...(linear ? [] : [name])].sort();
  return [
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { ${names.join(', ')} } from '@sinapse/core';`,
    '',
    'use(await cpu());',
    `const f = (x) => ${linear ? 'x' : `${name}(x)`};`,
    `const x = tensor([${Number(x.toFixed(2))}]);`,
    'const slope = grad((input) => sum(f(input)));',
    'console.log(await f(x).data(), await slope(x).data());',
    '',
    `const scores = tensor([[${scores.join(', ')}]]);`,
    `const right = tensor([${target}], { dtype: 'int32' });`,
    'const loss = (input) => sum(softmaxCrossEntropy(input, right));',
    'console.log(await softmax(scores).data(), await loss(scores).data(), await grad(loss)(scores).data());',
    '',
  ].join('\n');
}
