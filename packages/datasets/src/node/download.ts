// Downloads over unreliable networks: mirrors are tried in turn, a broken download continues where it stopped, a mirror that stops
// sending is given up, and a file is verified before it gets its name.

import { SinapseError } from '@sinapse/core';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { gunzipBounded } from './gunzip.ts';
import { claimPart, createPart, dropPart, fingerprint, finishPart, releasePart, removeAbandonedParts } from './partial-file.ts';
import type { PartialFile } from './partial-file.ts';

/** A file of known content; each server may compress it differently. */
export interface RemoteFile {
  readonly name: string;
  /** SHA-256 of the uncompressed content, in hexadecimal; of the file itself if `unpacked` is given. */
  readonly sha256: string;
  /** Bytes of what the hash is of. */
  readonly size: number;
  /** Most bytes of the uncompressed content, where the hash that was published is of the compressed file. */
  readonly unpacked?: number;
}

/** Bytes received of a file; `total` is known if the server states it. */
export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  readonly total: number | undefined;
}

export interface DownloadOptions {
  /** Folder for the file; created if missing. */
  readonly directory: string;
  /** Addresses of folders that hold the file, in order of preference. */
  readonly mirrors: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Gives up a mirror that sends nothing for this long. @default 30000 */
  readonly stallMs?: number | undefined;
}

/** Attempts at one mirror; each continues the one before. */
const ATTEMPTS = 5;
const STALL_MS = 30_000;

/** A mirror failed; `retry` says whether another attempt at it may succeed. */
class MirrorFailure extends Error {
  readonly retry: boolean;

  constructor(message: string, retry = false) {
    super(message);
    this.retry = retry;
  }
}

/**
 * Downloads a file and returns its uncompressed content. It continues an interrupted download, also one of another process.
 * @throws SinapseError that names each mirror and its failure, when none gave the right content
 * @throws the signal's reason when it is aborted, and the file system's error when the folder cannot be written
 */
export async function downloadFile(file: RemoteFile, options: DownloadOptions): Promise<Uint8Array> {
  await mkdir(options.directory, { recursive: true });
  const failures: string[] = [];
  for (const mirror of options.mirrors) {
    const url = new URL(file.name, mirror.endsWith('/') ? mirror : `${mirror}/`);
    for (let attempt = 1; ; attempt++) {
      options.signal?.throwIfAborted();
      try {
        const content = await downloadFrom(url.href, file, options);
        await removeAbandonedParts(options.directory, file.name);
        return content;
      } catch (error) {
        if (!(error instanceof MirrorFailure)) throw error;
        if (error.retry && attempt < ATTEMPTS) continue;
        failures.push(`${url.host}: ${error.message}`);
        break;
      }
    }
  }
  throw new SinapseError(`could not download ${file.name} (${failures.join('; ')})`);
}

/** Makes one attempt at one mirror. It continues the part file of an earlier attempt, and leaves one when it is interrupted. */
async function downloadFrom(url: string, file: RemoteFile, options: DownloadOptions): Promise<Uint8Array> {
  const { directory } = options;
  const stall = watchForStall(options.stallMs ?? STALL_MS, options.signal);
  let part = await claimPart(directory, file.name, url);
  let received = part?.size ?? 0;
  let keep = part !== undefined; // whether the part is worth continuing when this attempt fails
  let progress = false;
  try {
    let response = await request(url, received, stall);
    if (part !== undefined && [200, 206, 416].includes(response.status) && !continues(response, part)) {
      // The server ignored the range, has no such range, or now has another version: start from the beginning.
      await dropPart(part);
      part = undefined;
      received = 0;
      if (response.status !== 200) {
        await response.body?.cancel();
        response = await request(url, 0, stall);
      }
    }
    if (response.status !== (part === undefined ? 200 : 206)) {
      await response.body?.cancel();
      throw new MirrorFailure(`HTTP ${response.status}`);
    }
    const etag = strongETag(response);
    part ??= await createPart(directory, file.name, url, fingerprint(etag ?? ''));
    for await (const chunk of chunks(response, stall)) {
      keep = false;
      received += chunk.length;
      if (received > largestTransfer(file))
        throw new MirrorFailure(`sent more than the ${largestTransfer(file)} bytes that the file can have`);
      await part.handle.appendFile(chunk);
      keep = etag !== undefined;
      progress = true;
      options.onProgress?.({ file: file.name, received, total: totalSize(response) });
    }
    keep = false; // the part is complete: either right or useless
    const content = await verify(part, file);
    await finishPart(part, directory, file.name);
    part = undefined;
    return content;
  } catch (error) {
    throw error instanceof MirrorFailure && keep && progress ? new MirrorFailure(error.message, true) : error;
  } finally {
    stall.stop();
    if (part !== undefined) await (keep ? releasePart(part, directory, file.name, url) : dropPart(part));
  }
}

