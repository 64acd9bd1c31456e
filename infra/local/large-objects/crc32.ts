/** CRC-32 of what was never in memory as a whole: of pieces behind each other, by their own CRC-32 and lengths. */

/** RFC 1952, section 8: the polynomial, its lowest power in the highest bit. */
const POLYNOMIAL = 0xedb88320;
/** x to the powers 0 and 8 in that order of bits. */
const ONE = 0x80000000;
const BYTE = 0x00800000;

/** Makes what puts pieces of one length behind others: takes the CRC-32 before and that of the piece. */
export const joinCrc32 = (length: number): ((before: number, piece: number) => number) => {
  const shift = raise(length);
  return (before, piece) => (multiply(shift, before) ^ piece) >>> 0;
};

/** CRC-32 of a piece so many times. */
export const repeatCrc32 = (piece: number, length: number, times: number): number => {
  let crc = 0;
  // Of the piece, of two of it, of four of it.
  let [power, size] = [piece, length];
  for (let left = times; left > 0; left = Math.floor(left / 2)) {
    const join = joinCrc32(size);
    if (left % 2 === 1) crc = join(crc, power);
    power = join(power, power);
    size *= 2;
  }
  return crc;
};

/** x to the power of 8 times `bytes`. */
const raise = (bytes: number): number => {
  let product = ONE;
  let square = BYTE;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = multiply(product, square);
    square = multiply(square, square);
  }
  return product;
};

/** Product of two polynomials over one bit, modulo the one above. */
const multiply = (a: number, b: number): number => {
  let product = 0;
  let multiple = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= multiple;
    multiple = multiple & 1 ? (multiple >>> 1) ^ POLYNOMIAL : multiple >>> 1;
  }
  return product >>> 0;
};
