/** A line on standard error: an error or a remark, never a result. It goes there with --json as well. */
export function note(text: string): void {
  process.stderr.write(`sinapse: ${text}\n`);
}
