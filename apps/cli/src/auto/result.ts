// The end of a training: the test, the model file, the record of the run, and words about all of it.

import type { Backend } from '@sinapse/core';
import type { Json } from '@sinapse/training';
import { saveModel } from '@sinapse/training/node';
import { percent } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import { confusionTable } from '../output/confusion-table.ts';
import type { DataSummary, RunData } from '../report/run-data.ts';
import { writeRunData } from '../report/run-data.ts';
import type { Language } from '../report/words.ts';
import { writeReport } from '../report/write-report.ts';
import type { Trained } from './trained.ts';
import { environmentOf } from './environment.ts';
import { foundEvent } from './found.ts';
import { importanceOf, picturesOf } from './look-into.ts';
import { answerOf } from '../report/measures.ts';
import { baselineOf, measure, radiusOf } from './measure.ts';
import type { Measured } from './measure.ts';
import { present } from './auto-settings.ts';
import { findingsOf, short } from './verdict.ts';

/** Measures a trained model, keeps it, and says how good it is. */
export async function finish(
  trained: Trained,
  backend: Backend,
  output: Output,
  { lang = 'en', report: wanted = true }: { readonly lang?: Language | undefined; readonly report?: boolean | undefined },
): Promise<void> {
  const { problem, model, loss, folder, history, stopped, parameters, settings, folds, seconds } = trained;
  const measured = await measure(problem, model, problem.parts.test);
  const radius = problem.task === 'regression' ? radiusOf(await measure(problem, model, problem.parts.validation)) : undefined;
  const baseline = baselineOf(problem);
  const findings = findingsOf({ problem, measured, baseline, history, stopped });
  await saveModel(folder.model, model, {
    inputShape: [...problem.inputShape],
    ...(problem.task === 'classification' && { labels: [...problem.classNames] }),
    preprocessing: radius === undefined ? problem.preprocessing : { ...(problem.preprocessing as Readonly<Record<string, Json>>), radius },
    trainedOn: problem.name,
    metrics: Object.fromEntries(Object.entries(measured.metrics).map(([name, value]) => [`test${name[0]!.toUpperCase()}${name.slice(1)}`, value])), // prettier-ignore
  });
  const writeIt = async (): Promise<string> => {
    const { event: _, ...data } = foundEvent(problem);
    const record: RunData = {
      version: 1,
      task: problem.task,
      data: data as unknown as DataSummary,
      model: { name: settings.model, options: settings.modelOptions ?? {}, parameters, networks: settings.ensemble ?? 1 },
      settings: { ...present(settings) },
      history,
      stopped,
      test: { metrics: measured.metrics, ...(measured.interval && { interval: measured.interval }), ...(radius !== undefined && { radius }), predictions: measured.predictions }, // prettier-ignore
      baseline,
      ...(folds && { folds }),
      findings,
      ...(problem.kind === 'images' ? { pictures: await picturesOf(problem, model, measured.predictions) } : { importance: await importanceOf(problem, model, loss) }), // prettier-ignore
      seconds,
      environment: { ...environmentOf(backend) },
    };
    await writeRunData(folder.path, record);
    return writeReport(folder.path, { lang });
  };
  const report = wanted ? await writeIt() : undefined;
  output.event({ event: 'done', ...measured.metrics, baseline, ...(radius !== undefined && { radius }), findings, parameters, seconds, stopped, model: folder.model, ...(report !== undefined && { report }) }); // prettier-ignore
  sayResult(trained, measured, radius, findings.map(({ text }) => text), output); // prettier-ignore
}

function sayResult(
  { problem, folder }: Trained,
  { metrics, interval, predictions }: Measured,
  radius: number | undefined,
  words: readonly string[],
  output: Output,
): void {
  const { bold, green } = output.colors;
  output.line();
  if (problem.task === 'classification') {
    const range = interval === undefined ? '' : ` (on others like them, ${percent(interval.low)} to ${percent(interval.high)})`;
    output.line(`${bold(`Test accuracy ${green(percent(metrics['accuracy']!))}`)}${range}`);
    output.line();
    const confusion = problem.classNames.map(() => problem.classNames.map(() => 0));
    for (const { target, probabilities } of predictions) confusion[target]![answerOf(probabilities!)]!++;
    for (const line of confusionTable(confusion, problem.classNames, output.width, output.colors)) output.line(line);
  } else {
    output.line(`${bold(`Test error ${green(short(metrics['rootMeanSquaredError']!))}`)} (root mean square); a true value lies within ± ${short(radius!)} of what it says, in 95 of 100 cases`); // prettier-ignore
  }
  output.line();
  for (const text of words) output.line(text);
  output.line();
  output.line(`Model: ${bold(folder.model)}`);
  output.line(`Report: ${bold(folder.file('report.html'))}`);
  output.line('Use it:');
  output.command(['predict', folder.model, problem.kind === 'images' ? 'picture.jpg' : 'rows.csv']);
}
