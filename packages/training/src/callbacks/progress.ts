// Says how a training goes: one line for each epoch.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback, Session } from '../callback.ts';
import type { EpochResult } from '../epoch-result.ts';

export interface ProgressOptions {
  /** Takes each line, without a line break. Default `console.log`. */
  readonly write?: (line: string) => void;
}

const PROGRESS: OptionChecks<ProgressOptions> = { write: check.callable };

declare const console: { log(line: string): void };

/**
 * A callback that writes a line after each epoch: its loss, accuracy and metrics, the speed, and the time left if further epochs take as long
 * as those so far: `epoch 2 of 5: loss 0.4103, accuracy 87.50%, valLoss 0.3866, 9,210 examples/s, 12 s left`. It also writes the warnings of
 * the training, and why it ended early.
 * @throws SinapseError when an option is unknown or no function
 */
export function progress(options: ProgressOptions = {}): Callback {
  checkOptions('progress', options, PROGRESS);
  const { write = (line: string) => console.log(line) } = options;
  let start = 0;
  let before = 0;
  return {
    onStart({ history, warnings }) {
      start = performance.now();
      before = history.length;
      for (const warning of warnings) write(`warning: ${warning}`);
    },
    onEpoch(result, session) {
      const secondsEach = (performance.now() - start) / 1000 / (session.history.length - before);
      write(lineOf(result, session, secondsEach));
    },
    onStop(reason, { history }) {
      if (reason !== 'finished' && reason !== 'failed') write(`stopped after ${history.length} epochs: ${reason}`);
    },
  };
}

function lineOf(result: EpochResult, { epochs }: Session, secondsEach: number): string {
  const { epoch, metrics = {}, valMetrics = {}, examplesPerSecond } = result;
  const parts = [
    ...(['loss', 'accuracy'] as const).map((name) => measure(name, result[name])),
    ...Object.entries(metrics).map(([name, value]) => measure(name, value)),
    ...(['valLoss', 'valAccuracy'] as const).map((name) => measure(name, result[name])),
    ...Object.entries(valMetrics).map(([name, value]) => measure(`val ${name}`, value)),
    `${Math.round(examplesPerSecond).toLocaleString('en-US')} examples/s`,
    epoch < epochs ? `${duration(secondsEach * (epochs - epoch))} left` : undefined,
  ];
  return `epoch ${epoch} of ${epochs}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function measure(name: string, value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/accuracy$/i.test(name)) return `${name} ${(100 * value).toFixed(2)}%`;
  const [size, short] = [Math.abs(value), value.toFixed(4)];
  return `${name} ${size === 0 || (size >= 1e-3 && size < 1e6) ? short : value.toExponential(2)}`;
}

/** `8 s`, `3 min 20 s` or `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (whole < 60) return `${whole} s`;
  return hours === 0 ? `${minutes} min ${whole % 60} s` : `${hours} h ${minutes} min`;
}
