import process from 'node:process';
import type { AwsClient } from 'aws4fetch';
import pMap from 'p-map';
import { pick, refuse, variable } from './cli-error.ts';

/** Objects of a bucket, by its REST API. */
export interface CliBucket {
  /** One page. @returns its XML. */
  list(query: Readonly<Record<string, string>>): Promise<string>;
  /** Deletes every object, page by page. */
  empty(): Promise<void>;
}

const AT_ONCE = { concurrency: 8 };

export const openBucket = (client: AwsClient, bucket: string): CliBucket => {
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? variable('AWS_ENDPOINT_URL');
  const send = async (operation: string, path: string, method = 'GET'): Promise<string> => {
    const answer = await client.fetch(`${endpoint}/${bucket}${path}`, {
      method,
      aws: { service: 's3', region: variable('AWS_REGION') },
    });
    const xml = await answer.text();
    if (!answer.ok) throw refuse(operation, xml);
    return xml;
  };
  const list: CliBucket['list'] = (query) =>
    send('ListObjectsV2', `?${new URLSearchParams({ 'list-type': '2', ...query }).toString()}`);
  return {
    list,
    empty: async () => {
      for (;;) {
        // From the front each time: what was listed is deleted.
        const keys = readKeys(await list({}));
        if (keys.length === 0) return;
        await pMap(keys, (key) => send('DeleteObject', `/${asPath(key)}`, 'DELETE'), AT_ONCE);
      }
    },
  };
};

/** Keys of a page. */
export const readKeys = (xml: string): string[] =>
  [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) =>
    key.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole),
  );

/** Extensible Markup Language (XML) 1.0, section 4.6. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', apos: "'", quot: '"' };

const asPath = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

export const countKeys = (xml: string): string => pick(xml, 'KeyCount');
