import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { DUMP_READ_LIMIT, type ExpectationInput } from '../../backup/verify/expectation.ts';
import { isObjectPart, isPart, OBJECT_PARTS, PARTS, type Part } from '../../backup/verify/parts.ts';

/** What is written on the command line. */

export const FORMATS = ['table', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export interface Options {
  readonly bucket: string;
  /** A key, or with `newest` what stands before the names of archives. */
  readonly key: string;
  readonly newest: boolean;
  readonly versionId?: string;
  readonly region?: string;
  readonly log?: string;
  /** Buckets to ask whether they hold anything, by the part that is backed up from them. */
  readonly buckets: readonly PartBucket[];
  /** Gitaly's own bucket, in which the repositories of a server-side backup are counted. */
  readonly gitalyBucket?: string;
  /** The databases were named, and are not only assumed. */
  readonly namesDatabases: boolean;
  readonly format: Format;
  readonly output?: string;
  readonly expectation: ExpectationInput;
}

export interface PartBucket {
  readonly part: Part;
  readonly bucket: string;
}

type Parsed = { readonly options: Options } | { readonly mistake: string } | { readonly help: true };

const GIBIBYTE = 1024 ** 3;

/** Reads the arguments; a mistake says what to write. */
export const parseOptions = (args: readonly string[]): Parsed => {
  const read = readArguments(args);
  if (typeof read === 'string') return { mistake: read };
  const { values, positionals } = read;
  if (values.help) return { help: true };
  const [address, ...others] = positionals;
  if (address === undefined || others.length > 0) {
    return {
      mistake: 'Name one archive, such as s3://backups/1763690405_2025_11_21_18.10.0-ee_gitlab_backup.tar.',
    };
  }
  const place = readAddress(address, values.newest, values['version-id']);
  if (typeof place === 'string') return { mistake: place };
  const format = values.format ?? (extname(values.output ?? '').toLowerCase() === '.json' ? 'json' : 'table');
  if (!isFormat(format)) return { mistake: `--format takes ${FORMATS.join(' or ')}, not ${format}.` };
  const expectation = readExpectation(values);
  if (typeof expectation === 'string') return { mistake: expectation };
  const buckets = readBuckets(values.buckets);
  if (typeof buckets === 'string') return { mistake: buckets };
  const { region, output, log, newest } = values;
  const gitalyBucket = values['gitaly-bucket'];
  if (gitalyBucket !== undefined && !BUCKET.test(gitalyBucket)) {
    return { mistake: `--gitaly-bucket takes the name of a bucket, not ${gitalyBucket}.` };
  }
  return {
    options: {
      ...place,
      newest,
      format,
      buckets,
      expectation,
      namesDatabases: values.databases !== undefined,
      ...(gitalyBucket === undefined ? {} : { gitalyBucket }),
      ...(values['version-id'] === undefined ? {} : { versionId: values['version-id'] }),
      ...(region === undefined ? {} : { region }),
      ...(output === undefined ? {} : { output }),
      ...(log === undefined ? {} : { log }),
    },
  };
};

const isFormat = (text: string): text is Format => FORMATS.some((format) => format === text);

/** S3 user guide, "General purpose bucket naming rules"; an access point's alias keeps to them too. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^s3:\/\/([^/]+)(?:\/(.*))?$/;

const readAddress = (
  address: string,
  newest: boolean,
  versionId: string | undefined,
): { bucket: string; key: string } | string => {
  const [, bucket, key = ''] = ADDRESS.exec(address) ?? [];
  if (bucket === undefined || !BUCKET.test(bucket))
    return `An archive is named s3://<bucket>/<key>, not ${address}.`;
  if (newest) {
    if (versionId !== undefined) return '--version-id is of one archive; --newest chooses one by its name.';
    return { bucket, key };
  }
  const isFolder = key === '' || key.endsWith('/');
  return isFolder
    ? `${address} names no archive. Write its whole key, or --newest for the newest one there.`
    : { bucket, key };
};

/** As they are named in Rails' database.yml, and in the names of dumps: `ci` of `ci_database.sql.gz`. */
const DATABASE = /^[a-z][a-z0-9_]*$/;

type Values = Exclude<ReturnType<typeof readArguments>, string>['values'];

const readExpectation = (values: Values): ExpectationInput | string => {
  const skipped = readParts(values.skipped, '--skipped');
  if (typeof skipped === 'string') return skipped;
  const empty = readParts(values.empty, '--empty');
  if (typeof empty === 'string') return empty;
  const projects = readCount(values.projects);
  if (projects === 'none') return `--projects takes a number, not ${values.projects}.`;
  const limit = readCount(values['dump-limit']);
  if (limit === 'none' || !Number.isSafeInteger((limit ?? 0) * GIBIBYTE))
    return `--dump-limit takes a number of GiB, not ${values['dump-limit']}.`;
  const databases = (values.databases ?? 'main').split(',').map((name) => name.trim());
  if (!databases.every((name) => DATABASE.test(name))) {
    return `--databases takes names with commas between them, such as main,ci, not ${values.databases}.`;
  }
  const version = values['gitlab-version'];
  if (version !== undefined && !/^\d+\.\d+\.\d+/.test(version)) {
    return `--gitlab-version takes a version with its edition, such as 18.10.0-ee, not ${version}.`;
  }
  return {
    skipped,
    sources: Object.fromEntries(empty.map((part) => [part, 'empty'])),
    // There is no GitLab without the main one.
    databases: [...new Set(['main', ...databases])],
    repositoriesServerSide: values['server-side'] || values['gitaly-bucket'] !== undefined,
    acceptUnreadDumps: values['accept-unread-dumps'],
    dumpReadLimit: limit === undefined ? DUMP_READ_LIMIT : limit * GIBIBYTE,
    ...(projects === undefined ? {} : { projects }),
    ...(version === undefined ? {} : { gitlabVersion: version }),
  };
};

/** Names of parts with commas between them; a mistake in one of them. */
const readParts = (texts: readonly string[], option: string): string[] | string => {
  const names = texts.flatMap((text) => text.split(',')).flatMap((name) => name.trim() || []);
  const unknown = names.find((name) => !isPart(name));
  return unknown === undefined ? names : `${option} takes ${PARTS.join(', ')}, not ${unknown}.`;
};

/** `uploads=gitlab-uploads,lfs=git-lfs`; a mistake in one of them. */
const readBuckets = (texts: readonly string[]): PartBucket[] | string => {
  const buckets: PartBucket[] = [];
  for (const text of texts.flatMap((each) => each.split(','))) {
    const [part = '', bucket = ''] = text.trim().split('=', 2);
    if (!isObjectPart(part)) {
      return `--buckets takes <part>=<bucket> with one of ${OBJECT_PARTS.join(', ')}, not ${text}.`;
    }
    if (!BUCKET.test(bucket)) return `--buckets takes <part>=<bucket>, and ${text} names no bucket.`;
    // A GitLab has one for each part; of two answers one would be lost.
    if (buckets.some((other) => other.part === part)) return `--buckets names the bucket of ${part} twice.`;
    buckets.push({ part, bucket });
  }
  return buckets;
};

const readCount = (text: string | undefined): number | 'none' | undefined => {
  if (text === undefined) return undefined;
  return /^\d{1,9}$/.test(text) ? Number(text) : 'none';
};

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        newest: { type: 'boolean', default: false },
        'version-id': { type: 'string' },
        region: { type: 'string' },
        skipped: { type: 'string', multiple: true, default: [] },
        empty: { type: 'string', multiple: true, default: [] },
        'gitlab-version': { type: 'string' },
        projects: { type: 'string' },
        'server-side': { type: 'boolean', default: false },
        databases: { type: 'string' },
        'gitaly-bucket': { type: 'string' },
        buckets: { type: 'string', multiple: true, default: [] },
        log: { type: 'string' },
        'dump-limit': { type: 'string' },
        'accept-unread-dumps': { type: 'boolean', default: false },
        format: { type: 'string' },
        output: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
