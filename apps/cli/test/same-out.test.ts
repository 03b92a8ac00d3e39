// Two trainings that want the same folder at the same moment.

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sinapse, small, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const rounds = process.env['SINAPSE_TEST_TIER'] === 'full' ? 24 : 2;

/** Two command lines at once, which must end with one success and one refusal. */
async function oneOfTwo(args: readonly string[]): Promise<void> {
  const ended = await Promise.all([args, args].map((each) => start(each).finished));
  expect(ended.map(({ code }) => code ?? NaN).sort((a, b) => a - b)).toEqual([0, 1]);
  expect(ended.find(({ code }) => code === 1)!.stderr).toMatch(/^sinapse: .*(another training|already holds a run).*\n$/);
}

describe('of two trainings with one --out at the same moment, one is refused and the other one is whole:', () => {
  it.each([['a new folder'], ['an empty folder']])('%s', async (kind) => {
    for (let round = 0; round < rounds; round++) {
      const out = `${kind.replaceAll(' ', '-')}-${round}`;
      if (kind === 'an empty folder') mkdirSync(join(folder, out));
      await oneOfTwo([...small, '--seed', String(round), '--out', out]);
      const files = ['checkpoint.safetensors', 'config.json', 'history.jsonl', 'model.safetensors'];
      expect(readdirSync(join(folder, out)).sort()).toEqual(files);
      const { code } = await sinapse('evaluate', join(out, 'model.safetensors'), '--dataset', 'digits', '--test-limit', '20', '--json');
      expect(code).toBe(0);
    }
  });

  it('a run to resume', async () => {
    await sinapse(...small, '--out', 'resumed');
    const long = ['train', '--resume', '--out', 'resumed', '--epochs', '40', '--json'];
    const first = start(long);
    await first.says('"event":"epoch"');
    const second = await start(long).finished;
    expect(second.stderr).toMatch(/another training writes there \(process \d+\)/);
    expect(second.code).toBe(1);
    expect((await first.finished).code).toBe(0);
  });
});

it('a folder whose training was killed is free again', async () => {
  const killed = start([...small, '--epochs', '1000', '--out', 'killed']);
  await killed.says('"event":"epoch"');
  killed.process.kill('SIGKILL');
  await killed.finished;
  expect(existsSync(join(folder, 'killed/training.lock'))).toBe(true);
  const going = start(['train', '--resume', '--out', 'killed', '--json']);
  await going.says('"event":"epoch"');
  going.process.kill('SIGKILL');
  await going.finished;
});
