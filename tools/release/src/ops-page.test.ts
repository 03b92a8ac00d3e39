// docs/ops.md names every op and transform that core exports, and its examples compile and give their results.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@sinapse/core';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

interface Row {
  readonly op: string;
  readonly example: string;
  readonly result: string;
}

const page = readFileSync(join(repository, 'docs/ops.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` +\| .+? +\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(
  ([, op, example, result]) => ({ op, example, result }) as Row,
);

/** What authors of ops, optimizers and backends build with; other pages show it. */
const FOR_AUTHORS: ReadonlySet<string> = new Set(['adamStep', 'apply', 'makerOn', 'ruleFromLowering', 'sgdStep']);

test('every op and transform of core has a row, and only they', () => {
  const index = readFileSync(join(repository, 'packages/core/src/index.ts'), 'utf8');
  const exports = index.matchAll(/^export \{([^}]*)\} from '\.\/(?:ops|fused|autodiff|batching|tensor\/creation)\b/gm);
  const exported = new Map<string, unknown>(Object.entries(core));
  const isForUsers = (name: string): boolean => typeof exported.get(name) === 'function' && !FOR_AUTHORS.has(name);
  const names = [...exports].flatMap(([, list]) => list!.match(/\w+/g) ?? []).filter(isForUsers);
  expect(names.length).toBeGreaterThan(150);
  expect(rows.map(({ op }) => op).sort()).toEqual(names.sort());
});

test('the example of a row calls its op', () => {
  expect(rows.filter(({ op, example }) => !new RegExp(`\\b${op}\\(`).test(example))).toEqual([]);
});

/** A text with its numbers rounded to 5 digits, as the last ones depend on the machine. */
const rounded = (text: string): string => text.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => Number(number).toPrecision(5));

test('the examples give their results', { timeout: 120_000 }, () => {
  const names = Object.keys(core).filter((name) => rows.some(({ example }) => new RegExp(`\\b(?<!\\.)${name}\\(`).test(example)));
  const code = [
    `import type { Tensor } from '@sinapse/core';`,
    `import { use, ${names.join(', ')} } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    `use(await cpu({ engine: 'reference' }));`,
    `const int = { dtype: 'int32' } as const;`,
    'const results: unknown[] = [',
    ...rows.map(({ example }) => `  ${example},`),
    '];',
    'console.log(JSON.stringify(results.map((each) => (Array.isArray(each) ? JSON.stringify(each) : String(each)))));',
  ].join('\n');
  const { javascript } = compileGuide('ops', code);
  const printed = JSON.parse(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' })) as string[];
  const given = printed.map((text, i) => ({ op: rows[i]!.op, result: rounded(text.replace(/\s+/g, ' ')) }));
  expect(given).toEqual(rows.map(({ op, result }) => ({ op, result: rounded(result) })));
});
