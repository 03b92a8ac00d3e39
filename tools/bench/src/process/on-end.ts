// What must not outlive this process: other processes, temporary files.

const cleanups = new Set<() => void>();

process.on('exit', () => {
  for (const clean of cleanups) clean();
});

/** Calls a function when this process ends, also by `process.exit`; not when it is killed. The returned function takes that back. */
export function onEnd(clean: () => void): () => void {
  cleanups.add(clean);
  return () => cleanups.delete(clean);
}
