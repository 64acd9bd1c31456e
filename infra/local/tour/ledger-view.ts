import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import type { World } from '../world/start-world.ts';

interface RecordKind<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
}

/** The ledger as a person with the deploying account's rights looks at it: reads, never writes. */
export interface LedgerView {
  read<S extends z.ZodType>(kind: RecordKind<S>, key: string): Promise<z.output<S> | undefined>;
  /** The text of a page that lies beside the records. */
  page(key: string): Promise<string>;
  /** Every record under a prefix, in the order of the keys. */
  list<S extends z.ZodType>(kind: RecordKind<S>, prefix: string): Promise<z.output<S>[]>;
}

/** Opens the ledger bucket of the local world. */
export const viewLedger = ({ aws, site }: World): LedgerView => {
  const { url: endpoint, region, credentials } = aws;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Bucket = site.ledgerBucket;

  const read: LedgerView['read'] = async (kind, key) => {
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      return kind.schema.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };

  return {
    read,
    page: async (key) =>
      (await (await s3.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString()) ?? '',
    list: async <S extends z.ZodType>(kind: RecordKind<S>, prefix: string) => {
      const records: z.output<S>[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) {
          const record = Key === undefined ? undefined : await read(kind, Key);
          if (record !== undefined) records.push(record);
        }
      }
      return records;
    },
  };
};
