// `sinapse new`: the project runs, has types, and stands alone; what cannot be a project is refused before anything is written.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const inFolder = (cwd: string, program: string, ...args: string[]) => execFileSync(program, args, { cwd, encoding: 'utf8' });

describe('new', () => {
  it('makes a project that trains a network, type-checks, and installs again without the clone or a network', async () => {
    const project = join(folder, 'my-project');
    const { code, events } = await start(['new', 'my-project', '--json'], { cwd: folder }).finished;
    expect(code).toBe(0);
    expect(events).toEqual([{ event: 'project', folder: project }]);
    expect(readdirSync(folder)).toEqual(['my-project']);
    expect(readdirSync(project).sort()).toEqual(
      [
        '.gitignore',
        'README.md',
        'data',
        'node_modules',
        'own-table.js',
        'package-lock.json',
        'package.json',
        'run.yaml',
        'train.js',
        'tsconfig.json',
        'vendor',
      ].sort(),
    );
    expect(statSync(project).mode & 0o777).toBe(0o777 & ~process.umask());
    expect(readFileSync(join(project, 'README.md'), 'utf8')).toMatch(/^# my-project\n/);

    const result = /reads ([\d.]+) % .*/.exec(inFolder(project, 'npm', 'start'))!;
    expect(Number(result[1])).toBeGreaterThan(80);
    expect(Number(/foresees fruit in (\d+) %/.exec(inFolder(project, process.execPath, 'own-table.js'))![1])).toBeGreaterThan(80);
    const { stdout: settings } = await sinapse('train', '--config', join(project, 'run.yaml'), '--print-config');
    expect(settings).toContain('target: fruit');
    inFolder(project, process.execPath, compiler); // throws when a type is wrong
    writeFileSync(join(project, 'wrong.js'), "import { lenet5 } from '@sinapse/zoo';\nlenet5({ klasses: 10 });\n");
    expect(() => inFolder(project, process.execPath, compiler)).toThrow('tsc'); // so the types are those of the packages

    inFolder(project, 'npm', 'ci', '--offline', '--cache', join(folder, 'empty-cache'), '--no-audit', '--no-fund');
    expect(inFolder(project, 'npm', 'start')).toContain(result[0]);
  });

  it('leaves nothing when it is interrupted', async () => {
    const parent = join(folder, 'interrupted');
    mkdirSync(parent);
    const running = start(['new', 'project'], { cwd: parent });
    await running.says('packing');
    running.process.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each([
    ['My Project', "new: a project's name has up to 100 of a-z, 0-9, -, _ and ., got 'My Project'; e.g. my-project"],
    ['..', "got '"],
    ['.', "got '"],
    ['node_modules', 'e.g. node-modules'],
    ['con', "got 'con'; e.g. my-project"],
    ['$(touch x)', "got '$(touch x)'; e.g. touch-x"],
    ['x"; rm -rf', 'e.g. x-rm-rf'],
    ['a'.repeat(300), "a'; e.g. aaa"],
    ['.hidden', 'e.g. hidden'],
    ['人', 'e.g. my-project'],
    ['no/such/project', 'new: the folder no/such does not exist'],
  ])('refuses %j', async (name, message) => {
    const { code, stderr } = await sinapse('new', name);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a folder that holds something, and a file; it takes an empty folder', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/mine.txt'), 'mine');
    writeFileSync(join(folder, 'file'), 'mine');
    expect((await sinapse('new', 'full')).stderr).toContain('new: the folder full is not empty; give the name of a new one');
    expect((await sinapse('new', 'file')).stderr).toContain('new: file is a file; give the name of a new folder');
    expect(readdirSync(join(folder, 'full'))).toEqual(['mine.txt']);
    mkdirSync(join(folder, 'empty'));
    const running = start(['new', 'empty'], { cwd: folder });
    await running.says('packing'); // so it is taken
    if (!full) {
      running.process.kill('SIGINT');
      await running.finished;
      return;
    }
    expect((await running.finished).code).toBe(0);
    expect(readdirSync(join(folder, 'empty'))).toContain('train.js');
  });
});
