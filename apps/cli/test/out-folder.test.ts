import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  it.skipIf(windows)('is refused when its links go round in a circle', async () => {
    symlinkSync('two', join(folder, 'one'));
    symlinkSync('one', join(folder, 'two'));
    const { code, stderr } = await sinapse(...small, '--out', 'one');
    expect(stderr).toBe(`sinapse: ${join(folder, 'one')} leads nowhere: its symbolic links go round in a circle\n`);
    expect(code).toBe(1);
  });

  it.each(['model.safetensors', 'checkpoint.safetensors', 'config.json', 'history.jsonl', 'sample.png'])(
    'is refused before anything is trained when its %s is a folder',
    async (file) => {
      const out = join('taken', file);
      mkdirSync(join(folder, out, file), { recursive: true });
      const { code, stdout, stderr } = await sinapse(...small, '--out', out);
      expect(stderr).toBe(
        `sinapse: --out ${out}: ${join(out, file)} is a folder, but a file is to be written there; choose another --out\n`,
      );
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(readdirSync(join(folder, out))).toEqual([file]);
    },
  );

  it('is refused before a run goes on when the path of its model is taken', async () => {
    await sinapse(...small, '--out', 'blocked');
    rmSync(join(folder, 'blocked/model.safetensors'));
    mkdirSync(join(folder, 'blocked/model.safetensors'));
    const { code, stdout, stderr } = await sinapse('train', '--resume', '--out', 'blocked', '--epochs', '2', '--json');
    expect(stderr).toContain(`${join('blocked', 'model.safetensors')} is a folder`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it.skipIf(windows)('is refused when it may not be written', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    chmodSync(folder, 0o755);
    const nobody = process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}; // permissions do not bind root
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
  // A limit on the size of files, in blocks of 1024 bytes, imitates a full disk.
  it.skipIf(windows)('leaves nothing of a training that was never saved', async () => {
    const { code, stderr } = await start([...small, '--out', 'deep/er/full'], { before: 'ulimit -f 100' }).finished;
    expect(stderr).toMatch(/^sinapse: write deep\/er\/full\/checkpoint\.safetensors: the file would be larger .*nothing was saved yet\n$/);
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
    ['broken', 'checkpoint.safetensors: safetensors: '],
  ])('is refused: %s', async (out, message) => {
    if (out !== 'nowhere') mkdirSync(join(folder, out), { recursive: true });
    if (out === 'broken') writeRun(out, JSON.stringify(config));
    const { code, stdout, stderr } = await sinapse('train', '--resume', '--out', out, '--json');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  // Anybody may have edited the file. The checkpoint beside it is wrong too, but is read later.
  it.each([
    ['', 'it is not JSON'],
    ['[]', 'it is not the settings of a run'],
    ['{"model": 3}', 'model: expected a word that is not empty, got 3'],
    [{ epochs: 0 }, 'epochs: expected an integer from 1 to 1,000,000, got 0'],
    [{ epochs: '2' }, 'epochs: expected an integer from 1 to 1,000,000, got "2"'],
    [{ batchSize: 1e6 }, 'batchSize: expected an integer from 1 to 65,536, got 1000000'],
    [{ seed: -1 }, 'seed: expected an integer from 0 to 9,007,199,254,740,991, got -1'],
    [{ seed: undefined }, 'seed: expected an integer from 0 to 9,007,199,254,740,991, but it is missing'],
    [{ learningRate: 0 }, 'learningRate: expected a finite number > 0'],
    [{ trainLimit: 1.5 }, 'trainLimit: expected an integer'],
    [{ testLimit: null }, 'testLimit: expected an integer from 1 to 1,000,000, got null'],
    [{ dataDir: ' ' }, 'dataDir: expected a word that is not empty, got " "'],
    [{ batchsize: 8 }, 'batchsize is no setting of a run; did you mean batchSize?'],
    ['{"__proto__": 1}', '__proto__ is no setting of a run'],
    [{ model: 'lent5' }, 'there is no model "lent5"; did you mean lenet5?'],
    [{ dataset: 'digit' }, 'there is no data set "digit"; did you mean digits?'],
    [{ optimizer: 'adma' }, 'there is no optimizer "adma"; did you mean adam?'],
    [{ backend: 'abacus' }, 'there is no backend "abacus"; there are auto, '],
  ])('is refused for its settings: %j', async (change, message) => {
    writeRun('edited', typeof change === 'string' ? change : JSON.stringify({ ...config, ...change }));
    const { code, stdout, stderr } = await sinapse('train', '--resume', '--out', 'edited');
    expect(stderr).toContain(`sinapse: ${join('edited', 'config.json')}: ${message}`);
    expect(stderr).toContain('(mend it there, or begin a new run in another --out)');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});

const config = {
  model: 'lenet5',
  dataset: 'digits',
  epochs: 1,
  batchSize: 8,
  optimizer: 'adam',
  schedule: 'cooldown',
  seed: 1,
  backend: 'auto',
};

function writeRun(out: string, settings: string): void {
  mkdirSync(join(folder, out), { recursive: true });
  writeFileSync(join(folder, out, 'checkpoint.safetensors'), 'not a checkpoint at all');
  writeFileSync(join(folder, out, 'config.json'), settings);
}
