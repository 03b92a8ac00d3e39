// Writes safetensors files by hand, wrong ones too.

/** @param head the header, as an object or as its text */
export function safetensors(head: object | string, values: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([new Uint8Array(length.buffer), text, values]);
}
