import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();

it('says what this machine has, and what to do about the rest', async () => {
  const { code, events, stderr } = await sinapse('doctor', '--json');
  expect([code, stderr]).toEqual([0, '']);
  const named = (name: string) => events.find((event) => event['name'] === name);
  for (const name of ['Node', 'processor', 'memory', 'backend cpu', 'backend wasm', 'pictures', 'cache folder', 'npm'])
    expect(named(name)).toBeDefined();
  expect(named('Node')).toMatchObject({ event: 'finding', ok: true, optional: false, found: expect.stringContaining(process.version) });
  expect(named('backend cpu')).toMatchObject({ ok: true, optional: false });
  expect(named('pictures')).toMatchObject({ ok: true, found: expect.stringContaining('sharp') });
  for (const { ok, advice } of events) if (ok !== true) expect(advice).toMatch(/\S/);
  expect(events.some(({ name }) => name === 'backend webgl')).toBe(false); // for browsers: no lack of this machine
});

it('sees a cache folder that is not there yet, and one that cannot be', async () => {
  const finding = async (SINAPSE_CACHE: string) => {
    const { code, events } = await start(['doctor', '--json'], { env: { SINAPSE_CACHE } }).finished;
    return { code, ...events.find(({ name }) => name === 'cache folder') };
  };
  expect(await finding(join(folder, 'no/such/yet'))).toMatchObject({ code: 0, ok: true });
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), 0o555);
  if (process.getuid?.() === 0) return; // the administrator may write everywhere
  expect(await finding(join(folder, 'closed/cache'))).toMatchObject({
    code: 0,
    ok: false,
    advice: expect.stringContaining('SINAPSE_CACHE'),
  });
});

it('ends with a line of what it does without', async () => {
  const { stdout } = await start(['doctor'], { env: { SINAPSE_CPU: 'fastest' } }).finished;
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('missing: backend cpu');
});
