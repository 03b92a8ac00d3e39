// Records of named views, tensors or values: a slot holds one, a list, or nothing. Everything that goes through all of a kernel's slots does
// it here; the types per kernel are core's.

/** What a kernel's inputs or outputs look like when it does not matter which kernel it is. */
export type AnySlots<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/** One entry, by the name it has in messages: `param[1]` within a list. */
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
