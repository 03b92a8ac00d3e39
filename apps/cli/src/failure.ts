// Turns any error into one line that says what to do.

import { exitCode } from './exit-code.ts';
import { printable } from './output/printable.ts';
import { UsageError } from './usage-error.ts';

/** The line for standard error, without the name of the program. */
export function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  return oneLine(
    systemReason(error) ?? memoryReason(error) ?? lossReason(error) ?? (isExpected(error) ? inWords(error) : unexpected(error)),
  );
}

/** The exit code for an error. */
export function failureCode(error: unknown): number {
  return error instanceof UsageError ? exitCode.wrongUsage : exitCode.failure;
}

/**
 * Whether an error is one that Sinapse throws on purpose. It is recognised by its name, not its class: its package is loaded only by
 * the commands that need it, and a second copy may be installed.
 */
function isExpected(error: Error): boolean {
  return error.name !== 'Error' && !nativeErrors.has(error.name);
}

const nativeErrors = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError', 'AssertionError']);

/** The message of an expected error. If it quotes its cause, an error of the operating system, the quote is put in plain words. */
function inWords({ message, cause }: Error): string {
  const reason = cause instanceof Error ? systemReason(cause) : undefined;
  return reason === undefined ? message : message.replace((cause as Error).message, () => reason);
}

function unexpected(error: Error): string {
  return `unexpected error: ${error.message} (this is a fault of sinapse; --verbose shows where it arose)`;
}

/** An error of the operating system in plain words. */
function systemReason(error: Error): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path ?? 'the file';
  switch (code) {
    case 'ENOENT':
      return `${where} does not exist`;
    case 'EISDIR':
      return `${where} is a folder, but a file is needed`;
    case 'ENOTDIR':
      return `${where} leads through a file, not a folder`;
    case 'EEXIST':
      return `${where} is a file, but a folder is needed`;
    case 'EACCES':
    case 'EPERM':
      return `no permission for ${where}; choose another place or change its permissions`;
    case 'EROFS':
      return `${where} is on a read-only disk; choose another place`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full: ${where} could not be written; free some space, what was saved before is still there`;
    case 'EFBIG':
      return `${where} would be larger than the disk or a limit of the system (ulimit -f) allows`;
    case 'ELOOP':
      return `${where} leads nowhere: its symbolic links go round in a circle`;
    case 'ENAMETOOLONG':
      return 'a file name is too long for this disk';
    case 'ERR_FS_FILE_TOO_LARGE':
      return `${where} is too large to be read`;
    default:
      return undefined;
  }
}

/** Memory that core could not get, or V8 for an array of this program's own. */
function memoryReason({ name, message }: Error): string | undefined {
  if (name !== 'OutOfMemoryError' && !(name === 'RangeError' && /allocation failed|invalid (typed )?array (buffer )?length/i.test(message)))
    return undefined;
  return `not enough memory (${message}); a smaller --batch-size needs less`;
}

/** A lost device. Its error tells programmers to make a new backend; here that is to start the command again. */
function lossReason({ name, message }: Error): string | undefined {
  if (name !== 'BackendLostError') return undefined;
  return message.replace(/; make a new backend.*$/s, '; start the command again, or with --backend cpu');
}

/** The longest line: a message may quote a file. Of a longer one the middle is left out, since its end says what to do. */
const LONGEST = 1000;
const END = 300;

function oneLine(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - END - 1)}…${text.slice(-END)}` : text;
  const lines = short.split('\n').map((line) => line.trim());
  return printable(lines.filter((line) => line !== '').join(' '));
}
