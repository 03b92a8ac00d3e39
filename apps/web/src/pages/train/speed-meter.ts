// How fast a training runs: examples and steps by time, over the last steps.

/** Steps over which the speed is measured. */
const WINDOW = 40;

export class SpeedMeter {
  private readonly times: { at: number; readonly examples: number }[] = [];

  /** @param examples seen since the beginning of the epoch */
  step(examples: number): void {
    this.times.push({ at: performance.now(), examples });
    if (this.times.length > WINDOW) this.times.shift();
  }

  /** Leaves out the time since the last step. */
  skip(): void {
    const last = this.times.at(-1);
    if (last !== undefined) last.at = performance.now();
  }

  clear(): void {
    this.times.length = 0;
  }

  /** NaN before there are two steps. */
  get speed(): { readonly examplesPerSecond: number; readonly millisecondsPerStep: number } {
    const [first, last] = [this.times[0], this.times.at(-1)];
    const milliseconds = first === undefined || last === undefined ? 0 : last.at - first.at;
    if (milliseconds <= 0) return { examplesPerSecond: NaN, millisecondsPerStep: NaN };
    return {
      examplesPerSecond: (1000 * (last!.examples - first!.examples)) / milliseconds,
      millisecondsPerStep: milliseconds / (this.times.length - 1),
    };
  }
}
