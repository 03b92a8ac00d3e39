import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkFolder } from './output-folder.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sinapse-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder that can be written, or made, is left as it is', () => {
  const folder = temporaryFolder();
  checkFolder(folder);
  checkFolder(join(folder, 'deep', 'er'));
  expect(readdirSync(folder)).toEqual([]);
});

test('one that cannot be is an error of one line', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  for (const [path, where] of [
    ['file', 'file'],
    ['file/x', 'file'],
    ['link/x', 'link'],
  ] as const) {
    expect(() => checkFolder(join(folder, path))).toThrow(`--out ${join(folder, path)}: cannot write in ${join(folder, where)} (`);
  }
  if (existsSync('/proc/self')) expect(() => checkFolder('/proc/x')).toThrow('--out /proc/x: cannot write in /proc (ENOENT)');
});
