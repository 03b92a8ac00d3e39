// The queue of a device: work that is issued runs later, in order, and takes time. Answers come after a latency.

import type { BackendLostError } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import type { VirtualClock } from './clock.ts';

interface Answer {
  readonly reject: (error: unknown) => void;
  readonly cancel: () => void;
}

/** Waiting work is run when there is this much of it, or when somebody asks for an answer. */
const MOST_WAITING = 1024;

export class Queue {
  private readonly clock: VirtualClock;
  /** Milliseconds from the end of the work to the answer. */
  private readonly latency: number;
  private waiting: (() => void)[] = [];
  /** How many pieces of work were issued, including those that have run. */
  private issued = 0;
  /** The time when the device will have done all issued work. */
  private free = 0;
  /** Errors that no answer has reported yet. `after` is how many pieces of work were issued before the one that failed. */
  private readonly failures: { readonly after: number; readonly error: unknown }[] = [];
  private readonly answers = new Set<Answer>();
  private lost: BackendLostError | undefined;

  constructor(clock: VirtualClock, latency: number) {
    this.clock = clock;
    this.latency = latency;
  }

  /** Issues work for the device. If it fails, a later answer rejects with an error that starts with its name. */
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

  /** Resolves to the value of `take`, called when all work issued before has run. Rejects if some of that work failed or the device is lost. */
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

  /** Drops all waiting work, and rejects all pending answers. */
  lose(error: BackendLostError): void {
    this.lost = error;
    this.waiting = [];
    for (const { reject, cancel } of this.answers) {
      cancel();
      reject(error);
    }
    this.answers.clear();
  }

  /** Runs the waiting work. When it runs makes no difference to its results. */
  run(): void {
    const now = this.waiting;
    this.waiting = [];
    for (const step of now) step();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
