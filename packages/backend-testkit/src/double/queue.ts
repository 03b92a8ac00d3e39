// A device's queue: what is issued runs later, in order, and takes time; answers come later still.

import type { BackendLostError } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import type { VirtualClock } from './clock.ts';

interface Answer {
  readonly reject: (error: unknown) => void;
  readonly cancel: () => void;
}

/** What waits is run when there is this much of it, if nobody asks before. */
const MOST_WAITING = 1024;

export class Queue {
  private readonly clock: VirtualClock;
  /** Milliseconds from the end of what was asked about to the answer. */
  private readonly latency: number;
  private waiting: (() => void)[] = [];
  /** How many were issued, those that have run included. */
  private issued = 0;
  /** When the device will have done everything issued. */
  private free = 0;
  /** Errors of what has run, which no answer has given yet, and how many had been issued before. */
  private readonly failures: { readonly after: number; readonly error: unknown }[] = [];
  private readonly answers = new Set<Answer>();
  private lost: BackendLostError | undefined;

  constructor(clock: VirtualClock, latency: number) {
    this.clock = clock;
    this.latency = latency;
  }

  /** Something for the device to do. Its error is given by a later answer, and names it. */
  issue(name: string, run: () => void, milliseconds = 0): void {
    const after = this.issued++;
    this.clock.touch();
    this.free = Math.max(this.free, this.clock.now) + milliseconds;
    this.waiting.push(() => {
      try {
        run();
      } catch (error) {
        this.failures.push({ after, error: new BackendError(`${name}: ${messageOf(error)}`, { cause: error }) });
      }
    });
    if (this.waiting.length >= MOST_WAITING) this.run();
  }

  /** What `take` finds once everything issued before has run. Rejects with an error of it, or with the loss of the device. */
  answer<T>(take: () => T): Promise<T> {
    if (this.lost !== undefined) return Promise.reject(this.lost);
    const before = this.issued;
    let value: T;
    this.issue('read', () => void (value = take()));
    return new Promise<T>((resolve, reject) => {
      const cancel = this.clock.at(this.free + this.latency, () => {
        this.answers.delete(answer);
        this.run();
        const failed = this.failures.findIndex(({ after }) => after <= before);
        if (failed < 0) resolve(value);
        else reject(this.failures.splice(failed, 1)[0]!.error);
      });
      const answer: Answer = { reject, cancel };
      this.answers.add(answer);
    });
  }

  /** Nothing that waits will run any more; whoever waits for an answer is told. */
  lose(error: BackendLostError): void {
    this.lost = error;
    this.waiting = [];
    for (const { reject, cancel } of this.answers) {
      cancel();
      reject(error);
    }
    this.answers.clear();
  }

  /** Runs what waits. When that happens shows in nothing but errors. */
  run(): void {
    const now = this.waiting;
    this.waiting = [];
    for (const step of now) step();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
