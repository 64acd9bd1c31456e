import type { IncomingHttpHeaders } from 'node:http';
import { escapeXml, type S3Answer, S3Refusal, writeXml } from './answer.ts';
import type { Bucket, StoredVersion } from './bucket.ts';

/** One request, taken apart. */
export interface S3Call {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty where there is none. */
  readonly body: string;
}

const MAX_KEYS = 1_000;

/** HeadObject, GetObject, GetObjectAttributes and ListObjectsV2; what else is asked is not implemented. */
export const answerCall = (call: S3Call, bucket: Bucket): S3Answer => {
  const { method, key, query } = call;
  if (method === 'GET' && key === '' && query.get('list-type') === '2') return listObjects(call, bucket);
  if ((method !== 'GET' && method !== 'HEAD') || key === '') {
    throw new S3Refusal(501, 'NotImplemented', `${method} is not implemented here.`);
  }
  const version = bucket.find(key, query.get('versionId'));
  if (query.has('attributes')) return describeAttributes(version);
  const wanted = call.headers['if-match'];
  if (wanted !== undefined && wanted !== version.etag) {
    throw new S3Refusal(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  }
  return method === 'HEAD' ? describeObject(call, version) : getObject(call, version);
};

const headersOf = ({ etag, versionId, lastModified, headers }: StoredVersion): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'content-type': 'application/x-tar',
  etag,
  'last-modified': lastModified.toUTCString(),
  ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
  ...headers,
});

/** Checksums are told only when asked for, and never of a range. */
const withoutChecksum = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')));

const describeObject = ({ headers, query }: S3Call, version: StoredVersion): S3Answer => {
  const { archive, parts } = version;
  const isPart = query.get('partNumber') === '1' && parts !== undefined;
  const all = {
    ...headersOf(version),
    'content-length': String(isPart ? parts.first : archive.size),
    ...(isPart ? { 'x-amz-mp-parts-count': String(parts.count) } : {}),
  };
  return { status: 200, headers: headers['x-amz-checksum-mode'] === 'ENABLED' ? all : withoutChecksum(all) };
};

const getObject = ({ headers }: S3Call, version: StoredVersion): S3Answer => {
  const { size } = version.archive;
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  const told = withoutChecksum(headersOf(version));
  if (!range) {
    if (size > 2 ** 30)
      throw new S3Refusal(501, 'NotImplemented', 'Objects over 1 GiB are read by ranges here.');
    return { status: 200, headers: told, body: version.archive.read(0, size) };
  }
  const start = Number(range[1]);
  const end = Math.min(size, range[2] ? Number(range[2]) + 1 : size);
  if (start >= size || end <= start) {
    throw new S3Refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  }
  const body = version.archive.read(start, end);
  return { status: 206, headers: { ...told, 'content-range': `bytes ${start}-${end - 1}/${size}` }, body };
};

const describeAttributes = ({ etag, archive, headers }: StoredVersion): S3Answer => {
  const algorithms = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-'));
  const checksums = algorithms.map(([name, value]) => {
    const suffix = name.slice('x-amz-checksum-'.length);
    const element = `Checksum${suffix === 'type' ? 'Type' : suffix.toUpperCase()}`;
    return `<${element}>${value}</${element}>`;
  });
  return writeXml(
    `<GetObjectAttributesResponse><ETag>${etag.replaceAll('"', '')}</ETag><Checksum>${checksums.join('')}` +
      `</Checksum><ObjectSize>${archive.size}</ObjectSize></GetObjectAttributesResponse>`,
  );
};

const listObjects = ({ bucket: name, query }: S3Call, bucket: Bucket): S3Answer => {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Math.min(MAX_KEYS, Number(query.get('max-keys') ?? MAX_KEYS));
  const isDirect = (key: string): boolean =>
    delimiter === '' || !key.slice(prefix.length).includes(delimiter);
  const found = bucket.list().filter(([key]) => key.startsWith(prefix) && key > after && isDirect(key));
  const page = found.slice(0, limit);
  const last = page.at(-1)?.[0];
  const contents = page.map(
    ([key, { etag, archive, lastModified }]) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>${lastModified.toISOString()}</LastModified>` +
      `<ETag>${escapeXml(etag)}</ETag><Size>${archive.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next =
    found.length > page.length && last !== undefined
      ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${escapeXml(last)}</NextContinuationToken>`
      : '<IsTruncated>false</IsTruncated>';
  return writeXml(
    `<ListBucketResult><Name>${name}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount>` +
      `<MaxKeys>${limit}</MaxKeys>${next}${contents.join('')}</ListBucketResult>`,
  );
};
