// The rules of the interface about the storages of one call.

import type { KernelName, View } from '@sinapse/core';
import { kernelDefinitions, SinapseError } from '@sinapse/core';
import type { Named } from '../grid/slots.ts';
import { entriesOf } from '../grid/slots.ts';

/**
 * @throws SinapseError when an output shares a storage with an input that was not donated to it, or with another output, or if a view has
 *   an offset although `offsets` is false
 */
export function checkCall(kernel: KernelName, inputs: object, outputs: object, offsets: boolean): void {
  const given = entriesOf<View>(inputs);
  const made = entriesOf<View>(outputs);
  const donates = (kernelDefinitions[kernel].donates ?? {}) as Readonly<Record<string, string>>;
  for (const output of made) {
    for (const input of given) {
      if (input.value.storage === output.value.storage && !isDonor(input, output, donates))
        throw new SinapseError(`${kernel}: the output ${output.name} shares a storage with the input ${input.name}, which was not donated`);
    }
    if (made.some((other) => other !== output && other.value.storage === output.value.storage))
      throw new SinapseError(`${kernel}: the output ${output.name} shares a storage with another output`);
  }
  if (offsets) return;
  for (const { name, value } of [...given, ...made])
    if (value.offset !== 0)
      throw new SinapseError(`${kernel}: ${name} has an offset of ${value.offset}, this backend has no views with one`);
}

/** Whether the input is donated to the output: the slots match, the indices in lists are equal, and so are the views. */
function isDonor(input: Named<View>, output: Named<View>, donates: Readonly<Record<string, string>>): boolean {
  const indexOf = ({ name, slot }: Named<View>): string => name.slice(slot.length);
  return (
    donates[output.slot] === input.slot &&
    indexOf(input) === indexOf(output) &&
    input.value.offset === output.value.offset &&
    input.value.size === output.value.size
  );
}
