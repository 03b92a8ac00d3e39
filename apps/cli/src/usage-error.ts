/** The command line itself is wrong: nothing was read and nothing was written. Its message is one line that says what would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}
