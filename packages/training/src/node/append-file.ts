// A file that grows during a training and goes on after a kill: a checkpoint holds its length, and a resumed training cuts off what was written
// later.

import { checkValue } from '@sinapse/core';
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { TrainingError } from '../errors.ts';
import { PATH, codeOf, writeProblem } from './write-file-atomic.ts';

/** Bytes that wait for one write. */
const MOST_WAITING = 1 << 16;

export class AppendFile {
  /** The length of the file without what waits. */
  length = 0;
  readonly path: string;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  /** @throws SinapseError when the path is none */
  constructor(owner: string, path: string) {
    checkValue(`${owner}: path`, path, PATH);
    this.path = path;
  }

  /**
   * Begins the file anew.
   * @throws TrainingError in one line when it cannot be written
   */
  begin(bytes: Uint8Array = new Uint8Array()): void {
    this.drop();
    this.length = 0;
    this.open('w', (file) => writeAll(file, bytes, 0), bytes.length);
    this.length = bytes.length;
  }

  /**
   * Goes on after the first `length` bytes and cuts off the others. Returns false if there is no file.
   * @throws TrainingError in one line when the file is shorter, or cannot be written
   */
  goOn(length: number): boolean {
    this.drop();
    try {
      this.open('r+', (file) => {
        const { size } = fstatSync(file);
        if (size < length)
          throw new TrainingError(`it has ${size} bytes, but had ${length} when the checkpoint was taken; move it away to begin a new one`);
        ftruncateSync(file, length);
      });
    } catch (error) {
      if (error instanceof TrainingError && codeOf(error.cause) === 'ENOENT') return false;
      throw error;
    }
    this.length = length;
    return true;
  }

  /**
   * Adds bytes, which may wait for further ones.
   * @throws TrainingError in one line when they cannot be written; the file then ends before them
   */
  add(bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= MOST_WAITING) this.flush();
  }

  /**
   * Writes what waits.
   * @throws TrainingError in one line when it cannot be written; the file then ends before it
   */
  flush(): void {
    if (this.waitingBytes === 0) return;
    const bytes = Buffer.concat(this.waiting);
    this.drop();
    this.open('r+', (file) => writeAll(file, bytes, this.length), bytes.length);
    this.length += bytes.length;
  }

  private drop(): void {
    this.waiting = [];
    this.waitingBytes = 0;
  }

  /** Opens the file for some operations. If they fail, what they wrote is cut off again. */
  private open(flags: 'w' | 'r+', operations: (file: number) => void, bytes = 0): void {
    try {
      const file = openSync(this.path, flags);
      try {
        operations(file);
      } catch (error) {
        if (bytes > 0) cut(file, this.length);
        throw error;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw new TrainingError(`write ${this.path}: ${writeProblem(error, bytes)}`, { cause: error });
    }
  }
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function cut(file: number, length: number): void {
  try {
    ftruncateSync(file, length);
  } catch {
    // What is not a regular file has no length.
  }
}
