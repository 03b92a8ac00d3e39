// A virtual clock: it stands still while the host computes, and jumps ahead while the host waits. With it the time that a schedule takes is
// exact to the millisecond and the same on every machine.

/** Node has it, browsers do not. */
declare const setImmediate: ((callback: () => void) => void) | undefined;

interface Alarm {
  readonly due: number;
  readonly ring: () => void;
}

export class VirtualClock {
  private time = 0;
  private readonly alarms: Alarm[] = [];
  private turning = false;
  /** Whether the host called something since the last turn of the event loop, so that it is not waiting. */
  private busy = false;

  /** Milliseconds since the clock was made. */
  get now(): number {
    return this.time;
  }

  /** Moves the clock on, as if the host computed for so long. What falls due meanwhile happens when the host waits next. */
  spend(milliseconds: number): void {
    this.time += milliseconds;
    this.touch();
  }

  /** Notes that the host called something, so that it is not waiting. */
  touch(): void {
    this.busy = true;
  }

  /**
   * Calls `ring` at time `due`: when the host does nothing but wait, and everything due earlier has rung.
   * @returns a function that cancels the call
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

  /** The host counts as waiting when it called nothing in a whole turn of the event loop. A host that only yields has called again by then. */
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
