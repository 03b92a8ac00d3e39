// What differs between platforms: how a shell takes words, how programs are started, which signals ask to stop. The platform is always an argument,
// so that the rules of each are tested on every one.

export type Shell = 'sh' | 'cmd' | 'powershell';

/** The shell in which a proposed command will be typed, as far as the environment tells. */
export function shellOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Shell {
  if (platform !== 'win32' || env['MSYSTEM'] !== undefined) return 'sh'; // MSYSTEM: Git Bash and its kin
  return env['PROMPT'] === undefined ? 'powershell' : 'cmd'; // cmd.exe sets PROMPT, PowerShell does not
}

/** Words that a shell takes as they are. */
const plain: Readonly<Record<Shell, RegExp>> = {
  sh: /^[\w@%+=:,./-]+$/,
  cmd: /^[\w@+:./\\-]+$/,
  powershell: /^[\w+:./\\-][\w+:=./\\-]*$/,
};

const quoted: Readonly<Record<Shell, (word: string) => string>> = {
  sh: (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  // A program for Windows reads two quotes within quotes as one; backslashes before a quote count twice.
  cmd: (word) => `"${word.replace(/(\\*)"/g, '$1$1""').replace(/\\+$/, '$&$&')}"`,
  powershell: (word) => `"${word.replace(/["$`]/g, '`$&')}"`,
};

/** Quotes a word so that a shell takes it literally, if it needs that. */
export function quoteArgument(word: string, shell: Shell): string {
  return plain[shell].test(word) ? word : quoted[shell](word);
}

/** What ends a line of a command that goes on in the next line. */
export function continuation(shell: Shell): string {
  return { sh: '\\', cmd: '^', powershell: '`' }[shell];
}

/** What to give to `spawn`: on Windows, npm and its kin are .cmd files, which only cmd.exe runs, and it takes one line. */
export function commandLine(
  platform: NodeJS.Platform,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[]; readonly shell: boolean } {
  if (platform !== 'win32') return { program, args, shell: false };
  return { program: [program, ...args].map((word) => quoteArgument(word, 'cmd')).join(' '), args: [], shell: true };
}

/** The signals that ask a program to stop: Ctrl-C, the end of the terminal, and what `kill` sends or, on Windows, Ctrl-Break. */
export function stopSignals(platform: NodeJS.Platform): readonly NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
}
