import { describeBackends } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { plural } from '../output/numbers.ts';
import { Output } from '../output/output.ts';

/** `sinapse backends`: lists what can run a model on this machine. */
export async function backends(options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options);
  const found = await describeBackends();
  for (const backend of found) output.event({ event: 'backend', ...backend });
  const { green, dim } = output.colors;
  const lines = columns(
    found.map(({ name, available, engine, threads }) => [name, available ? `${engine}, ${plural(threads ?? 1, 'thread')}` : 'not here']),
  );
  found.forEach(({ available, what, notes }, i) => {
    output.line(available ? green(lines[i]) : lines[i]);
    for (const remark of [what, ...notes]) output.line(dim(`    ${remark}`));
  });
  return exitCode.done;
}
