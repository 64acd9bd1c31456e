const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;
/** A record's length has at most as many digits as the largest extension this reader takes. */
const LENGTH_DIGITS = /^[1-9]\d{0,9}$/;

const utf8 = new TextDecoder();

/**
 * Reads the records of a pax extended header, `<length> <key>=<value>\n` each, the length that of the whole record in
 * bytes (POSIX pax, "pax Extended Header"). The last of two records with one key counts.
 *
 * @returns undefined when the bytes are no such records.
 */
export const readPaxRecords = (bytes: Uint8Array): ReadonlyMap<string, string> | undefined => {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(SPACE, at);
    const digits = space === -1 ? '' : utf8.decode(bytes.subarray(at, Math.min(space, at + 20)));
    if (!LENGTH_DIGITS.test(digits)) return undefined;
    const end = at + Number(digits);
    const equals = bytes.indexOf(EQUALS, space);
    if (end > bytes.length || equals === -1 || equals >= end || bytes[end - 1] !== NEWLINE) return undefined;
    const key = utf8.decode(bytes.subarray(space + 1, equals));
    records.set(key, utf8.decode(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
};

const DECIMAL = /^\d{1,16}$/;

/** The bytes a `size` record tells; `undefined` when it is no number this reader can count to. */
export const readPaxSize = (value: string): number | undefined => {
  const size = DECIMAL.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
};
