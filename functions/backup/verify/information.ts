import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { BackupInformation } from '../../records/backup/verification.ts';

/**
 * `backup_information.yml`, in the two shapes that GitLab writes.
 *
 * The toolbox writes it by its shell (`write_backup_info` of `backup-utility`): five lines and `:skipped`, the time as
 * `2026-11-21 02:00:05 +0000`, nothing behind `:skipped:` when nothing was. The Rake tasks write it by Ruby
 * (`Backup::Metadata` of GitLab Rails, whose list of keys this is): times plain, quoted, or since GitLab 15 as a mapping
 * tagged `!ruby/object:ActiveSupport::TimeWithZone` with the time in `utc`; lists as one text with commas.
 */

/** GitLab writes less than 1 KB, more only where many paths are named. */
export const MAX_INFORMATION_BYTES = 32 * 1024;
/** Names of parts and storages that are kept, and characters of each text. */
const MAX_NAMES = 100;
const MAX_TEXT = 200;

type ReadInformation = { readonly information: BackupInformation } | { readonly mistake: string };

/**
 * Reads the file. Only the keys of `BackupInformation` are kept; nothing in it is resolved, so references and tags
 * cost nothing.
 *
 * @param bytes at most `MAX_INFORMATION_BYTES`.
 * @returns a mistake where GitLab itself could not read it either: no UTF-8, no YAML, no mapping.
 */
export const readInformation = (bytes: Uint8Array): ReadInformation => {
  const text = decode(bytes);
  if (text === undefined) return { mistake: 'it is no text' };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      // Ruby's YAML is 1.1. With failsafe every scalar stays the text it is: no `yes`, no octal, no dates.
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
      lineCounter: lines,
    });
    const [mistake] = document.errors;
    if (mistake) return { mistake: `it is no YAML from line ${lines.linePos(mistake.pos[0]).line} on` };
    const { contents } = document;
    if (!isMap(contents)) return { mistake: 'it holds no keys' };
    const values = new Map<string, unknown>();
    for (const { key, value } of contents.items) {
      const name = readText(key);
      if (name !== undefined) values.set(name.replace(/^:/, ''), value);
    }
    return { information: compose(values) };
  } catch {
    // Nested deeper than a stack is.
    return { mistake: 'it is nested too deep' };
  }
};

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
};

const compose = (values: ReadonlyMap<string, unknown>): BackupInformation => {
  const text = (name: string): string | undefined => readText(values.get(name));
  const gitlabVersion = text('gitlab_version');
  const createdAt = readTime(values.get('backup_created_at'));
  const installationType = text('installation_type');
  const databaseVersion = text('db_version');
  const tarVersion = text('tar_version');
  const fullBackupId = text('full_backup_id');
  const isLimited = LIMITS.some((name) => readNames(values.get(name)).length > 0);
  return {
    ...(gitlabVersion === undefined ? {} : { gitlabVersion }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(installationType === undefined ? {} : { installationType }),
    ...(databaseVersion === undefined ? {} : { databaseVersion }),
    ...(tarVersion === undefined ? {} : { tarVersion }),
    ...(fullBackupId === undefined ? {} : { fullBackupId }),
    skipped: readNames(values.get('skipped')),
    storages: readNames(values.get('repositories_storages')),
    repositoriesServerSide: text('repositories_server_side') === 'true',
    ...(isLimited ? { onlySomeRepositories: true } : {}),
  };
};

/** GitLab Rails, `Backup::Options`: REPOSITORIES_STORAGES, REPOSITORIES_PATHS, SKIP_REPOSITORIES_PATHS. */
const LIMITS = ['repositories_storages', 'repositories_paths', 'skip_repositories_paths'];

/** A scalar as it stands there; undefined for what YAML calls null, and for anything nested. */
const readText = (node: unknown): string | undefined => {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const text = node.value.trim();
  const isNull = node.type === 'PLAIN' && /^(|~|null|nil)$/i.test(text);
  return isNull || text === '' ? undefined : text.slice(0, MAX_TEXT);
};

/** `db,uploads`, or a list of them; without what repeats. */
const readNames = (node: unknown): string[] => {
  const texts = isSeq(node) ? node.items.slice(0, MAX_NAMES).map(readText) : [readFull(node)];
  const names = texts.flatMap((text) => (text ?? '').split(',', MAX_NAMES));
  return [...new Set(names.map((name) => name.trim().replace(/^:/, '').slice(0, MAX_TEXT)))]
    .filter((name) => name !== '')
    .slice(0, MAX_NAMES);
};

/** The list of names is longer than other texts. */
const readFull = (node: unknown): string | undefined =>
  readText(node) === undefined || !isScalar(node) ? undefined : String(node.value);

const TIME = /^(\d{4}-\d\d-\d\d)[ Tt]+(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** A time of Ruby or of `date`: with a zone, or in UTC when it names none. */
const readTime = (node: unknown): string | undefined => {
  const utc = isMap(node) ? node.items.find(({ key }) => readText(key) === 'utc')?.value : node;
  const [, day, hours, fraction = '', zone = 'Z'] = TIME.exec(readText(utc) ?? '') ?? [];
  if (day === undefined) return undefined;
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/^(.\d\d):?/, '$1:');
  const time = new Date(`${day}T${hours}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};
