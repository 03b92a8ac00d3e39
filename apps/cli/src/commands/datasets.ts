import { datasetNames } from '@sinapse/datasets/node';
import type { DatasetName } from '@sinapse/datasets/node';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { count } from '../output/numbers.ts';
import { Output } from '../output/output.ts';

interface Description {
  readonly what: string;
  readonly train: number;
  readonly test: number;
  /** `[height, width, channels]` */
  readonly shape: readonly number[];
  readonly classes: number;
  readonly source: string;
}

const descriptions: Readonly<Record<DatasetName, Description>> = {
  digits: {
    what: 'digits that look handwritten',
    train: 10_000,
    test: 2_000,
    shape: [28, 28, 1],
    classes: 10,
    source: 'drawn by sinapse itself; needs no files',
  },
  mnist: {
    what: 'handwritten digits (LeCun, Cortes, Burges)',
    train: 60_000,
    test: 10_000,
    shape: [28, 28, 1],
    classes: 10,
    source: 'your own files in --data-dir, or 11 MB downloaded once',
  },
};

/** `sinapse datasets`: lists the data sets. */
export function datasets(options: { readonly json?: boolean }): number {
  const output = new Output(options);
  const { bold, dim } = output.colors;
  const lines = columns(datasetNames.map((name) => [name, descriptions[name].what]));
  datasetNames.forEach((name, i) => {
    const { train, test, shape, classes, source } = descriptions[name];
    output.event({ event: 'dataset', name, ...descriptions[name] });
    output.line(lines[i]!.replace(name, bold));
    output.line(dim(`    ${count(train)} images of ${shape.join(' x ')} in ${classes} classes, ${count(test)} more to test`));
    output.line(dim(`    ${source}`));
  });
  return exitCode.done;
}
