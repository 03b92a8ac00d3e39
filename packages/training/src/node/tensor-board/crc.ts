// Cyclic redundancy checks of 32 bits, bit-reflected: CRC-32 of PNG (ISO 3309) and CRC-32C of TFRecord (Castagnoli et al. 1993).

/** The check of a polynomial, which is written with its lowest power at the highest bit. */
function crcOf(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
  return (bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!;
    return ~value >>> 0;
  };
}

export const crc32: (bytes: Uint8Array) => number = crcOf(0xedb88320);
export const crc32c: (bytes: Uint8Array) => number = crcOf(0x82f63b78);
