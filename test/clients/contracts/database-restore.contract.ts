import { describe, expect, it } from 'vitest';
import type { DatabaseRestore, InstanceSettings } from '../../../functions/clients/database-restore.ts';

/** What everybody may count on who makes databases of backups, whichever RDS answers. */

export interface RestorableDatabases {
  readonly databases: DatabaseRestore;
  /** An instance that is available, and a snapshot of it that is. */
  readonly instance: string;
  readonly snapshot: string;
  /** An identifier that nobody has. */
  readonly free: string;
}

const settingsOf = async ({ databases, instance }: RestorableDatabases): Promise<InstanceSettings> => {
  const found = await databases.find(instance);
  if (!found) throw new Error(`There is no ${instance}.`);
  return found.settings;
};

export const describeDatabaseRestore = (name: string, open: () => Promise<RestorableDatabases>): void => {
  describe(`databases of ${name} that are made of a backup`, () => {
    it('are found by their identifier, and one that is not there is none', async () => {
      const { databases, instance, free } = await open();
      expect(await databases.find(instance)).toMatchObject({ identifier: instance, isRenaming: false });
      expect(await databases.find(free)).toBeUndefined();
    });

    it('are made once, whoever asks again, and have an identity of their own', async () => {
      const world = await open();
      const { databases, instance, snapshot, free } = world;
      const like = await settingsOf(world);
      await databases.restore(free, { kind: 'snapshot', arn: snapshot }, like);
      const made = await databases.find(free);
      expect(made).toMatchObject({ identifier: free });
      await databases.restore(free, { kind: 'snapshot', arn: snapshot }, like);
      expect((await databases.find(free))?.resourceId).toBe(made?.resourceId);
      expect(made?.resourceId).not.toBe((await databases.find(instance))?.resourceId);
    });

    it('say that nothing could be renamed where there is nothing', async () => {
      const { databases, free } = await open();
      expect(await databases.rename(free, `${free}-b`)).toBe(false);
    });
  });
};
