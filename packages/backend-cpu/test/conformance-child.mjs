// Runs the conformance suite on the built packages in its own process: with another addon, or in an emulated processor.
//   node conformance-child.mjs '{"cpu": options of cpu(), "conformance": options of conformance()}'
import { conformance } from '@sinapse/backend-testkit';
import { cpu } from '@sinapse/backend-cpu';

const options = JSON.parse(process.argv[2]);
const { info, checks } = await conformance(() => cpu({ poison: true, ...options.cpu }), options.conformance);
const failures = checks.filter(({ error }) => error !== undefined).map(({ section, name, error }) => `${section} ${name}: ${error}`);
console.log(JSON.stringify({ engine: info.engine, threads: info.threads, notes: info.notes, checks: checks.length, failures }));
