// Ends a training after some time.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback, Session } from '../callback.ts';

export interface TimeLimitOptions {
  /** The time that the training may take from its start, or from its resumption; a number > 0. */
  readonly seconds: number;
}

const OPTIONS: OptionChecks<TimeLimitOptions> = { seconds: check.required(check.positive) };

/**
 * A callback that ends the training with the first step, or validation, that is done after the time. It ends as with an aborted signal, but with
 * the reason `time`: the weights are those of the last step, `checkpointing` saves them, and the training can be resumed.
 * @throws SinapseError when an option is unknown, missing or out of range
 */
export function timeLimit(options: TimeLimitOptions): Callback {
  checkOptions('timeLimit', options, OPTIONS);
  let end = Infinity;
  const stopIfLate = (session: Session): void => {
    if (performance.now() >= end) session.stop('time');
  };
  return {
    onStart() {
      end = performance.now() + 1000 * options.seconds;
    },
    onStep: (_, session) => stopIfLate(session),
    onEpoch(_, session) {
      if (session.epoch <= session.epochs) stopIfLate(session); // a training that is finished is not stopped
    },
  };
}
