import { contactSheet, describeSynthetic, syntheticNames, takeImages } from '@sinapse/datasets';
import type { ImageSet, Picture } from '@sinapse/datasets';
import { datasetNames, describeDataset, loadSplit, writeImage } from '@sinapse/datasets/node';
import type { DatasetDescription, LoadSplitOptions } from '@sinapse/datasets/node';
import { unknownName } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { columns } from '../output/columns.ts';
import { note } from '../output/note.ts';
import { count } from '../output/numbers.ts';
import { Output } from '../output/output.ts';
import { UsageError } from '../usage-error.ts';

export interface DatasetsOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly out?: string;
}

const ACTIONS = ['list', 'download', 'show'];

/** `sinapse datasets`: lists the data sets, downloads one, or shows what one holds. */
export async function datasets(action: string | undefined, name: string | undefined, options: DatasetsOptions): Promise<number> {
  const output = new Output(options);
  if (action !== undefined && !ACTIONS.includes(action)) throw new UsageError(unknownName('action', action, ACTIONS));
  if (action === undefined || action === 'list') {
    list(output);
    return exitCode.done;
  }
  if (name === undefined) throw new UsageError(`say which data set to ${action}: datasets ${action} mnist`);
  if (!(datasetNames as readonly string[]).includes(name)) throw new UsageError(unknownName('data set', name, datasetNames));
  if (action === 'download') await download(name, options, output);
  else await show(name, options, output);
  return exitCode.done;
}

function list(output: Output): void {
  const { bold, dim } = output.colors;
  const lines = columns(datasetNames.map((name) => [name, describeDataset(name).what]));
  datasetNames.forEach((name, i) => {
    const description = describeDataset(name);
    output.event({ event: 'dataset', name, ...description });
    output.line(lines[i]!.replace(name, bold));
    for (const line of facts(description)) output.line(dim(`    ${line}`));
  });
  output.line();
  output.line('In programs (createSynthetic of @sinapse/datasets), drawn from a seed:');
  for (const name of syntheticNames) output.event({ event: 'syntheticSet', name, what: describeSynthetic(name) });
  for (const line of columns(syntheticNames.map((name) => [name, describeSynthetic(name)]))) output.line(`    ${line}`);
}

function facts({ train, test, shape, classes, source, licence }: DatasetDescription): string[] {
  return [
    `${count(train)} images of ${shape.join(' x ')} in ${classes} classes, ${count(test)} more to test`,
    `${source}; licence: ${licence}`,
  ];
}

/** Reads a set as training does, and announces downloads with their progress. */
function sources({ dataDir }: DatasetsOptions): LoadSplitOptions {
  let announced = '';
  return {
    ...(dataDir !== undefined && { dir: dataDir }),
    onProgress: ({ file, received, total }) => {
      const tenths = total === undefined ? 0 : Math.floor((10 * received) / total);
      const words = `${file} ${10 * tenths} %`;
      if (words !== announced) note(`downloading ${(announced = words)}`);
    },
  };
}

async function download(name: string, options: DatasetsOptions, output: Output): Promise<void> {
  const { images: train } = await loadSplit(name, 'train', sources(options));
  const { images: test } = await loadSplit(name, 'test', sources(options));
  const sizes = { train: train.labels.length, test: test.labels.length };
  output.event({ event: 'downloaded', name, ...sizes });
  output.line(`${name} is here: ${count(sizes.train)} images to train on, ${count(sizes.test)} to test`);
}

/** Images of a contact sheet. */
const SHOWN = 100;

async function show(name: string, options: DatasetsOptions, output: Output): Promise<void> {
  const description = describeDataset(name);
  const { images } = await loadSplit(name, 'test', sources(options));
  const classes = countsOf(images);
  output.event({ event: 'dataset', name, ...description, testCounts: Object.fromEntries(classes) });
  output.line(`${output.colors.bold(name)}: ${description.what}`);
  for (const line of facts(description)) output.line(line);
  output.line();
  output.line('Images to test, by class:');
  for (const line of columns(classes.map(([label, images]) => [label, count(images)]))) output.line(line);
  if (options.out === undefined) return;
  await writeImage(options.out, contactSheet(picturesOf(takeImages(images, Math.min(SHOWN, images.labels.length)))));
  output.event({ event: 'contactSheet', file: options.out });
  output.line();
  output.line(`the first ${SHOWN} of them are in ${options.out}`);
}

function countsOf({ labels, classNames }: ImageSet): [name: string, images: number][] {
  const counts = classNames.map(() => 0);
  for (const label of labels) counts[label]!++;
  return classNames.map((label, i) => [label, counts[i]!]);
}

function picturesOf({ images, labels, height, width, channels }: ImageSet): Picture[] {
  const size = height * width * channels;
  return Array.from(labels, (_, i) => ({ data: images.subarray(i * size, (i + 1) * size), height, width, channels }));
}
