// Checks of arguments that are to be tensors. Ops that read a shape before dispatch, which checks all inputs, call them first.

import type { Backend } from '../contract/backend.ts';
import { BackendError, SinapseError } from '../contract/errors.ts';
import { shown } from '../contract/shown.ts';
import { Handle, TENSOR_BRAND } from './handle.ts';

/**
 * @param op the function that takes it, for the message
 * @throws SinapseError unless the value is a tensor, BackendError when it was disposed of
 */
export function checkTensor(op: string, value: unknown): void {
  if (!(value instanceof Handle)) throw notATensor(op, value);
  if (value.disposed) value.assertAlive(op);
}

/** @throws SinapseError unless the value is a list of tensors, BackendError when one was disposed of */
export function checkTensors(op: string, values: unknown): void {
  if (!Array.isArray(values)) throw new SinapseError(`${op}: takes a list of tensors, got ${shown(values)}`);
  for (const value of values) checkTensor(op, value);
}

/**
 * @throws SinapseError unless the value is a list of tensors, BackendError when one was disposed of or they lie on two backends
 */
export function checkTogether(op: string, values: readonly Handle[]): void {
  checkTensors(op, values);
  for (const { backend } of values) if (backend !== values[0]!.backend) throw onTwoBackends(op, values[0]!.backend, backend);
}

/** The error for an argument that is not a tensor, or is one of a second copy of this package. */
export function notATensor(op: string, value: unknown, takes = 'tensors'): SinapseError {
  if (typeof value === 'object' && value !== null && 'brand' in value && value.brand === TENSOR_BRAND) {
    return new BackendError(
      `${op}: two copies of @sinapse/core are loaded: a tensor comes from the other one; deduplicate your dependencies (npm dedupe)`,
    );
  }
  const given = Array.isArray(value) ? 'an array; make it a tensor with tensor([…])' : shown(value);
  return new SinapseError(`${op}: takes ${takes}, got ${given}`);
}

/** @throws SinapseError unless the value makes tensors: it is a tensor, or comes from `makerOn` */
export function checkMaker(op: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || !('make' in value && 'backend' in value))
    throw new SinapseError(`${op}: takes a tensor or makerOn(backend), got ${shown(value)}`);
}

/** The error for an op on tensors of two backends. */
export function onTwoBackends(op: string, a: Backend, b: Backend): BackendError {
  const both = a.name === b.name ? `both named ${a.name}` : `${a.name} and ${b.name}`;
  return new BackendError(`${op}: tensors lie on two backends, ${both}; move one with await x.to(backend)`);
}
