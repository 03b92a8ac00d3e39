// Inputs or outputs of any kernel, as records: a slot holds one view (tensor, value), a list of them, or nothing. Code that goes through all
// slots of a kernel uses these functions; core has the types of each kernel.

/** The inputs or outputs of a kernel, whichever it is. */
export type AnySlots<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/** One entry, with its name in messages: `param[1]` for an entry of a list. */
export interface Named<V> {
  readonly name: string;
  readonly slot: string;
  readonly value: V;
}

/** All entries in the order of the record, lists in their own order. */
export function entriesOf<V>(slots: object): Named<V>[] {
  const entries: Named<V>[] = [];
  for (const [slot, value] of Object.entries(slots as AnySlots<V>)) {
    if (value === undefined) continue;
    if (isList(value)) value.forEach((item, i) => entries.push({ name: `${slot}[${i}]`, slot, value: item }));
    else entries.push({ name: slot, slot, value });
  }
  return entries;
}

/** The same record with every entry replaced. */
export function mapSlots<V, W>(slots: object, replace: (value: V, slot: string, index: number) => W): AnySlots<W> {
  const result: Record<string, W | W[]> = {};
  for (const [slot, value] of Object.entries(slots as AnySlots<V>)) {
    if (value === undefined) continue;
    result[slot] = isList(value) ? value.map((item, i) => replace(item, slot, i)) : replace(value, slot, 0);
  }
  return result;
}

function isList<V>(value: V | readonly V[]): value is readonly V[] {
  return Array.isArray(value);
}
