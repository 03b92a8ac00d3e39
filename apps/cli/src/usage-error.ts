/** Says that the command line is wrong; nothing was read or written. The message is one line that says what would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}
