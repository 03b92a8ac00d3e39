import { BackendError } from './errors.ts';
import { shown } from './shown.ts';

/** @throws BackendError unless the value is a backend: not, for example, a promise of one */
export function checkIsBackend(op: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'then' in value)
    throw new BackendError(`${op}: got a promise of a backend; write use(await cpu())`);
  if (typeof value !== 'object' || value === null || !('kernels' in value && 'allocate' in value))
    throw new BackendError(`${op}: takes a backend, got ${shown(value)}; write use(await cpu())`);
}
