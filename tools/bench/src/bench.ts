// pnpm bench: measures Sinapse beside other libraries.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { cases } from './cases/cases.ts';
import type { Options } from './command-line.ts';
import { parseOptions, runCommand } from './command-line.ts';
import { contestants, engines } from './contestants.ts';
import type { Entry, Plan } from './measure/measure.ts';
import { measure } from './measure/measure.ts';
import { measureRoofline } from './measure/roofline.ts';
import { installPeers } from './peers.ts';
import { betweenMarkers } from './report/docs.ts';
import { toJson } from './report/json.ts';
import { toMarkdown } from './report/markdown.ts';
import { checkFolder } from './report/output-folder.ts';
import type { Machine, ReportedContestant, Results } from './report/results.ts';

const say = (line: string): void => console.error(`bench: ${line}`);

async function bench(options: Options): Promise<Results> {
  const chosen = contestants.filter(({ name }) => options.contestants.includes(name));
  if (chosen.some(({ installed }) => installed)) installPeers(say);
  const reported = chosen.map((contestant): ReportedContestant => {
    const { name, title, ours, kind } = contestant;
    const reason = contestant.handicap();
    if (reason !== undefined) say(`NOT COUNTED: ${title}: ${reason}`);
    return { name, title, ours, kind, ...(reason !== undefined && { handicap: reason }) };
  });
  const plan: Plan = {
    contestants: chosen,
    threads: options.threads,
    rounds: options.rounds,
    seconds: options.quick ? 0.1 : 0.3,
    limit: options.limit,
  };
  say('what this machine can do …');
  const roofline = await measureRoofline(chosen, options.threads);
  const wanted = cases.filter(({ name }) => options.cases.includes(name));
  const entries: Entry[] = [];
  const tell = once(say);
  for (const [i, benchCase] of wanted.entries()) {
    say(`${benchCase.name} (${i + 1} of ${wanted.length}) …`);
    const measured = await measure(benchCase, plan);
    for (const { contestant, result } of measured) {
      if ('reason' in result) tell(`${contestant}: ${result.reason}`);
    }
    entries.push(...measured);
  }
  return {
    machine: thisMachine(),
    roofline,
    threads: options.threads,
    cases: wanted.map(({ name, title, unit, flops, bytes, items }) => ({
      name,
      title,
      unit,
      flops,
      ...(bytes !== undefined && { bytes }),
      ...(items !== undefined && { items }),
    })),
    contestants: reported,
    entries,
  };
}

/** Passes every line on the first time only. */
function once(print: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (!told.has(line)) print(line);
    told.add(line);
  };
}

function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

function publish(results: Results, { out, writeDocs }: Options): void {
  const markdown = toMarkdown(results);
  console.log(markdown);
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'bench.md'), `${markdown}\n`);
    writeFileSync(join(out, 'bench.json'), toJson(results));
    say(`written to ${join(out, 'bench.md')} and bench.json`);
  }
  if (writeDocs) {
    const page = new URL('../../../docs/performance/all-peers.md', import.meta.url);
    writeFileSync(page, betweenMarkers(readFileSync(page, 'utf8'), markdown));
    say('written to docs/performance/all-peers.md');
  }
}

// An interruption must also end the contestants and delete temporary files; `process.exit` runs their clean-up.
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => process.exit(code)); // prettier-ignore

await runCommand('bench', async () => {
  const peers = contestants.filter(({ ours }) => !ours).map(({ name }) => name);
  const options = parseOptions(process.argv.slice(2), { cases: cases.map(({ name }) => name), engines, peers });
  if (options.out !== undefined) checkFolder(options.out);
  publish(await bench(options), options);
});
