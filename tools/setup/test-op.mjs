// npm run test:op -- softplus [--backend wasm]: one op, or one kernel, checked on the reference, natively and in WebAssembly, in seconds: its
// kernels over their grids, their lowerings, its gradients.
import './node-version.mjs';
import './npm-shell.mjs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

// Loaded after the check above: an old Node would stumble over their imports first.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

const { values, positionals } = parseArgs({ options: { backend: { type: 'string' } }, allowPositionals: true });

function give(message) {
  console.error(message);
  process.exit(2);
}

const engines = ['reference', 'native', 'wasm'];
if (positionals.length !== 1)
  give('usage: npm run test:op -- NAME [--backend reference|native|wasm], NAME an op or a kernel, e.g. softplus');
if (values.backend !== undefined && !engines.includes(values.backend))
  give(`test:op: --backend must be one of ${engines.join(', ')}, got '${values.backend}'`);

await install();
await build('packages/backend-testkit/tsconfig.src.json');
await build('packages/backend-cpu/tsconfig.src.json');
await buildKernels(values.backend === 'wasm' || values.backend === undefined ? 'test' : 'start');

const of = (path) => import(pathToFileURL(join(root, 'packages', path)).href);
const { kernelDefinitions, nearestName } = await of('core/dist/index.js');
const { gradientCases } = await of('core/dist/cases/index.js');
const { conformance } = await of('backend-testkit/dist/index.js');
const { cpu } = await of('backend-cpu/dist/index.js');

const [name] = positionals;
const kernels = Object.keys(kernelDefinitions).filter(
  (kernel) => kernel === name || new RegExp(`^${name}(Input|Filter)?Grad$`).test(kernel),
);
const hasGradient = Object.hasOwn(gradientCases, name);
if (kernels.length === 0 && !hasGradient) {
  const nearest = nearestName(name, new Set([...Object.keys(gradientCases), ...Object.keys(kernelDefinitions)]));
  give(`test:op: there is no op or kernel '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`);
}

const sections = [...(kernels.length > 0 ? ['kernels', 'lowerings'] : []), ...(hasGradient ? ['gradients'] : [])];
const reports = [];
for (const engine of values.backend === undefined ? engines : [values.backend]) {
  const begin = performance.now();
  try {
    const report = await conformance(() => cpu({ engine, poison: engine !== 'reference' }), { only: kernels, ops: [name], sections });
    reports.push({ engine, report, seconds: (performance.now() - begin) / 1000 });
  } catch (error) {
    console.log(`${engine}: left out, ${error.message}`);
  }
}
if (reports.length === 0) process.exit(1);

/** What became of a check: for a kernel, how much of what is allowed its worst error takes. */
function cell({ checks, kernels }, { section, name }) {
  if (checks.find((check) => check.section === section && check.name === name).error !== undefined) return 'FAILED';
  const kernel = kernels.find((each) => each.kernel === name);
  const share = (worst) => (worst === 0 ? 'exact' : worst.toFixed(3));
  if (section === 'kernels')
    return `${kernel.native + kernel.lowered} cases, ${share(kernel.worst)}${kernel.native === 0 ? ' lowered' : ''}`;
  if (section === 'lowerings') return kernel?.lowering === undefined ? 'no kernel' : share(kernel.lowering);
  return 'ok';
}

const titles = { kernels: 'kernel', lowerings: 'lowering', gradients: 'gradient' };
const rows = [
  ['error / allowed', ...reports.map(({ engine }) => engine)],
  ...reports[0].report.checks.map((check) => [
    `${titles[check.section]} ${check.name}`,
    ...reports.map(({ report }) => cell(report, check)),
  ]),
  ['seconds', ...reports.map(({ seconds }) => seconds.toFixed(1))],
];
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows)
  console.log(
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );

const failures = reports.flatMap(({ engine, report }) =>
  report.checks
    .filter(({ error }) => error !== undefined)
    .map((check) => `${engine}, ${titles[check.section]} ${check.name}: ${check.error}`),
);
for (const failure of failures) console.error(`\n${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
