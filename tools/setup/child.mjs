import { spawn, spawnSync } from 'node:child_process';
import { commandLine, ending, stopSignals } from './platform.mjs';

const { platform } = process;
const signals = stopSignals(platform);

/**
 * Runs a command to its end. `quiet` returns its output instead of showing it; output that matches `giveUp` ends it early.
 *
 * A signal to this process ends the command and everything it started, then `onSignal` cleans up, then this process ends. For this the
 * command has its own process group, because npx and sh do not pass on every signal, and their children would live on.
 */
export function run(command, args, { cwd, env, quiet = false, giveUp, onSignal } = {}) {
  return new Promise((resolve) => {
    const line = commandLine(platform, command, args);
    const child = spawn(line.command, line.args, {
      ...line.options,
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: platform !== 'win32',
    });
    const end = (signal) => {
      if (child.pid === undefined) return; // it could not be started
      const how = ending(platform, child.pid);
      try {
        if (how.group === undefined) spawnSync(how.command, how.args);
        else process.kill(how.group, signal);
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
