// A clock that stands still while the host computes and jumps ahead while it waits, so that what a schedule costs can be measured to the
// millisecond, and is the same on every machine.

/** Node's; browsers have none. */
declare const setImmediate: ((callback: () => void) => void) | undefined;

interface Alarm {
  readonly due: number;
  readonly ring: () => void;
}

export class VirtualClock {
  private time = 0;
  private readonly alarms: Alarm[] = [];
  private turning = false;
  /** Whether the host did something since the last turn of the event loop: it is not waiting then. */
  private busy = false;

  /** Milliseconds since the clock was made. */
  get now(): number {
    return this.time;
  }

  /** The host computes for so long: whatever is due meanwhile has happened when it waits next. */
  spend(milliseconds: number): void {
    this.time += milliseconds;
    this.touch();
  }

  /** The host is not waiting: it called something. */
  touch(): void {
    this.busy = true;
  }

  /**
   * Calls `ring` once the host has nothing to do but wait, and everything due before has rung.
   * @returns what takes it back
   */
  at(due: number, ring: () => void): () => void {
    const alarm = { due, ring };
    let index = this.alarms.length;
    while (index > 0 && this.alarms[index - 1]!.due > due) index--;
    this.alarms.splice(index, 0, alarm);
    this.touch();
    if (!this.turning) {
      this.turning = true;
      nextTurn(this.turn);
    }
    return () => {
      const at = this.alarms.indexOf(alarm);
      if (at >= 0) this.alarms.splice(at, 1);
    };
  }

  /** The host waits when a whole turn of the event loop went by without a call: one that only lets others have a turn is back by then. */
  private readonly turn = (): void => {
    if (this.busy) this.busy = false;
    else {
      const next = this.alarms.shift();
      if (next !== undefined) {
        this.time = Math.max(this.time, next.due);
        this.touch();
        next.ring();
      }
    }
    this.turning = this.alarms.length > 0;
    if (this.turning) nextTurn(this.turn);
  };
}

function nextTurn(callback: () => void): void {
  if (typeof setImmediate === 'function') {
    setImmediate(callback);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
}
