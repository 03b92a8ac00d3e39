/** Adds up running time in seconds, by a monotonic clock. */
export class Stopwatch {
  private before: number;
  private startedAt: number | undefined;

  /** @param before seconds already counted before a resumption */
  constructor(before = 0) {
    this.before = before;
  }

  get seconds(): number {
    return this.before + (this.startedAt === undefined ? 0 : (performance.now() - this.startedAt) / 1000);
  }

  start(): void {
    this.startedAt ??= performance.now();
  }

  stop(): void {
    this.before = this.seconds;
    this.startedAt = undefined;
  }
}
