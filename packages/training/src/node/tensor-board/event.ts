// Events as TensorBoard reads them: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. The numbers are those of the
// fields there.

import { Message } from './message.ts';
import { encodePng } from './png.ts';
import type { Image } from './png.ts';
import { encodeRecord } from './record.ts';
import { histogramOf } from './histogram.ts';

/** What stands under a tag at a step. */
export type SummaryValue =
  | { readonly tag: string; readonly scalar: number }
  | { readonly tag: string; readonly values: ArrayLike<number> }
  | { readonly tag: string; readonly image: Image };

/** The first record of every file. */
export function versionRecord(): Uint8Array {
  return eventRecord(0, (event) => event.text(3, 'brain.Event:2'));
}

/** @param graph a GraphDef */
export function graphRecord(graph: Message): Uint8Array {
  return eventRecord(0, (event) => event.bytes(4, graph.encode()));
}

/** A record of the values of a step. A histogram of no finite values is left out. */
export function summaryRecord(step: number, values: readonly SummaryValue[]): Uint8Array {
  const summary = new Message();
  for (const value of values) {
    const encoded = encodeValue(value);
    if (encoded !== undefined) summary.message(1, encoded);
  }
  return eventRecord(step, (event) => event.message(5, summary));
}

function eventRecord(step: number, add: (event: Message) => Message): Uint8Array {
  return encodeRecord(add(new Message().double(1, Date.now() / 1000).integer(2, step)).encode());
}

function encodeValue(value: SummaryValue): Message | undefined {
  const message = new Message().text(1, value.tag);
  if ('scalar' in value) return message.float(2, value.scalar);
  if ('values' in value) {
    const histogram = histogramOf(value.values);
    if (histogram === undefined) return undefined;
    const { min, max, count, sum, squares, limits, counts } = histogram;
    const encoded = new Message().double(1, min).double(2, max).double(3, count).double(4, sum).double(5, squares);
    return message.message(5, encoded.doubles(6, limits).doubles(7, counts));
  }
  const { width, height, channels } = value.image;
  const encoded = new Message().integer(1, height).integer(2, width).integer(3, channels).bytes(4, encodePng(value.image));
  return message.message(4, encoded);
}
