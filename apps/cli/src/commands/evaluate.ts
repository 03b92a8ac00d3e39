import { formatShape, use } from '@sinapse/core';
import { evaluate as measure } from '@sinapse/training';
import type { AccumulatedMetric } from '@sinapse/training';
import { classMetricNames, createMetric, metricNames } from '@sinapse/training/metrics';
import { openBackend, unknownName } from '../backend-choice.ts';
import { checkDataset, loadTestData, testBatches } from '../data.ts';
import type { TestData } from '../data.ts';
import { exitCode } from '../exit-code.ts';
import { ModelFileError, openClassifier } from '../model-file.ts';
import type { Classifier } from '../model-file.ts';
import { confusionTable } from '../output/confusion-table.ts';
import { count, loss, percent, plural } from '../output/numbers.ts';
import { Output } from '../output/output.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { UsageError } from '../usage-error.ts';

export interface EvaluateOptions {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly testLimit?: number;
  /** Names of metrics with commas between them. */
  readonly metrics?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

/** `sinapse evaluate`: measures a trained model on the test images of a data set. */
export async function evaluate(path: string, options: EvaluateOptions): Promise<number> {
  const output = new Output(options);
  checkDataset(options.dataset);
  const names = metricsIn(options.metrics);
  const backend = use(await openBackend(options.backend));
  try {
    const model = await openClassifier(path);
    const data = { ...(await loadTestData(options)), preprocessing: model.preprocessing };
    checkFits(model, data);

    const bar = new ProgressBar({ hidden: output.json });
    const source = testBatches(data);
    bar.start('Testing', source.length ?? 0);
    const result = await measure(
      model.model,
      { ...source, iterate: (given) => bar.through(source.iterate(given)) },
      { loss: model.loss, classes: model.classes, metrics: metricsFor(names, model) },
    ).finally(() => bar.stop());

    if (Number.isNaN(result.loss)) throw new ModelFileError(`${path} gives scores that are not numbers (NaN); its weights are damaged`);
    const { accuracy, confusion, examples, metrics } = result;
    output.event({
      event: 'evaluated',
      accuracy,
      loss: result.loss,
      ...(names.length > 0 && { metrics }),
      confusion,
      labels: model.labels,
      examples,
    });
    const { bold, green } = output.colors;
    output.line(`${bold(model.name)} from ${path} on ${bold(data.name)}: ${plural(examples, 'test image')}`);
    output.line(`${bold(`Accuracy ${green(percent(accuracy))}`)}, loss ${loss(result.loss)}`);
    for (const name of names) output.line(`${name} ${loss(metrics[name]!)}`);
    output.line();
    for (const line of confusionTable(confusion, model.labels, output.width, output.colors)) output.line(line);
    return exitCode.done;
  } finally {
    await backend.close();
  }
}

/** @throws UsageError when a name is no metric's */
function metricsIn(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim()).filter((name) => name !== ''); // prettier-ignore
  for (const name of names)
    if (!(metricNames as readonly string[]).includes(name)) throw new UsageError(unknownName('metric', name, metricNames));
  return [...new Set(names)];
}

function metricsFor(names: readonly string[], { output }: Classifier): Record<string, AccumulatedMetric> {
  const takesScores: readonly string[] = classMetricNames;
  return Object.fromEntries(names.map((name) => [name, createMetric(name, takesScores.includes(name) ? { from: output } : {})]));
}

/** @throws ModelFileError when the model takes images of another shape, or has fewer classes than the data set */
function checkFits({ path, inputShape, classes, preprocessing }: Classifier, { name, test, labels }: TestData): void {
  const pad = 2 * (preprocessing.pad ?? 0);
  const given = [test.height + pad, test.width + pad, test.channels];
  if (given.some((size, i) => size !== inputShape[i])) {
    throw new ModelFileError(
      `${path} takes images of ${formatShape(inputShape)} (height, width, channels), those of ${name} are ${formatShape(given)}`,
    );
  }
  if (labels.length !== classes)
    throw new ModelFileError(`${path} tells ${count(classes)} classes apart, ${name} has ${count(labels.length)}`);
}
