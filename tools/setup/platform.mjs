// What differs between platforms when programs are started and ended. The platform is an argument, so that the rules of each are tested on
// every one. (The command line has its own rules, in apps/cli/src/platform.ts: this file runs before anything is built.)

/** Quotes a word for cmd.exe and for the program that it starts. */
const forCmd = (word) => (/^[\w@+:./\\=-]+$/.test(word) ? word : `"${word.replace(/(\\*)"/g, '$1$1""').replace(/\\+$/, '$&$&')}"`);

/**
 * What to give to `spawn`, `execFile` and their kin. On Windows npx and tsc are .cmd files, which only cmd.exe runs, and it takes one line.
 * Elsewhere the program can be made the first of a process group, so that a signal reaches all it starts.
 */
export function commandLine(platform, command, args) {
  if (platform === 'win32') return { command: [command, ...args].map(forCmd).join(' '), args: [], options: { shell: true } };
  return { command, args, options: {} };
}

/** How to end a program and all it started: a process group to signal or, on Windows, a command to run. */
export function ending(platform, pid) {
  return platform === 'win32' ? { command: 'taskkill', args: ['/pid', String(pid), '/T', '/F'] } : { group: -pid };
}

/** The signals that ask a program to stop, with the exit code that they lead to. */
export function stopSignals(platform) {
  return platform === 'win32' ? { SIGHUP: 129, SIGINT: 130, SIGBREAK: 149 } : { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
}
