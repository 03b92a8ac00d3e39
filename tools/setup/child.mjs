import { spawn } from 'node:child_process';

const windows = process.platform === 'win32';
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a command to its end. `quiet` returns its output instead of showing it; output that matches `giveUp` ends it early.
 *
 * A signal to this process ends the command and everything it started, then `onSignal` cleans up, then this process ends. For this the
 * command has its own process group, because npx and sh do not pass on every signal, and their children would live on.
 */
export function run(command, args, { cwd, env, quiet = false, giveUp, onSignal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: !windows,
      shell: windows, // npx and tsc are .cmd files there
    });
    const end = (signal) => {
      if (child.pid === undefined) return; // it could not be started
      try {
        process.kill(windows ? child.pid : -child.pid, signal);
      } catch {
        // It has ended already.
      }
    };

    let output = '';
    const collect = (text) => {
      output += text;
      if (giveUp?.test(output)) end('SIGKILL');
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);

    let received;
    const interrupt = (signal) => {
      end(received ? 'SIGKILL' : signal);
      received = signal;
    };
    for (const signal of Object.keys(signals)) process.on(signal, interrupt);
    const finish = (code) => {
      for (const signal of Object.keys(signals)) process.off(signal, interrupt);
      if (received) {
        onSignal?.();
        process.exit(signals[received]);
      }
      resolve({ code: code ?? 1, output });
    };
    child.on('error', (error) => {
      output += String(error);
      finish(127);
    });
    child.on('close', finish);
  });
}
