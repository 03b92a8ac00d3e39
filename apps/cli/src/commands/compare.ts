import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { count, duration, percent } from '../output/numbers.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import type { RunData } from '../report/run-data.ts';
import { readRunData } from '../report/run-data.ts';

/** `sinapse compare`: what runs reached side by side, and the settings in which they differ. */
export async function compare(runs: readonly string[], options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options);
  const read: { readonly path: string; readonly data: RunData }[] = [];
  for (const path of runs) read.push({ path, data: await readRunData(path) });
  for (const { path, data } of read) output.event({ event: 'run', run: path, ...factsOf(data), settings: data.settings });
  const metrics = [...new Set(read.flatMap(({ data }) => Object.keys(data.test.metrics)))];
  const head = ['run', 'data', 'model', 'parameters', 'epochs', 'time', ...metrics.map(inWords)];
  const rows = read.map(({ path, data }) => {
    const facts = factsOf(data);
    const measured = metrics.map((name) => written(name, data.test.metrics[name]));
    return [path, facts.data, facts.model, count(facts.parameters), String(facts.epochs), duration(facts.seconds), ...measured].map(
      printable,
    );
  });
  for (const line of columns([head, ...rows])) output.line(line);
  const differences = differencesOf(read.map(({ data }) => data.settings));
  output.line();
  if (differences.length === 0) output.line('Their settings are the same.');
  else {
    output.line('They differ in:');
    for (const line of columns(differences.map((row) => row.map(printable)))) output.line(line);
  }
  return exitCode.done;
}

interface Facts {
  readonly data: string;
  readonly model: string;
  readonly parameters: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly metrics: RunData['test']['metrics'];
}

function factsOf({ data, model, history, seconds, test }: RunData): Facts {
  return { data: data.name, model: model.name, parameters: model.parameters, epochs: history.length, seconds, metrics: test.metrics };
}

/** `rootMeanSquaredError` → `root mean squared error`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function written(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return name === 'accuracy' ? percent(value) : String(Number(value.toPrecision(4)));
}

/** A row for each setting that is not the same in all runs: its name, then its value in each. */
function differencesOf(settings: readonly Readonly<Record<string, unknown>>[]): string[][] {
  const names = [...new Set(settings.flatMap((each) => Object.keys(each)))];
  const rows = names.map((name) => [name, ...settings.map((each) => inOneWord(each[name]))]);
  return rows.filter(([, ...values]) => new Set(values).size > 1);
}

function inOneWord(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
