import { spawn } from 'node:child_process';

/**
 * Runs a command to its end. `quiet` keeps its output in the result; otherwise it goes to the terminal.
 * While it runs, a signal that would end this process ends the child and then this process, after `onSignal`.
 */
export function run(command, args, { cwd, env, quiet = false, onSignal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32', // npx and tsc are .cmd files there
    });
    let output = '';
    const collect = (bytes) => (output += bytes);
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);

    const interrupt = (signal, number) => {
      child.kill(signal);
      onSignal?.();
      process.exit(128 + number);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
    const finish = (code) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += String(error);
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? (signal ? 1 : 0)));
  });
}
