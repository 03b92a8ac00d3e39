// The protocol between the benchmark and a contestant's process: one JSON object a line. Commands go to the process's standard input;
// replies come from its file descriptor 3, so that output of a library cannot mix with them.

export type Command =
  /** Computes the outputs once, to be compared. */
  | { readonly command: 'check' }
  /** Repeats the task for some seconds, at least once: first to warm up, then to measure. */
  | { readonly command: 'run'; readonly seconds: number }
  | { readonly command: 'memory' };

/** Sent without a command when the task is prepared. */
export interface Ready {
  /** The engine that computes: version, instruction set. */
  readonly engine: string;
}

export interface Checked {
  /** For each output, the values of the requested elements. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

export interface Ran {
  /** Median seconds of a run. */
  readonly median: number;
  readonly least: number;
  readonly runs: number;
  /** Processor seconds that all threads of the process spent during the runs. */
  readonly processorSeconds: number;
}

export interface MemoryHeld {
  /** The largest resident set so far, in bytes. */
  readonly peakBytes: number;
  /** Bytes that the library itself reports, in tensors and in reserve. */
  readonly tensorBytes?: number;
  readonly reservedBytes?: number;
}

/** Sent instead of any reply: the reason of a failure, after which the process ends. */
export interface Failed {
  readonly failed: string;
}
