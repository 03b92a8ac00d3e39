// What the benchmark and a contestant's process say to each other: one JSON object a line, commands on the process's standard input, a reply to
// each on its file descriptor 3, so that nothing a library prints comes between.

export type Command =
  /** Computes the outputs once, to be compared. */
  | { readonly command: 'check' }
  /** Runs again and again for some seconds, at least once: first to warm up, then to measure. */
  | { readonly command: 'run'; readonly seconds: number }
  | { readonly command: 'memory' };

/** Sent once the task is prepared, without a command. */
export interface Ready {
  /** What does the work: version, instruction set. */
  readonly engine: string;
}

export interface Checked {
  /** By output, the values of the elements asked for. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

export interface Ran {
  /** Seconds of a run: the median of those made. */
  readonly median: number;
  readonly least: number;
  readonly runs: number;
  /** Processor seconds that the process spent meanwhile, all threads together. */
  readonly processorSeconds: number;
}

export interface MemoryHeld {
  /** The largest resident set so far, in bytes. */
  readonly peakBytes: number;
  /** What the library itself says it holds: bytes in tensors, and in reserve. */
  readonly tensorBytes?: number;
  readonly reservedBytes?: number;
}

/** Instead of any reply: why it cannot be given. The process ends. */
export interface Failed {
  readonly failed: string;
}
