import { datasetNames, describeDataset } from '@sinapse/datasets/node';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { count } from '../output/numbers.ts';
import { Output } from '../output/output.ts';

/** `sinapse datasets`: lists the data sets. */
export function datasets(options: { readonly json?: boolean }): number {
  const output = new Output(options);
  const { bold, dim } = output.colors;
  const lines = columns(datasetNames.map((name) => [name, describeDataset(name).what]));
  datasetNames.forEach((name, i) => {
    const { train, test, shape, classes, source } = describeDataset(name);
    output.event({ event: 'dataset', name, ...describeDataset(name) });
    output.line(lines[i]!.replace(name, bold));
    output.line(dim(`    ${count(train)} images of ${shape.join(' x ')} in ${classes} classes, ${count(test)} more to test`));
    output.line(dim(`    ${source}`));
  });
  return exitCode.done;
}
