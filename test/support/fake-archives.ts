import type { ListedObject, ObjectFinder } from '../../functions/clients/object-keys.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';

/** The bucket of archives, as whoever may list it sees it. */
export const createFakeArchives = ({ parts }: Pick<BackupSet, 'parts'>) => {
  const objects = new Map<string, ListedObject>(
    parts.flatMap((part) =>
      part.kind === 'archive' ? [[`${part.object.bucket}/${part.object.key}`, part.object] as const] : [],
    ),
  );
  /** What was asked for, and the error that answers instead, while there is one. */
  const asked: string[] = [];
  const state: { trouble: Error | undefined } = { trouble: undefined };
  const finder: ObjectFinder = {
    find: async (bucket, key) => {
      asked.push(`${bucket}/${key}`);
      if (state.trouble) throw state.trouble;
      return objects.get(`${bucket}/${key}`);
    },
  };
  return { objects, asked, state, finder };
};
