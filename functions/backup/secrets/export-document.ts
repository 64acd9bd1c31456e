import { stringify } from 'yaml';
import type { SetReference } from '../../records/backup/run.ts';
import type { SecretExport } from '../../records/backup/secret-export.ts';
import type { SecretContent, SecretNeed } from './secret-need.ts';

/** What is saved: of every secret that was read, all its keys. */
export interface ExportContent {
  readonly needs: readonly SecretNeed[];
  /** By name. */
  readonly contents: ReadonlyMap<string, SecretContent>;
  /** By name. */
  readonly types: ReadonlyMap<string, string>;
  /** As Helm keeps them; undefined when they are left out, or nobody could read them. */
  readonly helmValues: unknown;
}

/** The document that goes into the vault; it goes nowhere else. */
export const composeExport = (
  { environment, id }: Pick<SetReference, 'environment' | 'id'>,
  { needs, contents, types, helmValues }: ExportContent,
  takenAt: Date,
): SecretExport => ({
  version: 1,
  environment,
  set: id,
  takenAt: takenAt.toISOString(),
  secrets: needs.flatMap(({ id: what, name }) => {
    const content = contents.get(name);
    if (content?.state !== 'read') return [];
    const data = Object.entries(content.data).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ]);
    return [{ id: what, name, type: types.get(name) ?? 'Opaque', data: Object.fromEntries(data) }];
  }),
  ...(helmValues === undefined ? {} : { helmValues: stringify(helmValues, { lineWidth: 0 }) }),
});

/** The contents that a saved document holds, for whoever finds one that an earlier attempt has written. */
export const readExported = ({ secrets }: SecretExport): ReadonlyMap<string, SecretContent> =>
  new Map(
    secrets.map(({ name, data }) => [
      name,
      {
        state: 'read',
        data: Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
        ),
      } satisfies SecretContent,
    ]),
  );
