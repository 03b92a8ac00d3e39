// Cleans up what must not outlive this process: other processes and temporary files.

const cleanups = new Set<() => void>();

process.on('exit', () => {
  for (const clean of cleanups) clean();
});

/** Calls a function when this process ends, also by `process.exit`, but not when it is killed. The returned function cancels this. */
export function onEnd(clean: () => void): () => void {
  cleanups.add(clean);
  return () => cleanups.delete(clean);
}
