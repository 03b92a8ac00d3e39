// Shows and saves a training while it runs: the progress bar, a line or an event for each epoch, checkpoints.

import type { BatchSource, Callback, EpochResult, Session, StepInfo } from '@sinapse/training';
import { count, duration, loss, percent } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import type { Output } from '../output/output.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { wrap } from '../output/wrap.ts';
import type { RunFolder } from './run-folder.ts';
import type { Settings } from './settings.ts';

/** Longest time between checkpoints, which are also written after each epoch: a power cut costs no more than this. */
const secondsBetweenSaves = 60;

export class Recorder implements Callback {
  private readonly output: Output;
  private readonly folder: RunFolder;
  private readonly settings: Settings;
  private readonly images: number;
  private readonly bar: ProgressBar;
  private savedAt: number = performance.now();

  /** @param images number of images in the training set */
  constructor(output: Output, folder: RunFolder, settings: Settings, images: number) {
    this.output = output;
    this.folder = folder;
    this.settings = settings;
    this.images = images;
    this.bar = new ProgressBar({ hidden: output.json });
  }

  async onStart(session: Session): Promise<void> {
    for (const warning of session.warnings) note(warning);
    if (session.globalStep === 0) await this.save(session); // so that a failure in the first epoch leaves a checkpoint
    this.startEpoch(session);
  }

  async onStep(info: StepInfo, session: Session): Promise<void> {
    const rate = info.examples / info.seconds;
    const imagesLeft = (session.epochs - info.epoch + 1) * this.images - info.examples;
    this.bar.update(info.examples, [
      `loss ${loss(info.meanLoss)}`,
      `accuracy ${percent(info.meanAccuracy ?? 0)}`,
      `${duration(imagesLeft / rate)} left`,
      `${count(rate)} images/s`,
    ]);
    if (performance.now() - this.savedAt > secondsBetweenSaves * 1000) await this.save(session);
  }

  async onEpoch(result: EpochResult, session: Session): Promise<void> {
    this.bar.stop();
    this.output.event({ event: 'epoch', ...result });
    for (const line of this.epochLines(result, session)) this.output.line(line);
    await this.save(session);
    this.startEpoch(session);
  }

  async onStop(reason: string, session: Session): Promise<void> {
    this.bar.stop();
    if (reason === 'aborted' && session.globalStep > 0) await this.save(session);
  }

  /** Shows the progress through the test images too. */
  watch(source: BatchSource): BatchSource {
    const { bar } = this;
    return {
      length: source.length,
      async *iterate(options) {
        bar.stop();
        bar.start('Testing', source.length ?? 0);
        try {
          yield* bar.through(source.iterate(options));
        } finally {
          bar.stop();
        }
      },
    };
  }

  /** Clears the progress bar. */
  stop(): void {
    this.bar.stop();
  }

  private startEpoch({ epoch, epochs, step }: Session): void {
    if (epoch <= epochs) this.bar.start(`Epoch ${epoch}/${epochs}`, this.images, Math.min(this.images, step * this.settings.batchSize));
  }

  private epochLines(result: EpochResult, { epochs }: Session): string[] {
    const { bold, green, dim } = this.output.colors;
    const plain = [
      `Epoch ${String(result.epoch).padStart(String(epochs).length)}/${epochs}`,
      `loss ${loss(result.loss)}`,
      `accuracy ${percent(result.accuracy ?? 0)}`,
      `test loss ${loss(result.valLoss ?? NaN)}`,
      `test accuracy ${percent(result.valAccuracy ?? 0)}`,
      duration(result.seconds),
      `${count(result.examplesPerSecond)} images/s`,
    ];
    // Lines are wrapped before colours are added, because colour codes have no width.
    return wrap(plain, this.output.width, plain[0]!.length + 2).map((line) =>
      line.replace(plain[0]!, bold).replace(plain[4]!, green).replace(plain[5]!, dim).replace(plain[6]!, dim),
    );
  }

  private async save(session: Session): Promise<void> {
    await this.folder.save(await session.checkpoint(), this.settings);
    this.savedAt = performance.now();
  }
}
