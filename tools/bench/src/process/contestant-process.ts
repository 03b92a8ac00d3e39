// The benchmark's side of the protocol: a contestant's process, which may fail, print, or never answer.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onEnd } from './on-end.ts';
import type { Checked, Command, Failed, MemoryHeld, Ran, Ready } from './protocol.ts';

type ReplyTo<C extends Command['command']> = { check: Checked; run: Ran; memory: MemoryHeld }[C];

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class ContestantProcess {
  private readonly child: ChildProcess;
  /** Most seconds that it may work; time spent measuring others does not count. */
  private readonly limit: number;
  private worked = 0;
  private readonly replies: AsyncIterator<string>;
  private printed = '';
  private ended: string | undefined;
  private readonly forget: () => void;

  /** Starts the process, which is ended after `limit` seconds of work. */
  constructor({ command, args, environment }: Program, limit: number) {
    this.child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    this.limit = limit;
    const [input, output, errors, replies] = this.child.stdio as unknown as [NodeJS.WritableStream, Readable, Readable, Readable];
    input.on('error', () => undefined); // the process has ended, which the missing reply shows
    for (const stream of [output, errors])
      stream.setEncoding('utf8').on('data', (text: string) => (this.printed = (this.printed + text).slice(-10_000)));
    this.replies = createInterface({ input: replies })[Symbol.asyncIterator]();
    this.child.on('error', (error) => this.end(error.message));
    this.forget = onEnd(() => this.child.kill('SIGKILL'));
  }

  /** Seconds that are left of its limit. */
  get left(): number {
    return this.limit - this.worked;
  }

  /** Waits until the task is prepared. */
  async ready(): Promise<Ready> {
    return (await this.reply()) as Ready;
  }

  async ask<C extends Command>(command: C): Promise<ReplyTo<C['command']>> {
    this.child.stdin!.write(`${JSON.stringify(command)}\n`);
    return (await this.reply()) as ReplyTo<C['command']>;
  }

  /** Ends the process, whatever it is doing. */
  end(reason = 'was ended'): void {
    this.ended ??= reason;
    this.forget();
    this.child.kill('SIGKILL');
  }

  /** @throws Error with the reason, in one line, when the process has failed or ended */
  private async reply(): Promise<object> {
    const begin = performance.now();
    const deadline = setTimeout(() => this.end(`took longer than ${this.limit} s`), this.left * 1000);
    const { value, done } = await this.replies.next();
    clearTimeout(deadline);
    this.worked += (performance.now() - begin) / 1000;
    if (!done) {
      const message = JSON.parse(value) as object | Failed;
      if (!('failed' in message)) return message;
      this.end(message.failed);
    } else {
      const code = await this.exitCode();
      this.end(lastLine(this.printed) ?? `ended with code ${code}`);
    }
    throw new Error(oneLine(this.ended!));
  }

  private exitCode(): Promise<string> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return Promise.resolve(String(exitCode ?? signalCode));
    return new Promise((resolve) => this.child.once('close', (code, signal) => resolve(String(code ?? signal))));
  }
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1) || undefined;
}

/** A message for a table: one line, shortened. */
export function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
