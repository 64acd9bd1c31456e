import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { RAILS_ENVIRONMENT, RAILS_KEYS, type RailsKey, SECRETS_FILE } from './rails-keys.ts';

/** Something about `secrets.yml`. Names keys that GitLab has, and lines; never what stands there. */
interface RailsFinding {
  /** `rails-no-file`, `rails-broken`, `rails-no-production`, `rails-key-missing`, `rails-key-shape`, `rails-key-pem`. */
  readonly code: string;
  readonly key?: string;
  readonly message: string;
}

type ReadRailsSecret =
  | {
      readonly ok: true;
      /** The map `production`, texts as they are written; keys that GitLab does not know are among them. */
      readonly keys: ReadonlyMap<string, string | readonly string[]>;
      readonly findings: readonly RailsFinding[];
    }
  | { readonly ok: false; readonly findings: readonly RailsFinding[] };

/** Eight keys, of which the longest has some 3 kB. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads the key `secrets.yml` of `<release>-rails-secret`: top map `production`, in it texts, lists and a PEM. Every
 * plain value is text, since a key of digits alone is a key and no number. Nothing that is returned as a finding, and
 * nothing that is thrown, holds a value or a part of one.
 *
 * @param data the keys of the Kubernetes Secret.
 */
export const readRailsSecret = (data: Readonly<Record<string, Uint8Array>>): ReadRailsSecret => {
  const bytes = Object.hasOwn(data, SECRETS_FILE) ? data[SECRETS_FILE] : undefined;
  if (bytes === undefined) return fail('rails-no-file', `It has no key ${SECRETS_FILE}.`);
  if (bytes.length > MAX_BYTES) return fail('rails-broken', `${SECRETS_FILE} is far larger than it can be.`);
  const production = findProduction(Buffer.from(bytes).toString('utf8'));
  if ('code' in production) return { ok: false, findings: [production] };
  return {
    ok: true,
    keys: production.keys,
    findings: RAILS_KEYS.flatMap((key) => judge(key, production.keys)),
  };
};

const fail = (code: string, message: string): ReadRailsSecret => ({
  ok: false,
  findings: [{ code, message }],
});

interface Production {
  readonly keys: ReadonlyMap<string, string | readonly string[]>;
}

const findProduction = (text: string): Production | RailsFinding => {
  try {
    return parse(text);
  } catch {
    // Its words may quote the file.
    return { code: 'rails-broken', message: `${SECRETS_FILE} is no YAML that can be read.` };
  }
};

const parse = (text: string): Production | RailsFinding => {
  const lines = new LineCounter();
  // The words of an error quote the line it is about, hence neither they nor pretty ones.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    return { code: 'rails-broken', message: `${SECRETS_FILE} is no YAML: line ${Math.max(1, line)}.` };
  }
  const production = isMap(document.contents) ? document.contents.get(RAILS_ENVIRONMENT, true) : undefined;
  if (!isMap(production)) {
    const message = `${SECRETS_FILE} has no map ${RAILS_ENVIRONMENT} at its top.`;
    return { code: 'rails-no-production', message };
  }
  const keys = new Map<string, string | readonly string[]>();
  for (const { key, value } of production.items) {
    const read = plain(value);
    if (isScalar(key) && read !== undefined) keys.set(String(key.value), read);
  }
  return { keys };
};

/** A text or a list of texts; undefined for what is empty or of another shape. */
const plain = (node: unknown): string | readonly string[] | undefined => {
  if (isScalar(node)) return typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
  if (!isSeq(node)) return undefined;
  const items = node.items.map((item) => plain(item));
  const texts = items.filter((item): item is string => typeof item === 'string');
  return texts.length === items.length && texts.length > 0 ? texts : undefined;
};

const judge = ({ name, shape }: RailsKey, keys: Production['keys']): RailsFinding[] => {
  const value = keys.get(name);
  if (value === undefined) {
    const message = `It has no ${name}; the chart makes a random one at its next upgrade, without a word.`;
    return [{ code: 'rails-key-missing', key: name, message }];
  }
  if (shape !== 'list' && typeof value !== 'string') {
    return [
      { code: 'rails-key-shape', key: name, message: `${name} is a list, and GitLab expects one text.` },
    ];
  }
  if (shape === 'list' && typeof value === 'string') {
    return [
      { code: 'rails-key-shape', key: name, message: `${name} is one text, and GitLab expects a list.` },
    ];
  }
  if (shape === 'pem' && typeof value === 'string' && !PEM.test(value)) {
    const message = `${name} is no private key in PEM; its line breaks must be real ones, not \\n.`;
    return [{ code: 'rails-key-pem', key: name, message }];
  }
  return [];
};

/** Source: RFC 7468, section 3. */
const PEM =
  /^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\s]+\r?\n-----END [A-Z ]*PRIVATE KEY-----\s*$/;
