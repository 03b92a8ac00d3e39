// Whether ops are being recorded, and the tape that owns what was saved for the way back. The state lives exactly as long as the outermost
// `valueAndGrad`; there is nothing to reset.

import type { Tensor } from '../tensor/tensor.ts';
import type { GradientNode } from './node.ts';
import { nextNodeId } from './node.ts';

/** The nodes recorded since the outermost gradient began. */
interface Tape {
  readonly nodes: GradientNode[];
  readonly firstId: number;
}

let tape: Tape | undefined;
let recording = false;

export function isRecording(): boolean {
  return recording;
}

/** Whether the gradient being taken may depend on a tensor: not if it was made before the tape began. */
export function isTraced(tensor: Tensor): boolean {
  return tensor.node !== undefined && tape !== undefined && tensor.node.id >= tape.firstId;
}

/** Makes a node the origin of tensors, and its saved handles the tape's. */
export function attach(node: GradientNode, outputs: readonly Tensor[]): void {
  for (let i = 0; i < outputs.length; i++) {
    outputs[i]!.node = node;
    outputs[i]!.output = i;
  }
  tape!.nodes.push(node);
}

/** A tensor that the tape holds on to, whatever becomes of the original handle. */
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
 * Runs a function with recording on, then `finish` with recording as it was outside: off for the outermost gradient, on inside another
 * one, so that the way back is itself differentiable. The tape is released when the outermost gradient is done.
 */
export function recorded<A, B>(forward: () => A, finish: (result: A, outermost: boolean) => B): B {
  const outerTape = tape;
  const outerRecording = recording;
  // Where recording is paused outside, what happens there cannot be differentiated: begin anew.
  const outermost = outerTape === undefined || !outerRecording;
  tape = outermost ? { nodes: [], firstId: nextNodeId() } : outerTape;
  const mine = tape;
  try {
    recording = true;
    const result = forward();
    recording = outerRecording;
    return finish(result, outermost);
  } finally {
    recording = outerRecording;
    if (outermost) for (const node of mine.nodes) node.release();
    tape = outerTape;
  }
}
