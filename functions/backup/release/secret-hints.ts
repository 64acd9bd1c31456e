import type { SecretContent } from '../secrets/secret-need.ts';
import { type ChartValues, textOf } from '../values/chart-values.ts';
import { OBJECT_STORE } from '../values/object-stores.ts';
import type { LintContext } from '../values/rule.ts';
import { readPartBytes } from '../values/s3cfg.ts';
import type { ValueMap } from '../values/value-tree.ts';
import { readValues } from '../values/values-file.ts';

/** Secrets of which a few plain settings tell whether a backup can work: a region, an endpoint, a part size. */

interface HintPlace {
  /** Where the values name the Secret, and the key in it. */
  readonly path: string;
  /** Its key where the values name none. Source: GitLab chart 9 and 10, values.yaml. */
  readonly key: string;
}

const PLACES = {
  connection: { path: `${OBJECT_STORE}.connection`, key: 'connection' },
  registryStorage: { path: 'registry.storage', key: 'config' },
  s3cfg: { path: 'gitlab.toolbox.backups.objectStorage.config', key: 'config' },
} as const satisfies Readonly<Record<string, HintPlace>>;

export interface SecretHints {
  readonly connection?: ValueMap;
  readonly registryStorage?: ValueMap;
  /** Was `.s3cfg` read? */
  readonly hasS3cfg: boolean;
  readonly s3cmdPartBytes?: number;
  /** Names, and why nothing was learned of them; never what is in them. */
  readonly unread: readonly { readonly secret: string; readonly why: string }[];
}

/** Names of the Secrets that are worth reading, as these values have them. */
export const nameHintSecrets = (values: ChartValues): string[] => [
  ...new Set(Object.values(PLACES).flatMap(({ path }) => values.text(`${path}.secret`) ?? [])),
];

/** Takes out of them what the linter asks for. @param contents by name. */
export const readSecretHints = (
  values: ChartValues,
  contents: ReadonlyMap<string, SecretContent>,
): SecretHints => {
  const unread: { secret: string; why: string }[] = [];
  const readText = ({ path, key }: HintPlace): string | undefined => {
    const secret = values.text(`${path}.secret`);
    if (secret === undefined) return undefined;
    const text = pick(contents.get(secret), values.text(`${path}.key`) ?? key);
    if ('why' in text) unread.push({ secret, why: text.why });
    return 'text' in text ? text.text : undefined;
  };
  const readMap = (place: HintPlace): ValueMap | undefined => {
    const text = readText(place);
    const read = text === undefined ? undefined : readValues(text);
    if (read?.ok === false) {
      unread.push({ secret: values.text(`${place.path}.secret`) ?? '', why: 'it holds no YAML' });
    }
    return read?.ok ? read.values : undefined;
  };
  const connection = readMap(PLACES.connection);
  const registryStorage = readMap(PLACES.registryStorage);
  const s3cfg = readText(PLACES.s3cfg);
  const s3cmdPartBytes = s3cfg === undefined ? undefined : readPartBytes(s3cfg);
  return {
    ...(connection && { connection }),
    ...(registryStorage && { registryStorage }),
    hasS3cfg: s3cfg !== undefined,
    ...(s3cmdPartBytes !== undefined && { s3cmdPartBytes }),
    unread,
  };
};

/** The key that is named, or else the only one there is. */
const pick = (
  content: SecretContent | undefined,
  key: string,
): { readonly text: string } | { readonly why: string } => {
  if (content === undefined) return { why: 'it was not asked for' };
  if (content.state === 'absent') return { why: 'there is none' };
  if (content.state === 'unreadable') return { why: content.why };
  const [only, ...others] = Object.values(content.data);
  const bytes = Object.hasOwn(content.data, key) ? content.data[key] : others.length === 0 ? only : undefined;
  return bytes === undefined
    ? { why: `it has no key ${key}` }
    : { text: Buffer.from(bytes).toString('utf8') };
};

/** What these hints add to what the linter knows. */
export const asLintContext = ({
  connection,
  registryStorage,
  s3cmdPartBytes,
}: SecretHints): Partial<LintContext> => ({
  ...(connection && { connection }),
  ...(registryStorage && { registryStorage }),
  ...(s3cmdPartBytes !== undefined && { s3cmdPartBytes }),
});

/** A setting of such a map, when it is of the shape that it must have: whatever else stands there may be a secret. */
export const plainSetting = (map: ValueMap, key: string, shape: RegExp): string | undefined => {
  const text = Object.hasOwn(map, key) ? textOf(map[key]) : undefined;
  return text !== undefined && shape.test(text) ? text : undefined;
};
