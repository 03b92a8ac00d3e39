// At every moment the complete old file or the complete new one exists.

import { spawnSync } from 'node:child_process';
import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TrainingError } from '../errors.ts';
import type { FileOperations } from './write-file-atomic.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await nodeFiles.mkdtemp(join(tmpdir(), 'sinapse-write-'));
  path = join(folder, 'model.safetensors');
});
afterEach(() => nodeFiles.rm(folder, { recursive: true, force: true }));

const text = (value: string) => new TextEncoder().encode(value);
const systemError = (code: string) => Object.assign(new Error(`${code}: as the system says, write`), { code });

type Step = 'readdir' | 'open' | 'write' | 'sync' | 'close' | 'rename';

/** The real file operations; each is logged, and one of them fails. */
function observed(log: string[], failing?: Step, code = 'ENOSPC', half = false): FileOperations {
  const at = (step: Step, subject: string) => {
    log.push(`${step} ${subject}`);
    if (step === failing) throw systemError(code);
  };
  const shown = (name: unknown) => (String(name) === folder ? 'folder' : String(name) === path ? 'target' : 'temporary');
  return {
    ...nodeFiles,
    readdir: (async (name: string) => (at('readdir', shown(name)), nodeFiles.readdir(name))) as unknown as FileOperations['readdir'],
    rename: async (from, to) => (at('rename', `${shown(from)} to ${shown(to)}`), nodeFiles.rename(from, to)),
    async open(name, flags) {
      at('open', shown(name));
      const handle = await nodeFiles.open(name, flags);
      const subject = shown(name);
      return new Proxy(handle, {
        get(target, member) {
          if (member === 'writeFile') {
            return async (bytes: Uint8Array) => {
              if (half) await target.writeFile(bytes.subarray(0, bytes.length >> 1)); // the part that fits on a full disk
              at('write', subject);
              await target.writeFile(bytes);
            };
          }
          if (member === 'sync') return async () => (at('sync', subject), target.sync());
          if (member === 'close') return async () => (await target.close(), at('close', subject));
          const value: unknown = Reflect.get(target, member);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    },
  };
}

describe('writeFileAtomic', () => {
  test('writes a new file and replaces an old one, of any size', async () => {
    for (const size of [0, 1, 5_000_000]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
      await writeFileAtomic(path, bytes);
      expect((await nodeFiles.readFile(path)).equals(bytes)).toBe(true);
      expect(await nodeFiles.readdir(folder)).toEqual(['model.safetensors']);
    }
  });

  test('flushes the bytes before the rename, and the rename after it', async () => {
    const log: string[] = [];
    await writeFileAtomic(path, text('new'), observed(log));
    expect(log).toEqual([
      'readdir folder',
      'open temporary',
      'write temporary',
      'sync temporary',
      'close temporary',
      'rename temporary to target',
      'open folder',
      'sync folder',
      'close folder',
    ]);
  });

  test.each<Step>(['readdir', 'open', 'write', 'sync', 'close', 'rename'])(
    'leaves the old file as it is when the disk is full at %s',
    async (step) => {
      await nodeFiles.writeFile(path, 'old');
      const log: string[] = [];
      await expect(writeFileAtomic(path, text('new'), observed(log, step, 'ENOSPC', true))).rejects.toThrow(
        new TrainingError(`write ${path}: no space left for 3 bytes; the old file, if there was one, is untouched`, {
          cause: systemError('ENOSPC'),
        }),
      );
      expect(await nodeFiles.readFile(path, 'utf8')).toBe('old');
      expect(await nodeFiles.readdir(folder)).toEqual(['model.safetensors']);
      await writeFileAtomic(path, text('new'));
      expect(await nodeFiles.readFile(path, 'utf8')).toBe('new');
    },
  );

  test('is done when only the folder cannot be flushed: the file is in place', async () => {
    const files = observed([]);
    const broken: FileOperations = {
      ...files,
      open: (name, flags) => (String(name) === folder ? Promise.reject(systemError('EISDIR')) : files.open(name, flags)),
    };
    await writeFileAtomic(path, text('new'), broken);
    expect(await nodeFiles.readFile(path, 'utf8')).toBe('new');
  });

  test.each([
    ['EACCES', 'it is not permitted'],
    ['EROFS', 'it is not permitted'],
    ['EDQUOT', 'no space left for 3 bytes; the old file, if there was one, is untouched'],
    ['EIO', 'EIO: as the system says, write'],
  ])('says %s in one line', async (code, reason) => {
    await expect(writeFileAtomic(path, text('new'), observed([], 'write', code))).rejects.toThrow(
      new TrainingError(`write ${path}: ${reason}`, { cause: systemError(code) }),
    );
  });

  test('says where there is no folder, or a folder in the way', async () => {
    await expect(writeFileAtomic(join(folder, 'no', 'file'), text('a'))).rejects.toThrow('there is no such folder');
    await nodeFiles.writeFile(path, 'a file');
    await expect(writeFileAtomic(join(path, 'below'), text('a'))).rejects.toThrow('its folder is not a folder');
    await nodeFiles.mkdir(join(folder, 'in the way', 'full'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'in the way'), text('a'))).rejects.toThrow('it is a folder');
    expect((await nodeFiles.readdir(folder)).sort()).toEqual(['in the way', 'model.safetensors']);
  });

  test('removes what a killed process left, and nothing else', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = [`.model.safetensors.${dead}-00112233.tmp`, `.model.safetensors.${process.pid}-aabbccdd.tmp`];
    const others = [
      `.model.safetensors.${process.ppid}-00112233.tmp`,
      `.other.${dead}-00112233.tmp`,
      '.model.safetensors.tmp',
      `model.safetensors.${dead}-00112233.tmp`,
    ];
    for (const name of [...left, ...others]) await nodeFiles.writeFile(join(folder, name), 'half');
    await writeFileAtomic(path, text('new'));
    expect((await nodeFiles.readdir(folder)).sort()).toEqual([...others, 'model.safetensors'].sort());
  });

  test('two writes at once leave one of the two, whole', async () => {
    const contents = Array.from({ length: 8 }, (_, i) => new Uint8Array(100_000 + i).fill(i));
    await Promise.all(contents.map((bytes) => writeFileAtomic(path, bytes)));
    const found = await nodeFiles.readFile(path);
    expect(found.equals(contents[found[0]!]!)).toBe(true);
    expect(await nodeFiles.readdir(folder)).toEqual(['model.safetensors']);
  });
});
