// A run as a Jupyter notebook (nbformat 4.5): problem, solution, program, and the figures of the report.

import { join } from 'node:path';
import { writeFileAtomic } from '@sinapse/training/node';
import { escape } from './html.ts';
import { programCells } from './notebook-programs.ts';
import { sectionsOf } from './page.ts';
import { limitsOf } from './sections/limits.ts';
import { sentencesOf } from './sections/result.ts';
import { chartStyle } from './style.ts';
import type { View } from './view.ts';
import type { ReportOptions } from './write-report.ts';
import { viewOf } from './write-report.ts';

type Attachments = Readonly<Record<string, Readonly<Record<string, string>>>>;

type Cell = { readonly id: string; readonly metadata: object; readonly source: string } & (
  | { readonly cell_type: 'markdown'; readonly attachments?: Attachments }
  | { readonly cell_type: 'code'; readonly execution_count: number; readonly outputs: readonly object[] }
);

interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: object;
  readonly cells: readonly Cell[];
}

/** So many mistakes are shown as pictures. */
const PICTURES = 6;

function notebookOf(view: View): Notebook {
  const { run, words } = view;
  const { notebook, result, limits } = words;
  const texts: Pick<Cell & { cell_type: 'markdown' }, 'source' | 'attachments'>[] = [
    { source: `# ${plain(words.title(run.data.name))}` },
    { source: `## ${notebook.problem}\n\n${problemOf(view)}` },
    { source: `## ${notebook.solution}\n\n${solutionOf(view)}\n\n### ${result.title}\n\n${sentencesOf(view).map(plain).join('\n\n')}` },
  ];
  const after = [...figuresOf(view), ...mistakesOf(view), { source: `## ${limits.title}\n\n${listed(limitsOf(view))}` }];
  const program = programCells(view).flatMap(({ purpose, code, prints }, i): Cell[] => [
    { cell_type: 'markdown', id: `purpose-${i + 1}`, metadata: {}, source: plain(purpose) },
    { cell_type: 'code', id: `code-${i + 1}`, metadata: {}, execution_count: i + 1, source: code, outputs: [{ output_type: 'stream', name: 'stdout', text: prints }] }, // prettier-ignore
  ]);
  const asCell = (name: string) => (text: (typeof texts)[number], i: number): Cell => ({ cell_type: 'markdown', id: `${name}-${i + 1}`, metadata: {}, ...text }); // prettier-ignore
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'deno', display_name: 'Deno', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/x.typescript' },
    },
    cells: [
      ...texts.map(asCell('text')),
      { cell_type: 'markdown', id: 'program', metadata: {}, source: `## ${notebook.program}\n\n${notebook.run}` },
      ...program,
      ...after.map(asCell('figure')),
    ],
  };
}

function problemOf({ run, words, format }: View): string {
  const { examples, parts, classes, counts, columns, target } = run.data;
  const facts = [
    `${words.data.examples}: ${format.count(examples)}`,
    `${words.data.parts}: ${[parts.train, parts.validation, parts.test].map((count) => format.count(count)).join(' / ')}`,
    ...(target === undefined ? [] : [`${words.data.target}: ${target}`]),
  ];
  const ofClasses = classes === undefined ? [] : [table([words.data.class, words.data.count], classes.map((name, c) => [name, format.count(counts![c]!)]))]; // prettier-ignore
  const ofColumns = columns === undefined ? [] : [table([words.data.column, words.data.kind, words.data.missing], columns.map(({ name, kind, missing }) => [name, words.data.kinds[kind] ?? kind, format.count(missing)]))]; // prettier-ignore
  return [listed(facts), ...ofClasses, ...ofColumns].join('\n\n');
}

function solutionOf({ run, words, format }: View): string {
  const settings = Object.entries(run.settings).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  return `${plain(`${words.settings.model}: ${run.model.name}, ${words.architecture.parameters}: ${format.count(run.model.parameters)}`)}\n\n${table([words.settings.title, ''], settings)}`;
}

/** The charts of the report, as pictures that belong to their cells. */
function figuresOf(view: View): { source: string; attachments: Attachments }[] {
  return sectionsOf(view).flatMap(({ id, title, body }) => {
    const charts = body.text.match(/<svg class="chart"[^]*?<\/svg>/g) ?? [];
    if (charts.length === 0) return [];
    const names = charts.map((_, i) => `${id}-${i + 1}.svg`);
    const attachments = Object.fromEntries(charts.map((chart, i) => [names[i]!, { 'image/svg+xml': base64(standalone(chart)) }]));
    return [{ source: `## ${plain(title)}\n\n${names.map((name) => `![${plain(title)}](attachment:${name})`).join('\n')}`, attachments }];
  });
}

/** The surest mistakes as pictures. */
function mistakesOf({ run, words }: View): { source: string; attachments: Attachments }[] {
  const { pictures = [], test, data } = run;
  const wrong = pictures.filter(({ place }) => {
    const { target, probabilities } = test.predictions[place]!;
    return probabilities![target]! < Math.max(...probabilities!);
  });
  if (wrong.length === 0) return [];
  const shown = wrong.slice(0, PICTURES).map(({ place, image }, i) => {
    const { target, probabilities } = test.predictions[place]!;
    const answer = data.classes![probabilities!.indexOf(Math.max(...probabilities!))]!;
    return { name: `mistake-${i + 1}.png`, image, caption: `${words.mistakes.is(data.classes![target]!)}, ${words.mistakes.predicted}: ${answer}` }; // prettier-ignore
  });
  return [
    {
      source: `## ${words.mistakes.title}\n\n${shown.map(({ name, caption }) => `![${plain(caption)}](attachment:${name}) ${plain(caption)}`).join('\n\n')}`,
      attachments: Object.fromEntries(shown.map(({ name, image }) => [name, { 'image/png': image }])),
    },
  ];
}

/** A chart that is a file of its own: with its namespace, its size and its colours. */
function standalone(chart: string): string {
  return chart.replace(/^<svg class="chart"/, '<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="630"').replace('>', `><style>${chartStyle}</style><rect width="100%" height="100%" fill="#fff"/>`); // prettier-ignore
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Text that Markdown shows as it is, in one line. */
function plain(text: string): string {
  return escape(text.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]|~$]/g, '\\$&');
}

function listed(items: readonly string[]): string {
  return items.map((item) => `- ${plain(item)}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** Writes `report.ipynb` into the folder of a run. A backend must be in use. @returns its path */
export async function writeNotebook(folder: string, options: ReportOptions = {}): Promise<string> {
  const path = join(folder, 'report.ipynb');
  await writeFileAtomic(path, new TextEncoder().encode(`${JSON.stringify(notebookOf(await viewOf(folder, options)), null, 1)}\n`));
  return path;
}