/** Aborts a request when nothing has come for a while, or with the caller's signal. */
interface StallWatch {
  readonly signal: AbortSignal;
  /** Says that data arrived. */
  touch(): void;
  stop(): void;
  /** Turns an error of a network call into the one to report. */
  explain(error: unknown): unknown;
}

function watchForStall(stallMs: number, signal: AbortSignal | undefined): StallWatch {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallMs);
  return {
    signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
    touch: () => timer.refresh(),
    stop: () => clearTimeout(timer),
    explain(error) {
      if (signal?.aborted) return signal.reason;
      if (stalled.signal.aborted) return new MirrorFailure(`nothing came for ${stallMs / 1000} s`);
      return new MirrorFailure(networkReason(error));
    },
  };
}

/** The reason behind `fetch`'s own 'fetch failed' or 'terminated': its cause, or one of several causes. */
function networkReason(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (first instanceof Error ? first.message : (error as Error).message).replaceAll('\n', ' ');
}

async function request(url: string, from: number, stall: StallWatch): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers['range'] = `bytes=${from}-`;
  try {
    const response = await fetch(url, { headers, signal: stall.signal });
    stall.touch();
    return response;
  } catch (error) {
    throw stall.explain(error);
  }
}

/** Whether the answer holds the rest of a part. The ETag is compared here, not by If-Range, because a part keeps only the ETag's hash. */
function continues(response: Response, part: PartialFile): boolean {
  const etag = strongETag(response);
  return response.status === 206 && etag !== undefined && fingerprint(etag) === part.version && contentRange(response)?.start === part.size;
}

/** The ETag, if it is strong (equal tags promise equal bytes) and the bytes are sent as they are stored. */
function strongETag(response: Response): string | undefined {
  const etag = response.headers.get('etag');
  return etag === null || etag.startsWith('W/') || response.headers.has('content-encoding') ? undefined : etag;
}

function contentRange(response: Response): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  return match === null ? undefined : { start: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) };
}

function totalSize(response: Response): number | undefined {
  if (response.status === 206) return contentRange(response)?.total;
  const length = response.headers.get('content-length');
  return length === null ? undefined : Number(length);
}

async function* chunks(response: Response, stall: StallWatch): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw stall.explain(error);
      });
      if (done) return;
      stall.touch();
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // closes the connection when the loop ends early
  }
}

/** Most bytes of a transfer. gzip adds at most 5 bytes per 16 KiB to incompressible data, and a header with a name. */
function largestTransfer(file: RemoteFile): number {
  return file.size + Math.ceil(file.size / 1024) + 1024;
}

async function verify(part: PartialFile, file: RemoteFile): Promise<Uint8Array> {
  const retry = part.size > 0; // earlier bytes may be wrong: a new attempt starts without them
  let content: Uint8Array | undefined;
  try {
    content = await verifiedContent(await readFile(part.path), file, 'what it sent');
  } catch (error) {
    throw new MirrorFailure((error as Error).message, retry);
  }
  if (content === undefined) throw new MirrorFailure('sent a file with other content', retry);
  return content;
}

/**
 * The uncompressed content of a file; undefined if its bytes are not those of the hash.
 * @param name names the bytes in an error
 * @throws SinapseError when compressed data is damaged or unpacks to too much
 */
export async function verifiedContent(bytes: Uint8Array, file: RemoteFile, name: string): Promise<Uint8Array | undefined> {
  if (file.unpacked !== undefined) return isOf(bytes, file) ? gunzipBounded(bytes, file.unpacked, name) : undefined;
  const content = await gunzipBounded(bytes, file.size, name);
  return isOf(content, file) ? content : undefined;
}

function isOf(bytes: Uint8Array, { size, sha256 }: RemoteFile): boolean {
  return bytes.length === size && createHash('sha256').update(bytes).digest('hex') === sha256;
}
