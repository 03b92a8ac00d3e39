// docs/losses.md names every loss, and its examples compile and give their results.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as losses from '@sinapse/layers/losses';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/losses.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` +\| .+? +\| `(.+?)` +\| `float32 \[\] (.+?)` +\|$/gm)].map(([, loss, example, result]) => ({
  loss: loss!,
  example: example!,
  result: result!,
}));

test('every loss has a row whose example calls it', () => {
  const names = Object.keys(losses).filter((name) => !name.endsWith('Penalty'));
  expect(rows.map(({ loss }) => loss).sort()).toEqual(names.sort());
  expect(rows.filter(({ loss, example }) => !example.startsWith(`${loss}(`))).toEqual([]);
  for (const name of Object.keys(losses)) expect(page).toContain(`\`${name}`);
});

test('the examples give their results', { timeout: 120_000 }, () => {
  const code = [
    `import { use, tensor } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { ${rows.map(({ loss }) => loss).join(', ')} } from '@sinapse/layers/losses';`,
    `use(await cpu({ engine: 'reference' }));`,
    `const int = { dtype: 'int32' } as const;`,
    `const results = [${rows.map(({ example }) => example).join(', ')}];`,
    'console.log(JSON.stringify(results.map((each) => each.dataSync()[0]!.toFixed(4))));',
  ].join('\n');
  const { javascript } = compileGuide('losses', code);
  const printed = JSON.parse(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' })) as string[];
  expect(rows.map(({ loss }, i) => [loss, printed[i]])).toEqual(rows.map(({ loss, result }) => [loss, result]));
});
