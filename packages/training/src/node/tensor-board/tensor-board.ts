// Writes a training as an event file, which TensorBoard shows.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Callback, Session } from '../../callback.ts';
import { GradientNorms } from '../../callbacks/gradient-health/gradient-norms.ts';
import type { EpochResult } from '../../epoch-result.ts';
import { TrainingError } from '../../errors.ts';
import { readWeights } from '../../weights.ts';
import { AppendFile } from '../append-file.ts';
import { NAME, fileLog } from '../file-log.ts';
import { PATH, writeProblem } from '../write-file-atomic.ts';
import type { SummaryValue } from './event.ts';
import { graphRecord, summaryRecord, versionRecord } from './event.ts';
import type { DrawnGraph } from './graph.ts';
import { GRAPH, graphDef } from './graph.ts';
import type { Image } from './png.ts';
import { checkImage } from './png.ts';

export interface TensorBoardOptions {
  /** Writes the loss each time this many steps are done; an integer of at least 1. Default 10. */
  readonly everySteps?: number;
  /** Writes histograms of all parameters and states after each so many epochs; an integer >= 0. Default 0: never. */
  readonly histograms?: number;
  /** Writes the norms of gradients, updates and weights of each layer after each epoch, as `gradientHealth` takes them. Default false. */
  readonly gradients?: boolean;
  /** Gives images by tag after each epoch: filters, predictions beside their inputs, … */
  readonly images?: (session: Session) => Readonly<Record<string, Image>> | Promise<Readonly<Record<string, Image>>>;
  /** The graph of the model, `graphOf(model)` of @sinapse/layers. */
  readonly graph?: DrawnGraph;
  /** The name under which checkpoints keep how far the file is. Two logs need different names. Default `tensorBoard`. */
  readonly name?: string;
}

const TENSOR_BOARD: OptionChecks<TensorBoardOptions> = {
  everySteps: check.count,
  histograms: check.natural,
  gradients: check.flag,
  images: check.callable,
  graph: GRAPH,
  name: NAME,
};

/** Steps from one whose gradients are looked at to the next. */
const STEPS_BETWEEN_NORMS = 100;

/** Any name will do that contains `tfevents`. */
const FILE = 'events.out.tfevents.sinapse';

/**
 * A callback that writes an event file for TensorBoard into a folder, which it makes if there is none: `tensorboard --logdir FOLDER`.
 * Scalars are `loss/step`, and for each epoch `loss/training`, `loss/validation`, the same of the accuracy and of each metric, and
 * `speed/examplesPerSecond`; `norm of gradient/LAYER` and so on; histograms `weights/PATH`; images and the graph if they are given. All are
 * drawn over the number of steps done. A new training begins the file anew. A resumed one goes on after its checkpoint, so that nothing is
 * missing or there twice.
 * @throws SinapseError when the folder is none or an option unknown; in use TrainingError in one line when the file cannot be written
 */
export function tensorBoard(folder: string, options: TensorBoardOptions = {}): Callback {
  checkValue('tensorBoard: folder', folder, { ...PATH, expected: 'the path of a folder' });
  checkOptions('tensorBoard', options, TENSOR_BOARD);
  const { everySteps = 10, histograms = 0, gradients = false, images, graph, name = 'tensorBoard' } = options;
  const file = new AppendFile('tensorBoard', join(folder, FILE));
  let norms = new GradientNorms(STEPS_BETWEEN_NORMS);
  const log = fileLog({
    name,
    file,
    begin: () => Buffer.concat([versionRecord(), ...(graph === undefined ? [] : [graphRecord(graphDef(graph))])]),
    async addEpoch(result, session) {
      const values: SummaryValue[] = scalarsOf(result);
      // Weights and images are those of now: not of an epoch before a resumption that the log was not told of.
      if (result.epoch === session.epoch - 1) {
        if (histograms > 0 && result.epoch % histograms === 0)
          for (const [path, { data }] of await readWeights(session.model))
            values.push({ tag: `weights/${path}`, values: data as ArrayLike<number> });
        for (const { layer, ...parts } of (await norms.take()).flat())
          for (const [part, scalar] of Object.entries(parts)) values.push({ tag: `norm of ${part}/${layer}`, scalar });
        for (const [tag, image] of Object.entries((await images?.(session)) ?? {})) {
          checkImage(`tensorBoard: the image ${tag}`, image);
          values.push({ tag, image });
        }
      }
      file.add(summaryRecord(stepAfter(result, session), values));
    },
  });
  return {
    ...log,
    ...(gradients && { wantsGradients: (globalStep) => norms.wants(globalStep), onGradients: (info) => norms.watch(info) }),
    onStart(session) {
      norms = new GradientNorms(STEPS_BETWEEN_NORMS);
      try {
        mkdirSync(folder, { recursive: true });
      } catch (error) {
        throw new TrainingError(`write ${folder}: ${writeProblem(error, 0)}`, { cause: error });
      }
      return log.onStart!(session);
    },
    onStep({ globalStep, loss }) {
      if (globalStep % everySteps === 0) file.add(summaryRecord(globalStep, [{ tag: 'loss/step', scalar: loss }]));
    },
  };
}

function scalarsOf(result: EpochResult): SummaryValue[] {
  const { loss, accuracy, metrics, valLoss, valAccuracy, valMetrics, examplesPerSecond } = result;
  const group = (name: string, training: number | undefined, validation: number | undefined): SummaryValue[] =>
    Object.entries({ training, validation }).flatMap(([part, scalar]) =>
      scalar === undefined ? [] : [{ tag: `${name}/${part}`, scalar }],
    );
  return [
    ...group('loss', loss, valLoss),
    ...group('accuracy', accuracy, valAccuracy),
    ...Object.keys(metrics ?? {}).flatMap((name) => group(name, metrics?.[name], valMetrics?.[name])),
    { tag: 'speed/examplesPerSecond', scalar: examplesPerSecond },
  ];
}

/** The number of steps done after an epoch; for earlier epochs as many fewer as they have steps, if the source knows it. */
function stepAfter({ epoch }: EpochResult, { globalStep, epoch: current, step, steps = 0 }: Session): number {
  return globalStep - step - (current - 1 - epoch) * steps;
}
