/** Writes a line to standard error: an error or a remark, never a result. With --json too. */
export function note(text: string): void {
  process.stderr.write(`sinapse: ${text}\n`);
}
