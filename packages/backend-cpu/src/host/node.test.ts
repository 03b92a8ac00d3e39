import { expect, it, vi } from 'vitest';
import { host } from './node.ts';

it('looks for the addon without a report of the process, which would look up the names of open connections', async () => {
  const report = vi.spyOn(process.report, 'getReport').mockImplementation(() => expect.fail('process.report was asked'));
  const addon = await host.loadAddon();
  expect(report).not.toHaveBeenCalled();
  if (typeof addon === 'string') expect(addon).toMatch(/@sinapse\/backend-cpu-\w+-\w+|cannot be loaded/);
});
