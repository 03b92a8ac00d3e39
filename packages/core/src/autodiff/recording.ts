// Whether ops are being recorded, and the tape, whose nodes own what was saved for the backward pass. This state ends with the outermost
// `valueAndGrad`, so nothing needs to be reset.

import type { Tensor } from '../tensor/tensor.ts';
import type { GradientNode, Tape } from './node.ts';

let tape: Tape | undefined;
let recording = false;

export function isRecording(): boolean {
  return recording;
}

/** Whether the gradient being taken may depend on a tensor: whether the tensor was recorded on the current tape. */
export function isTraced(tensor: Tensor): boolean {
  return tensor.node !== undefined && tensor.node.tape === tape;
}

/** What a profile adds calls up by: a name, and whether a gradient makes them. */
export interface CallGroup {
  readonly name: string;
  readonly backward: boolean;
}

let groupOf: (() => CallGroup) | undefined;

/** The group of the calls that run now; undefined if nobody asks. */
export function callGroup(): CallGroup | undefined {
  return groupOf?.();
}

/** Runs a callback whose calls belong to groups. Nodes remember theirs, and gradients run in the groups of their nodes. */
export function grouped<T>(of: () => CallGroup, callback: () => T): T {
  const before = groupOf;
  groupOf = of;
  try {
    return callback();
  } finally {
    groupOf = before;
  }
}

/** Puts a node on the tape and attaches its outputs to it. */
export function attach(node: GradientNode, outputs: Readonly<Record<string, Tensor>>): void {
  node.tape = tape;
  node.group = groupOf?.().name;
  node.index = tape!.nodes.length;
  tape!.nodes.push(node);
  for (const name in outputs) {
    const output = outputs[name]!;
    output.node = node;
    output.output = name;
  }
}

/** A handle to a tensor that the tape owns, independent of the original handle. */
export function retained(tensor: Tensor): Tensor {
  return tensor.alias().escapeScope();
}

/** Runs a callback without recording: its ops have no gradients. */
export function pauseRecording<T>(callback: () => T): T {
  const before = recording;
  recording = false;
  try {
    return callback();
  } finally {
    recording = before;
  }
}

/**
 * Runs a function with recording on, then `finish` with recording as it was outside: off for the outermost gradient, on inside another, so
 * that the backward pass can be differentiated, too. The outermost gradient releases the tape when it is done.
 */
export function recorded<A, B>(forward: () => A, finish: (result: A, outermost: boolean) => B): B {
  const outerTape = tape;
  const outerRecording = recording;
  // If recording is paused outside, nothing there can be differentiated: start a new tape.
  const outermost = outerTape === undefined || !outerRecording;
  tape = outermost ? { nodes: [] } : outerTape;
  const mine = tape;
  try {
    recording = true;
    const result = forward();
    recording = outerRecording;
    return finish(result, outermost);
  } finally {
    recording = outerRecording;
    if (outermost) for (const node of mine.nodes.splice(0)) node.release();
    tape = outerTape;
  }
}
