// Shows a training while it runs: the progress bar, and a line or an event for each epoch.

import type { Callback, EpochResult, Session, StepInfo } from '@sinapse/training';
import { count, duration, loss, percent } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { wrap } from '../output/wrap.ts';

/** Of a training of more epochs, not each has a line. */
const MOST_LINES = 60;
const SHOWN_EACH = 10;

export class TrainingProgress implements Callback {
  private readonly bar: ProgressBar;
  private readonly output: Output;
  private readonly examples: number;
  private readonly title: string;

  /** @param examples number of those to train on @param title stands before the epoch, where there are several trainings */
  constructor(output: Output, examples: number, title = '') {
    this.output = output;
    this.examples = examples;
    this.title = title;
    this.bar = new ProgressBar({ hidden: output.json });
  }

  onStart(session: Session): void {
    this.startEpoch(session);
  }

  onStep({ examples, seconds, meanLoss, meanAccuracy }: StepInfo): void {
    const rate = examples / seconds;
    const accuracy = meanAccuracy === undefined ? [] : [`accuracy ${percent(meanAccuracy)}`];
    this.bar.update(examples, [`loss ${loss(meanLoss)}`, ...accuracy, `${count(rate)} examples/s`]);
  }

  onEpoch(result: EpochResult, session: Session): void {
    this.bar.stop();
    this.output.event({ event: 'epoch', ...(this.title !== '' && { training: this.title }), ...result });
    const { epoch } = result;
    const isShown = session.epochs <= MOST_LINES || epoch === 1 || epoch % SHOWN_EACH === 0;
    const parts = isShown ? this.partsOf(result, session) : [];
    for (const line of wrap(parts, this.output.width, (parts[0]?.length ?? 0) + 2)) this.output.line(line);
    this.startEpoch(session);
  }

  onStop(): void {
    this.bar.stop();
  }

  private startEpoch({ epoch, epochs }: Session): void {
    if (epoch <= epochs) this.bar.start(`${this.prefix}Epoch ${epoch}/${epochs}`, this.examples);
  }

  private get prefix(): string {
    return this.title === '' ? '' : `${this.title}  `;
  }

  private partsOf(result: EpochResult, { epochs }: Session): string[] {
    const { epoch, accuracy, valLoss, valAccuracy, seconds } = result;
    return [
      `${this.prefix}Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
      `loss ${loss(result.loss)}`,
      ...(accuracy === undefined ? [] : [`accuracy ${percent(accuracy)}`]),
      `validation loss ${loss(valLoss ?? NaN)}`,
      ...(valAccuracy === undefined ? [] : [`validation accuracy ${percent(valAccuracy)}`]),
      duration(seconds),
    ];
  }
}
