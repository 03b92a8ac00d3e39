// Decodes image files in a process of its own, which is ended when it takes too long: native code cannot be stopped in any other way.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readInput } from '../input-file.ts';
import { ImageError } from './decode.ts';
import type { Pixels } from './decode.ts';

/** What the process is asked. */
export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly channels: 1 | 3;
}

/** What it answers: the image, or the reason why there is none. */
export type DecodeAnswer = { readonly image: Pixels } | { readonly reason: string };

/** The compiled program, also where this file runs as a source, in tests. */
const program = fileURLToPath(new URL('../../dist/images/decode-process.js', import.meta.url));

/** Seconds that an image may take; a photograph of 100 million pixels takes a few. */
const mostSeconds = 30;

export class Decoder {
  private readonly seconds: number;
  private child: ChildProcess | undefined;

  /** Starts the process, so that it is ready when the first image comes. @param seconds that an image may take */
  constructor(seconds: number = mostSeconds) {
    this.seconds = seconds;
    this.child = launch();
  }

  /**
   * The pixels of a file, see `decodeImage`. One file at a time.
   * @throws ImageError when the file is no image, or takes too long; an error of the file system
   */
  async decode(file: string, channels: 1 | 3): Promise<Pixels> {
    const answer = await this.ask({ bytes: await readInput(file), channels });
    if ('reason' in answer) throw new ImageError(`${file} ${answer.reason}`);
    return answer.image;
  }

  /** Ends the process. */
  close(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(request: DecodeRequest): Promise<DecodeAnswer> {
    const child = (this.child ??= launch());
    const done = new AbortController();
    const { signal } = done;
    try {
      child.send(request);
      return await Promise.race([
        once(child, 'message', { signal }).then(([answer]) => answer as DecodeAnswer),
        once(child, 'exit', { signal }).then(() => this.givenUp('makes the decoder crash; it may be damaged')),
        setTimeout(this.seconds * 1000, undefined, { signal }).then(() =>
          this.givenUp(`takes longer than ${this.seconds} seconds to draw; save it as PNG`),
        ),
      ]);
    } finally {
      done.abort();
    }
  }

  /** Ends the process, which is busy or gone; the next image gets another one. */
  private givenUp(reason: string): DecodeAnswer {
    this.close();
    return { reason };
  }
}

function launch(): ChildProcess {
  const child = fork(program, { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  child.on('error', () => {}); // its exit is what counts
  return child;
}
