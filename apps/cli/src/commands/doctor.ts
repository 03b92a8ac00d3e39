import { findings } from '../doctor/findings.ts';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { Output } from '../output/output.ts';

/** `sinapse doctor`: what this machine has and lacks. Fails where something is missing that nothing works without. */
export async function doctor(options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options);
  const found = await findings();
  const { green, red, yellow, dim } = output.colors;
  const lines = columns(found.map(({ name, ok, optional, found: what }) => [ok ? 'ok' : optional ? '-' : 'MISSING', name, what]));
  found.forEach((finding, i) => {
    output.event({ event: 'finding', ...finding });
    const { ok, optional, advice } = finding;
    output.line((ok ? green : optional ? yellow : red)(lines[i]));
    if (advice !== undefined) output.line(dim(`    ${advice}`));
  });
  const missing = found.filter(({ ok, optional }) => !ok && !optional).map(({ name }) => name);
  const without = found.filter(({ ok, optional }) => !ok && optional).map(({ name }) => name);
  output.line('');
  if (missing.length > 0) output.line(`missing: ${missing.join(', ')}`);
  else output.line(without.length === 0 ? 'everything is there' : `ready to train; it does without: ${without.join(', ')}`);
  return missing.length === 0 ? exitCode.done : exitCode.failure;
}
