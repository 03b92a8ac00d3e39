import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { binary, sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const bytes = (...path: string[]) => readFileSync(join(folder, ...path));

/** Long enough to be interrupted, short enough to be finished. */
const training = ['train', '--quick-start', '--train-limit', '96', '--test-limit', '20', '--batch-size', '8', '--epochs', '3', '--json'];

beforeAll(async () => {
  await sinapse(...training, '--out', 'whole');
});

describe('a training that is interrupted', () => {
  it.each([
    ['SIGINT', 'interrupt'],
    ['SIGTERM', 'terminate'],
  ] as const)('by %s saves a checkpoint, says how to go on, and goes on to the same model', async (signal, out) => {
    const running = start([...training, '--out', out]);
    await running.says('"epoch":1'); // interrupts the second epoch
    running.process.kill(signal);
    const { code, stderr, events } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(
      new RegExp(
        `\\nsinapse: interrupted; .* ${out}/checkpoint\\.safetensors\\nsinapse: to go on: .*main\\.js train --resume --out ${out}\\n$`,
      ),
    );
    expect(events.at(-1)).toMatchObject({ event: 'interrupted', checkpoint: `${out}/checkpoint.safetensors` });
    expect(readdirSync(join(folder, out)).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'history.jsonl']);

    const resumed = await sinapse('train', '--resume', '--out', out, '--json');
    expect(resumed.code).toBe(0);
    expect(resumed.events.at(-1)).toMatchObject({ event: 'done' });
    expect(bytes(out, 'model.safetensors')).toEqual(bytes('whole/model.safetensors'));
  });

  it('twice leaves at once, with whole files', async () => {
    const running = start([...training, '--epochs', '100', '--out', 'twice']);
    await running.says('"epoch":2');
    running.process.kill('SIGINT');
    await running.says('once more to leave at once');
    running.process.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    const resumed = start(['train', '--resume', '--out', 'twice', '--json']);
    await resumed.says('"event":"epoch"');
    resumed.process.kill('SIGINT');
    expect((await resumed.finished).code).toBe(130);
  });

  it('by a kill goes on from the last epoch', async () => {
    const running = start([...training, '--out', 'killed']);
    await running.says('"epoch":2');
    running.process.kill('SIGKILL');
    await running.finished;
    const resumed = await sinapse('train', '--resume', '--out', 'killed', '--json');
    expect(resumed.code).toBe(0);
    expect(bytes('killed/model.safetensors')).toEqual(bytes('whole/model.safetensors'));
    expect(readdirSync(join(folder, 'killed')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('before the first step leaves nothing', async () => {
    const running = start(['train', '--quick-start', '--train-limit', '200000', '--out', 'early']);
    setTimeout(() => running.process.kill('SIGINT'), 700); // the data is being made
    const { code } = await running.finished;
    expect(code === 130 || code === null).toBe(true); // null: ended by the signal itself, before anything was loaded
    expect(existsSync(join(folder, 'early'))).toBe(false);
  });
});

describe('output that nobody reads any more', () => {
  it.each([
    ['datasets', ['datasets']],
    ['a training', [...training, '--epochs', '50', '--out', 'unread']],
  ])('ends %s quietly', async (_, args) => {
    const words = args.map((word) => `'${word}'`).join(' ');
    const child = spawn('bash', ['-c', `'${process.execPath}' '${binary}' ${words} | head -1; echo "codes \${PIPESTATUS[@]}"`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^.+\ncodes 0 0\n$/);
  });
});
