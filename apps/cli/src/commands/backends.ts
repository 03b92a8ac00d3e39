import { describeBackends } from '../backends/describe-backends.ts';
import type { BackendDescription } from '../backends/describe-backends.ts';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { plural } from '../output/numbers.ts';
import { Output } from '../output/output.ts';

/** `sinapse backends`: lists what can run a model on this machine, and why the rest cannot. */
export async function backends(options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options);
  const found = await describeBackends();
  for (const backend of found) output.event({ event: 'backend', ...backend });
  const { green, dim } = output.colors;
  const lines = columns(found.map((backend) => [backend.name, summaryOf(backend)]));
  found.forEach(({ available, what, notes }, i) => {
    output.line(available ? green(lines[i]) : lines[i]);
    for (const remark of [what, ...notes]) output.line(dim(`    ${remark}`));
  });
  return exitCode.done;
}

function summaryOf({ available, status, engine, device, threads = 1 }: BackendDescription): string {
  if (!available) return status;
  return device === undefined ? `${engine}, ${plural(threads, 'thread')}` : `${engine} on ${device}`;
}
