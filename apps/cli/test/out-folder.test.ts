import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sinapse, small, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const windows = process.platform === 'win32';

describe('a run folder that cannot be', () => {
  it('is refused before anything is trained when it is a file', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    for (const out of ['file', 'file/run']) {
      const { code, stdout, stderr } = await sinapse(...small, '--out', out);
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^sinapse: --out .* is a file, but a folder is needed\n$/);
    }
  });

  it.skipIf(windows)('is refused when it may not be written', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    chmodSync(folder, 0o755);
    const nobody = process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}; // for root there are no locks
    const { code, stderr } = await start([...small, '--out', 'locked/run'], nobody).finished;
    expect(stderr).toBe(`sinapse: --out locked/run: no permission to write in ${locked}; choose another --out\n`);
    expect(code).toBe(1);
    expect(readdirSync(locked)).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self'))('is refused where files cannot be made', async () => {
    const { code, stderr } = await sinapse(...small, '--out', '/proc/run');
    expect(stderr).toMatch(/^sinapse: --out \/proc\/run: .* \/proc; choose another --out\n$/);
    expect(code).toBe(1);
  });
});

describe('a disk that takes no more', () => {
  // A limit on the size of files stands for it: in blocks of 1024 bytes.
  it.skipIf(windows)('leaves nothing of a training that was never saved', async () => {
    const { code, stderr } = await start([...small, '--out', 'deep/er/full'], { before: 'ulimit -f 100' }).finished;
    expect(stderr).toMatch(/^sinapse: write deep\/er\/full\/checkpoint\.safetensors: .*nothing was saved yet\n$/);
    expect(code).toBe(1);
    expect(existsSync(join(folder, 'deep'))).toBe(false);
  });

  it.skipIf(windows)('leaves the last checkpoint, with which the training goes on later', async () => {
    await sinapse(...small, '--out', 'later');
    const failed = await start(['train', '--resume', '--out', 'later', '--epochs', '2', '--json'], { before: 'ulimit -f 100' }).finished;
    expect(failed.stderr).toMatch(
      /^sinapse: write later\/checkpoint\.safetensors: .*the last good state is in later\/checkpoint\.safetensors\n$/,
    );
    const { code, events } = await sinapse('train', '--resume', '--out', 'later', '--epochs', '2', '--json');
    expect(code).toBe(0);
    expect(events.map(({ event, epoch }) => [event, epoch])).toEqual([
      ['epoch', 2],
      ['done', undefined],
    ]);
  });

  it.skipIf(!existsSync('/dev/full'))('is told for standard output, too', async () => {
    const { code, stderr } = await start(['datasets'], { before: 'exec >/dev/full' }).finished;
    expect(stderr).toMatch(/^sinapse: the disk is full: standard output could not be written/);
    expect(code).toBe(1);
  });
});

describe('a run that cannot be resumed', () => {
  it.each([
    ['nowhere', 'nowhere does not exist: there is no run to resume'],
    ['empty', 'empty holds no checkpoint: there is no run to resume'],
    ['odd', 'config.json is not the settings of a run'],
    ['broken', 'checkpoint.safetensors: safetensors: '],
  ])('is refused: %s', async (out, message) => {
    if (out !== 'nowhere') mkdirSync(join(folder, out), { recursive: true });
    const config = { model: 'lenet5', dataset: 'digits', epochs: 1, batchSize: 8, optimizer: 'adam', seed: 1, backend: 'auto' };
    if (out === 'odd' || out === 'broken') writeFileSync(join(folder, out, 'checkpoint.safetensors'), 'not a checkpoint at all');
    if (out === 'odd') writeFileSync(join(folder, out, 'config.json'), '{"model": 3}');
    if (out === 'broken') writeFileSync(join(folder, out, 'config.json'), JSON.stringify(config));
    const { code, stdout, stderr } = await sinapse('train', '--resume', '--out', out, '--json');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});
