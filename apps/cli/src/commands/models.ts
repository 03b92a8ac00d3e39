import { createModel, listModels, modelNames } from '@sinapse/zoo';
import type { ModelInfo } from '@sinapse/zoo';
import { unknownName } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { count } from '../output/numbers.ts';
import { Output } from '../output/output.ts';
import { columns } from '../output/columns.ts';
import { wrap } from '../output/wrap.ts';
import { UsageError } from '../usage-error.ts';

/** `sinapse models`: lists the networks of the zoo with their published figures, or says more of one. */
export function models(name: string | undefined, options: { readonly json?: boolean }): number {
  const output = new Output(options);
  const listed = listModels();
  if (name === undefined) {
    for (const model of listed) output.event({ event: 'model', ...model });
    for (const line of tableOf(listed, output.width)) output.line(line);
    output.line();
    output.line('Accuracies are published ones, on the data of each paper. This says more of a network:');
    output.command(['models', 'resnet50']);
    return exitCode.done;
  }
  const model = listed.find((one) => one.name === name);
  if (model === undefined) throw new UsageError(unknownName('model', name, modelNames));
  describe(model, output);
  return exitCode.done;
}

const HEADER = ['name', 'year', 'parameters', 'multiply-adds', 'top-1 %', 'top-5 %'];

/** A row for each model or, where the terminal is too narrow for that, a paragraph. */
function tableOf(listed: readonly ModelInfo[], width: number): string[] {
  const rows = [HEADER, ...listed.map(cellsOf)];
  const widths = HEADER.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = columns(rows.map((row) => row.map((cell, i) => (i === 0 ? cell : cell.padStart(widths[i]!))))).map((line) =>
    line.trimEnd(),
  );
  if (lines.every((line) => line.length <= width)) return lines;
  return listed.flatMap((model) => {
    const [name = '', year = '', ...figures] = cellsOf(model);
    const named = figures.map((figure, i) => figure && `${figure} ${HEADER[i + 2]!.replace(/^(top-\d) %$/, '% $1')}`);
    return wrap([name, year, ...named.filter((figure) => figure !== '')], width, 2);
  });
}

function cellsOf({ name, year, parameters, multiplyAdds, top1, top5 }: ModelInfo): string[] {
  return [name, String(year), count(parameters), count(multiplyAdds), percentage(top1), percentage(top5)];
}

function percentage(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

function describe(model: ModelInfo, output: Output): void {
  const { name, title, year, paper, parameters, multiplyAdds, top1, top5, source } = model;
  const { bold, dim } = output.colors;
  const { inputShape, classes } = createModel(name);
  output.event({ event: 'model', ...model, inputShape, classes });
  output.line(`${bold(name)}: ${title}, ${year}`);
  output.line(dim(paper.citation));
  output.line(dim(paper.url));
  output.line();
  output.line(`${count(parameters)} parameters; ${count(multiplyAdds)} multiply-adds for an image of ${inputShape.join(' x ')}`);
  const accuracies = [top1 !== undefined && `top-1 ${top1} %`, top5 !== undefined && `top-5 ${top5} %`].filter((words) => words !== false);
  if (accuracies.length > 0) output.line(`${accuracies.join(', ')}: ${source ?? ''}`);
  output.line();
  output.command(['summary', name]);
}
