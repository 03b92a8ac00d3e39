// The program that does what the page shows.

import type { Example, Neuron } from './neuron.ts';

/** The most examples that are written out. */
const MOST_EXAMPLES = 12;

const functions = { step: 'step(s)', linear: 's', sigmoid: 'sigmoid(s)' } as const;

export function neuronCode({ activation }: Neuron, examples: readonly Example[], rate: number): string {
  const names = ['add', 'matmul', 'mul', 'sub', 'tensor', 'use', ...(activation === 'linear' ? [] : [activation])].sort();
  return [
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { ${names.join(', ')} } from '@sinapse/core';`,
    '',
    'use(await cpu());',
    'const examples = [',
    ...examples
      .slice(0, MOST_EXAMPLES)
      .map(({ x, target }) => `  { x: [[${x.map((value) => Number(value.toFixed(3))).join(', ')}]], t: ${target} },`),
    '];',
    `let w = tensor([[0, 0]]);`,
    'let b = tensor([[0]]);',
    'for (let pass = 0; pass < 50; pass++)',
    '  for (const { x, t } of examples) {',
    '    const s = add(matmul(tensor(x), w.transpose()), b);',
    `    const y = ${functions[activation]};`,
    `    const change = mul(sub(t, y), ${rate});`,
    '    w = add(w, mul(change, tensor(x)));',
    '    b = add(b, change);',
    '  }',
    'console.log(...(await w.data()), ...(await b.data()));',
    '',
  ].join('\n');
}
