// Learning a series of numbers, and foreseeing what follows it.

import { join } from 'node:path';
import { SinapseError, scope, tensor } from '@sinapse/core';
import { readTable } from '@sinapse/datasets/node';
import { meanSquaredError } from '@sinapse/layers/losses';
import { forecaster, seriesWindows } from '@sinapse/recurrent';
import type { Forecaster, ForecasterOptions, SeriesWindows } from '@sinapse/recurrent';
import { writeFileAtomic } from '@sinapse/training/node';
import { plural } from '../output/numbers.ts';
import { printable } from '../output/printable.ts';
import { forecastChart } from '../output/forecast-chart.ts';
import { UsageError } from '../usage-error.ts';
import type { SequenceOptions, SequencePlan } from './sequence-plan.ts';

/** The part of a series, from its end, on which the model is measured and not trained. */
const HELD_BACK = 0.2;
/** The interval that a value falls into with this probability, by the errors on that part. */
const LEVEL = 0.9;

export async function planSeries(model: string, path: string, options: SequenceOptions): Promise<SequencePlan> {
  const { window = 48, horizon = 12, epochs = 40, batchSize = 32, modelOption } = options;
  const { name, values } = await columnOf(path, options.target);
  const cut = Math.floor(values.length * (1 - HELD_BACK));
  const least = window + horizon;
  if (cut < least + 1 || values.length - cut < horizon)
    throw new UsageError(
      `${path} has ${plural(values.length, 'step')}; --window ${window} and --horizon ${horizon} need at least ${Math.max(Math.ceil((least + 1) / (1 - HELD_BACK)), Math.ceil(horizon / HELD_BACK))}`,
    );
  const train = seriesWindows(values.slice(0, cut), { window, horizon });
  const validation = seriesWindows(values.slice(cut - window), { window, horizon });
  const network = made({ horizon, cell: model as 'lstm' | 'gru', ...modelOption });
  return {
    title: `Learning the series ${printable(name)} of ${path}: ${plural(values.length, 'step')}, ${horizon} foreseen from ${window}`,
    model: network,
    inputShape: [window, 1],
    train: { ...train },
    validation: { ...validation },
    loss: meanSquaredError,
    epochs,
    batchSize: Math.min(batchSize, train.x.shape[0]!),
    card: { trainedOn: 'series' },
    figures: ({ loss, valLoss }) => ({ error: Math.sqrt(loss), valError: Math.sqrt(valLoss!) }),
    finish: async (folder, output, { valLoss }) => {
      const forecast = answersOf(network, Float32Array.from(values.slice(-window)), window);
      const interval = intervalsOf(network, validation).map(
        ([low, high], step) => [forecast[step]! + low, forecast[step]! + high] as const,
      );
      const naive = lastValueError(validation);
      const chart = join(folder.path, 'forecast.svg');
      const drawn = forecastChart({ name, past: values.slice(-4 * window), forecast, interval });
      await writeFileAtomic(chart, new TextEncoder().encode(drawn));
      const error = Math.sqrt(valLoss!);
      output.line();
      output.line(
        `Error ${error.toPrecision(4)} on the last fifth, which it did not learn; repeating the last value errs by ${naive.toPrecision(4)}`,
      );
      output.line(`Foreseen: ${forecast.map((value) => value.toPrecision(4)).join(', ')}`);
      output.line(`Forecast with the interval of ${LEVEL * 100} %: ${output.colors.bold(chart)}`);
      return { target: name, valError: error, lastValueError: naive, forecast, interval, level: LEVEL, chart };
    },
  };
}

async function columnOf(path: string, target: string | undefined): Promise<{ name: string; values: number[] }> {
  const { columns } = await readTable(path);
  const numbers = columns.filter((column) => column.kind === 'number');
  const column = target === undefined ? numbers.at(-1) : columns.find(({ name }) => name === target);
  const known = numbers.map(({ name }) => printable(name)).join(', ');
  if (column === undefined)
    throw new UsageError(
      target === undefined ? `${path} has no column of numbers` : `--target ${target}: ${path} has no such column; of numbers: ${known}`,
    );
  if (column.kind !== 'number') throw new UsageError(`--target ${column.name}: the column holds no numbers; those that do: ${known}`);
  const missing = column.values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw new UsageError(`--target ${column.name}: a number is missing in row ${missing + 1}; fill it in first`);
  return { name: column.name, values: [...column.values] };
}

function made(options: ForecasterOptions): Forecaster {
  try {
    return forecaster(options);
  } catch (error) {
    throw error instanceof SinapseError ? new UsageError(`--model-option: ${error.message}`) : error;
  }
}

/** What the model foresees after windows. */
function answersOf(model: Forecaster, windows: Float32Array, window: number): number[] {
  return scope(() => Array.from(model.call(tensor(windows, { shape: [windows.length / window, window, 1] })).dataSync()));
}

/** For each step of the horizon, between which errors the given part of all errors lies. */
function intervalsOf(model: Forecaster, { x, y }: SeriesWindows): (readonly [number, number])[] {
  const [count, horizon] = y.shape as readonly [number, number];
  const answers = answersOf(model, x.data, x.shape[1]!);
  return Array.from({ length: horizon }, (_, step) => {
    const errors = Array.from({ length: count }, (__, i) => y.data[i * horizon + step]! - answers[i * horizon + step]!).sort(
      (a, b) => a - b,
    );
    const quantile = (q: number): number => {
      const place = q * (count - 1);
      const [below, part] = [Math.floor(place), place % 1];
      return errors[below]! * (1 - part) + errors[Math.min(count - 1, below + 1)]! * part;
    };
    return [quantile((1 - LEVEL) / 2), quantile((1 + LEVEL) / 2)];
  });
}

/** The root mean squared error of the forecast that repeats the last value. */
function lastValueError({ x, y }: SeriesWindows): number {
  const [count, horizon] = y.shape as readonly [number, number];
  const window = x.shape[1]!;
  const squares = y.data.reduce((sum, value, i) => sum + (value - x.data[Math.floor(i / horizon) * window + window - 1]!) ** 2, 0);
  return Math.sqrt(squares / (count * horizon));
}
