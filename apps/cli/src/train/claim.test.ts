import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { claimFile, claimFolder } from './claim.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-claim-'));
const file = join(folder, claimFile);
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const endedProcess = spawnSync(process.execPath, ['-e', '']).pid;
const heldBy = (holder: object) => writeFileSync(file, JSON.stringify(holder));

it('is given once, and again after its release', async () => {
  const claim = await claimFolder(folder);
  await expect(claimFolder(folder)).rejects.toThrow(`another training writes there (process ${process.pid}); choose another --out`);
  await claim.release();
  await (await claimFolder(folder)).release();
  expect(readdirSync(folder)).toEqual([]);
});

it('of a dead process is taken over, by one of many that try', async () => {
  for (let round = 0; round < 50; round++) {
    heldBy({ pid: endedProcess, host: hostname(), id: `dead-${round}` });
    const tried = await Promise.allSettled(Array.from({ length: 8 }, () => claimFolder(folder)));
    const won = tried.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await won[0]!.value.release();
    expect(readdirSync(folder)).toEqual([]);
  }
});

it.each([
  ['of a process on another machine', { pid: endedProcess, host: `not-${hostname()}`, id: 'x' }],
  ['that names no process', {}],
])('%s stays, and the message says which file to delete', async (_, holder) => {
  heldBy(holder);
  await expect(claimFolder(folder)).rejects.toThrow(`delete ${claimFile}`);
});
