// What a caller can do wrong, and how it is said. A message names the operation, the offending shapes or values, and what would be right.

/** Any mistake of the caller that Sinapse recognises. Its message is one line. */
export class SinapseError extends Error {
  override name = 'SinapseError';
  /** Where in a model the error arose, e.g. `lenet5/conv2`; set on the way out by the layers that contain the failing one. */
  path = '';

  /** Prefixes the path of the enclosing layer, so that an error deep inside a model names the whole way to it. */
  within(name: string): this {
    const inner = this.path;
    const bare = inner === '' ? this.message : this.message.slice(inner.length + 2);
    this.path = inner === '' ? name : `${name}/${inner}`;
    this.message = `${this.path}: ${bare}`;
    return this;
  }
}

/** Shapes that do not fit together, or an axis out of range. */
export class ShapeError extends SinapseError {
  override name = 'ShapeError';
}

/** Data types that do not fit: Sinapse never converts a tensor silently. */
export class DTypeError extends SinapseError {
  override name = 'DTypeError';
}

/** A tensor used after it was disposed, two backends in one op, a backend that is missing or too old. */
export class BackendError extends SinapseError {
  override name = 'BackendError';
}

/**
 * What to throw where memory was asked for and an error came: a plain RangeError of the JavaScript engine becomes one that says how much it was,
 * any other stays what it is.
 */
export function asMemoryError(error: unknown, what: string, bytes: number): unknown {
  if (!(error instanceof RangeError) || /call stack/.test(error.message)) return error;
  return new BackendError(`memory: ${what} needs ${bytes.toLocaleString('en-US')} bytes, which could not be allocated`, { cause: error });
}

/**
 * Runs what asks for memory on the host.
 * @throws BackendError when there is not enough
 */
export function allocating<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw asMemoryError(error, what, bytes);
  }
}
