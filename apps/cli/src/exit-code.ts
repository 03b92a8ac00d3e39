// The exit codes. Scripts rely on these numbers, and the README lists them.

export const exitCode = {
  done: 0,
  failure: 1,
  wrongUsage: 2,
  /** 128 + SIGINT, the convention of shells; a SIGTERM ends a training with the same code. */
  interrupted: 130,
} as const;
