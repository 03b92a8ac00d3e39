// docs/layers.md names every layer, activation and initialiser, and its examples compile and give what it says.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { activationNames, allLayers, constraintNames, initializers } from '@sinapse/layers';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/layers.md'), 'utf8');

/** The cells of the rows of the tables whose rows have so many cells and begin with code. */
const rows = (cells: number): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll(/^`|`$/g, '')),
    ) // prettier-ignore
    .filter(({ length }) => length === cells);

const layers = rows(4).map(([call, , from, to]) => ({ call: call!, from: from!, to: to! }));
const activations = rows(3).map(([option, , values]) => ({ option: option!, values: values! }));
const initialisers = rows(2).flatMap(([call]) => (call!.startsWith('initializers.') ? [call!] : []));

const firstName = (text: string): string => /\w+/.exec(text)![0];
const nameOf = (option: string): string => /'(\w+)'/.exec(option)![1]!;

/** Compiles and runs a program; returns what it prints last. */
function run(name: string, code: string): string {
  const { javascript } = compileGuide(name, code);
  return execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' }).trim();
}

test('every layer, activation, initialiser and constraint has a row, and only they', () => {
  expect(layers.map(({ call }) => firstName(call)).sort()).toEqual(Object.keys(allLayers).sort());
  expect(activations.map(({ option }) => nameOf(option)).sort()).toEqual([...activationNames].sort());
  expect(initialisers.map((call) => firstName(call.slice('initializers.'.length))).sort()).toEqual(Object.keys(initializers).sort());
  for (const name of constraintNames) expect(page).toContain(`'${name}'`);
});

test('the examples of the tables give what they say', { timeout: 120_000 }, () => {
  const code = [
    `import { use, tensor } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { initializers, input, ${Object.keys(allLayers).join(', ')} } from '@sinapse/layers';`,
    `use(await cpu({ engine: 'reference' }));`,
    `const image = input([4, 4, 1]);`,
    `const shapes: unknown[] = [`,
    ...layers.map(({ call, from }) => `  ${call}.build(${from}),`),
    `];`,
    `const values = [`,
    ...activations.map(({ option }) => `  activation(${option}).call(tensor([[-1, 1]])).dataSync(),`),
    `].map((each) => Array.from(each));`,
    ...initialisers.map((call) => `dense({ units: 2, kernelInitializer: ${call} }).build([3]);`),
    `console.log(JSON.stringify({ shapes, values }));`,
  ].join('\n');
  const { shapes, values } = JSON.parse(run('layers-tables', code)) as { shapes: unknown[]; values: number[][] };
  layers.forEach(({ call, to }, i) => expect({ call, gives: shapes[i] }).toEqual({ call, gives: JSON.parse(to) as unknown }));
  const figures = values.map((each) => each.map((value) => Number(value.toPrecision(5))).join(', '));
  activations.forEach(({ option, values: said }, i) => expect({ option, gives: figures[i] }).toEqual({ option, gives: said }));
});

test('the programs of the page', { timeout: 120_000 }, () => {
  const printed = run('layers', codeBlocks('docs/layers.md', 'layers'));
  expect(printed).toContain('[ 1, 3, 8 ]');
  expect(printed).toContain('[ 5, 10 ]');
  expect(Number(/loss with penalties ([\d.]+)/.exec(printed)?.[1])).toBeLessThan(0.1);
});
