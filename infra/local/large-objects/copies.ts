import { randomUUID } from 'node:crypto';
import { escapeXml, type S3Answer, S3Refusal, writeXml } from './answer.ts';
import type { Bucket, StoredVersion } from './bucket.ts';
import { joinPieces, type Piece, tellChecksum, type Wanted } from './copied-content.ts';
import type { S3Call } from './object-calls.ts';

/** CopyObject, and copies in parts, with the limits of S3. Source: S3 user guide, "Amazon S3 multipart upload limits". */

const MAX_COPIED = 5 * 1024 ** 3;
const MIN_PART = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;
const PAGE = 1_000;

interface Upload extends Wanted {
  readonly bucket: string;
  readonly key: string;
  readonly since: Date;
  readonly parts: Map<number, Piece>;
}

export interface Copies {
  /** Undefined when the call is about no copy. */
  answer(call: S3Call): S3Answer | undefined;
}

export const createCopies = (useBucket: (name: string) => Bucket): Copies => {
  const uploads = new Map<string, Upload>();
  const find = (id: string): Upload => {
    const upload = uploads.get(id);
    if (!upload) throw new S3Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
    return upload;
  };

  const begin = ({ bucket, key, headers }: S3Call): S3Answer => {
    const id = randomUUID();
    const algorithm = String(headers['x-amz-checksum-algorithm'] ?? 'CRC64NVME');
    const type = headers['x-amz-checksum-type'] === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT';
    if (type === 'FULL_OBJECT' && algorithm.startsWith('SHA')) {
      throw new S3Refusal(400, 'InvalidRequest', `${algorithm} can not be computed over the whole of parts.`);
    }
    uploads.set(id, { bucket, key, since: new Date(), parts: new Map(), algorithm, type });
    return writeXml(
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  };

  const copyPart = (call: S3Call, id: string): S3Answer => {
    const number = Number(call.query.get('partNumber'));
    const { parts } = find(id);
    if (!(number >= 1 && number <= MAX_PARTS)) {
      throw new S3Refusal(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000.');
    }
    const source = readSource(call, useBucket);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(String(call.headers['x-amz-copy-source-range'])) ?? [];
    const piece = { source, start: Number(first), end: Number(last) + 1 };
    if (!(piece.start < piece.end && piece.end <= source.archive.size)) {
      throw new S3Refusal(400, 'InvalidArgument', 'Range specified is not valid for the source object.');
    }
    refuseLarge(piece.end - piece.start);
    parts.set(number, piece);
    return writeXml(`<CopyPartResult><ETag>"${number}"</ETag></CopyPartResult>`);
  };

  const listParts = ({ query }: S3Call, id: string): S3Answer => {
    const after = Number(query.get('part-number-marker') ?? 0);
    const found = [...find(id).parts].filter(([number]) => number > after).toSorted(([a], [b]) => a - b);
    const page = found
      .slice(0, PAGE)
      .map(
        ([number, { start, end }]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${number}"</ETag><Size>${end - start}</Size></Part>`,
      );
    const next =
      found.length > PAGE ? `<NextPartNumberMarker>${found[PAGE - 1]?.[0]}</NextPartNumberMarker>` : '';
    return writeXml(
      `<ListPartsResult><IsTruncated>${next !== ''}</IsTruncated>${next}${page.join('')}</ListPartsResult>`,
    );
  };

  const complete = ({ bucket, key, body, headers }: S3Call, id: string): S3Answer => {
    const upload = find(id);
    const named = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => Number(number));
    const pieces = named.flatMap((number) => upload.parts.get(number) ?? []);
    if (pieces.length !== named.length || named.some((number, index) => number !== index + 1)) {
      throw new S3Refusal(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (pieces.slice(0, -1).some(({ start, end }) => end - start < MIN_PART)) {
      throw new S3Refusal(
        400,
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
      );
    }
    const archive = joinPieces(pieces);
    const declared = headers['x-amz-mp-object-size'];
    if (declared !== undefined && Number(declared) !== archive.size) {
      throw new S3Refusal(400, 'InvalidRequest', 'The declared size is not that of the parts.');
    }
    const [first] = pieces;
    useBucket(bucket).store(key, {
      archive,
      headers: tellChecksum(pieces, upload),
      parts: { count: pieces.length, first: first ? first.end - first.start : 0 },
    });
    uploads.delete(id);
    return writeXml('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
  };

  const copyWhole = (call: S3Call): S3Answer => {
    const source = readSource(call, useBucket);
    refuseLarge(source.archive.size);
    const algorithm = String(call.headers['x-amz-checksum-algorithm'] ?? 'CRC64NVME');
    const piece = { source, start: 0, end: source.archive.size };
    const headers = tellChecksum([piece], { algorithm, type: 'FULL_OBJECT' });
    useBucket(call.bucket).store(call.key, { archive: source.archive, headers });
    return writeXml('<CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>');
  };

  const listUploads = ({ bucket }: S3Call): S3Answer => {
    const found = [...uploads].filter(([, upload]) => upload.bucket === bucket);
    const rows = found.map(
      ([id, { key, since }]) =>
        `<Upload><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId><Initiated>${since.toISOString()}</Initiated></Upload>`,
    );
    return writeXml(`<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`);
  };

  return {
    answer: (call) => {
      const { method, query, headers } = call;
      const id = query.get('uploadId');
      if (method === 'GET' && query.has('uploads')) return listUploads(call);
      if (method === 'POST' && query.has('uploads')) return begin(call);
      if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) {
        return id === null ? copyWhole(call) : copyPart(call, id);
      }
      if (id === null) return undefined;
      if (method === 'GET') return listParts(call, id);
      if (method === 'POST') return complete(call, id);
      find(id);
      uploads.delete(id);
      return { status: 204, headers: {} };
    },
  };
};

const refuseLarge = (bytes: number): void => {
  if (bytes <= MAX_COPIED) return;
  const message = `The specified copy source is larger than the maximum allowable size: ${MAX_COPIED}`;
  throw new S3Refusal(400, 'InvalidRequest', message);
};

const readSource = ({ headers }: S3Call, useBucket: (name: string) => Bucket): StoredVersion => {
  const [path = '', version] = String(headers['x-amz-copy-source']).split('?versionId=');
  const [bucket = '', ...key] = decodeURIComponent(path).split('/');
  const source = useBucket(bucket).find(key.join('/'), version ?? null);
  const wanted = headers['x-amz-copy-source-if-match'];
  if (wanted !== undefined && wanted !== source.etag) {
    throw new S3Refusal(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  }
  return source;
};
