// npm test [-- --full] [-- --ci]: sets up, checks, tests, and prints one closing line.
//
// A test that cannot run here is skipped, and its name ends in the reason: `it.skipIf(!data)('fits MNIST (needs SINAPSE_DATA)')`.
// Every skipped test is listed before the closing line.
import './node-version.mjs';
import './npm-shell.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Loaded after the check above, because an old Node fails on its imports.
const { changesetChecks } = await import('./changesets.mjs');
const { run } = await import('./child.mjs');
const { readReports } = await import('./reports.mjs');
const { buildKernels, install, manifest, packageFolders, pnpm, program, root } = await import('./workspace.mjs');

const full = process.argv.includes('--full');
const ci = process.argv.includes('--ci');

// The scripts check:… of package.json; each one is a program with its arguments.
const checks = Object.entries(manifest.scripts)
  .filter(([name]) => name.startsWith('check:'))
  .map(([name, script]) => ({ name, script }));

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs one check, shows its output if it fails, and counts it. A check is a script, or a function that throws on failure. */
async function check({ name, script, work }) {
  const start = performance.now();
  let output;
  if (script) {
    const [command, ...args] = script.split(' ');
    const result = await run(command === 'node' ? process.execPath : program(command), args, { cwd: root, quiet: true });
    if (result.code !== 0) output = result.output || `exit code ${result.code}`;
  } else {
    output = await work().then(
      () => undefined,
      (error) => error.message,
    );
  }
  if (output !== undefined) {
    console.log(output.trimEnd());
    failures.push(name);
  }
  total[output === undefined ? 'passed' : 'failed']++;
  console.log(`${output === undefined ? 'passed' : 'FAILED'}  ${name} (${seconds(start)})`);
}

async function tests() {
  const start = performance.now();
  const reports = mkdtempSync(join(tmpdir(), 'sinapse-reports-'));
  const env = {
    SINAPSE_TEST_REPORTS: reports,
    ...(full ? { SINAPSE_TEST_TIER: 'full' } : {}),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
  const onSignal = () => rmSync(reports, { recursive: true, force: true });
  const { code } = await run(pnpm.command, [...pnpm.args, 'run', 'test:packages'], { cwd: root, env, onSignal });
  const result = readReports(reports, packageFolders());
  if (code !== 0 && result.failed.length === 0) result.failed.push(`turbo ended with exit code ${code}`);
  onSignal();
  console.log(`tests ended after ${seconds(start)}`);
  return result;
}

/** Runs the check of the format, which takes as long as all others and needs none of them, beside the others. */
async function checkAll(items) {
  const format = items.filter(({ name }) => name === 'check:format');
  const inTurn = async (some) => {
    for (const item of some) await check(item);
  };
  await Promise.all([inTurn(format), inTurn(items.filter((item) => !format.includes(item)))]);
}

await install();
await buildKernels(full ? 'full' : 'test');
await checkAll([...checks, ...(ci ? changesetChecks : [])]);
const result = await tests();

total.passed += result.passed;
total.failed += result.failed.length;
total.skipped += result.skipped.length;
for (const name of [...failures, ...result.failed]) console.log(`FAILED  ${name}`);
if (result.skipped.length > 0) console.log(`\nNOT RUN HERE, ${result.skipped.length} tests:`);
for (const name of result.skipped) console.log(`SKIPPED  ${name}`);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
