import type * as z from 'zod';
import { formatRecord, type Ledger, parseRecord, type RecordKind } from '../../functions/clients/ledger.ts';

/** The ledger of fast tests: the promises of S3's conditional writes, kept by a map. */
export const createMemoryLedger = (): Ledger & { readonly objects: ReadonlyMap<string, string> } => {
  const objects = new Map<string, { text: string; etag: string }>();
  let version = 0;
  const put = (key: string, text: string) => {
    const etag = `"${++version}"`;
    objects.set(key, { text, etag });
    return { ok: true as const, etag };
  };

  return {
    get objects() {
      return new Map([...objects].map(([key, { text }]) => [key, text]));
    },
    async read<S extends z.ZodType>(kind: RecordKind<S>, key: string) {
      const object = objects.get(key);
      return object && { value: parseRecord(kind, key, object.text), etag: object.etag };
    },
    async claim(kind, key, value) {
      const text = formatRecord(kind, key, value);
      return objects.has(key) ? { ok: false, reason: 'exists' } : put(key, text);
    },
    async change(kind, key, etag, value) {
      const text = formatRecord(kind, key, value);
      const current = objects.get(key);
      if (!current) return { ok: false, reason: 'deleted' };
      return current.etag === etag ? put(key, text) : { ok: false, reason: 'changed' };
    },
    async remove(key) {
      objects.delete(key);
    },
    async *list(prefix, range = {}) {
      const keys = [...objects.keys()]
        .filter((key) => key.startsWith(prefix) && key > (range.after ?? ''))
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      yield* keys.slice(0, range.limit);
    },
  };
};
