// What the shell is told. Scripts rely on these numbers: they are listed in the README.

export const exitCode = {
  done: 0,
  failure: 1,
  wrongUsage: 2,
  /** 128 + SIGINT, as shells have it; a SIGTERM ends a training in the same way. */
  interrupted: 130,
} as const;
