import { expect, test } from 'vitest';
import { ContestantProcess, oneLine } from './contestant-process.ts';

/** A process that runs some JavaScript, which can call `reply` and read `commands`. */
function node(code: string, limit = 30): ContestantProcess {
  const start = `
    import { writeSync } from 'node:fs';
    import { createInterface } from 'node:readline';
    const reply = (message) => writeSync(3, JSON.stringify(message) + '\\n');
    const commands = createInterface({ input: process.stdin });
  `;
  return new ContestantProcess(
    { command: process.execPath, args: ['--input-type=module', '-e', start + code], environment: { TOLD: 'yes' } },
    limit,
  );
}

test('commands are answered, whatever the library prints', async () => {
  const process = node(`
    console.log('{"noise": true}');
    reply({ engine: 'told: ' + process.env.TOLD });
    for await (const line of commands) { console.log('working'); reply({ outputs: { y: [1] }, was: JSON.parse(line) }); }
  `);
  expect(await process.ready()).toEqual({ engine: 'told: yes' });
  expect(await process.ask({ command: 'check' })).toEqual({ outputs: { y: [1] }, was: { command: 'check' } });
  process.end();
});

test.each([
  ['says why', `reply({ failed: 'no such\\n operation' }); process.exit(1);`, 'no such operation'],
  ['throws', `throw new Error('bad luck');`, /bad luck|Node\.js v/],
  ['prints and ends', `console.error('first'); console.error('last words'); process.exit(3);`, 'last words'],
  ['ends in silence', `process.exit(3);`, 'ended with code 3'],
  ['is killed', `process.kill(process.pid, 'SIGKILL');`, 'ended with code SIGKILL'],
])('a process that %s is a reason in one line', async (_, code, reason) => {
  const error = await node(code)
    .ready()
    .then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
  expect(error?.message).toMatch(reason);
  expect(error?.message).not.toContain('\n');
});

test('a command that cannot be started is a reason too', async () => {
  const process = new ContestantProcess({ command: '/no/such/program', args: [], environment: {} }, 10);
  await expect(process.ready()).rejects.toThrow('ENOENT');
});

test('a process that never answers is ended at its limit', async () => {
  const process = node(`setInterval(() => {}, 1000);`, 0.3);
  await expect(process.ready()).rejects.toThrow('took longer than 0.3 s');
});

test('only the time in which it was asked to work counts', async () => {
  const process = node(`reply({ engine: 'e' }); for await (const _ of commands) reply({ outputs: {} });`, 30);
  await process.ready();
  const before = process.left;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(process.left).toBe(before);
  await process.ask({ command: 'check' });
  expect(process.left).toBeLessThan(before);
  process.end();
});

test('a process that ends between commands is a reason', async () => {
  const process = node(`reply({ engine: 'e' }); setTimeout(() => process.exit(0), 1); commands.on('line', () => {});`);
  await process.ready();
  await expect(process.ask({ command: 'memory' })).rejects.toThrow('ended with code 0');
});

test('long messages are cut', () => {
  expect(oneLine(`${'word '.repeat(100)}`)).toHaveLength(200);
});
