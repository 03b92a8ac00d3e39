// Watches the gradients of a training, layer by layer.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback } from '../../callback.ts';
import { diagnose } from './diagnosis.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { LayerNorms } from './gradient-norms.ts';
import { GradientNorms } from './gradient-norms.ts';

/** The gradients of an epoch. */
export interface GradientReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The layers of the model; where a step of one's own trains several parts, those of one after the other. */
  readonly layers: readonly LayerNorms[];
  /** What is wrong, if anything is. */
  readonly diagnosis?: Diagnosis;
}

export interface GradientHealthOptions {
  /** How many steps from one that is looked at to the next; an integer of at least 1. The first step of each epoch always is. Default 100. */
  readonly everySteps?: number;
  /** Takes the sentence when gradients begin to vanish or to explode, without a line break. Default `console.warn`. */
  readonly write?: (line: string) => void;
  /** Takes the norms of each epoch. */
  readonly report?: (report: GradientReport) => void;
}

const OPTIONS: OptionChecks<GradientHealthOptions> = { everySteps: check.count, write: check.callable, report: check.callable };

declare const console: { warn(line: string): void };

/**
 * A callback that takes the norms of gradients, updates and weights of each layer, and says in one sentence when gradients vanish or
 * explode, in which layers, and what helps. A gradient vanishes where its norm is below 1/10,000 of that of the layer where it is largest. It
 * explodes where it is over 100 times the norm of the layer's weights, or over 5 times that and over 50 times that of the last layer's
 * gradient, or not finite. The sentence comes when this begins, not again in each epoch. A step that is looked at computes three sums for each
 * parameter, other steps nothing.
 * @throws SinapseError when an option is unknown or out of range
 */
export function gradientHealth(options: GradientHealthOptions = {}): Callback {
  checkOptions('gradientHealth', options, OPTIONS);
  const { everySteps = 100, write = (line: string) => console.warn(line), report } = options;
  let norms = new GradientNorms(everySteps);
  let known: Diagnosis['kind'] | undefined;
  const tell = async (epoch: number): Promise<void> => {
    const sets = await norms.take();
    if (sets.length === 0) return;
    const layers = sets.flat();
    const diagnosis = sets.map(diagnose).find((found) => found !== undefined);
    report?.({ epoch, layers, ...(diagnosis && { diagnosis }) });
    if (diagnosis !== undefined && diagnosis.kind !== known) write(`epoch ${epoch}: ${diagnosis.sentence}`);
    known = diagnosis?.kind;
  };
  return {
    onStart() {
      norms = new GradientNorms(everySteps);
      known = undefined;
    },
    wantsGradients: (globalStep) => norms.wants(globalStep),
    onGradients: (info) => norms.watch(info),
    onEpoch: ({ epoch }) => tell(epoch),
    // A training that fails or stops within an epoch is one whose gradients matter.
    onStop: (_, { epoch, epochs }) => (epoch > epochs ? undefined : tell(epoch)),
  };
}
