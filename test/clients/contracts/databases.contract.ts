import { beforeAll, describe, expect, it } from 'vitest';
import type { Databases } from '../../../functions/clients/databases.ts';

/** What every `Databases` promises, the fake of the tests as the one of RDS. */

interface Subject {
  readonly databases: Databases;
  /** Identifiers of two instances that are there. */
  readonly instance: string;
  readonly other: string;
}

export const describeDatabases = (name: string, open: () => Promise<Subject>): void => {
  describe(`databases: ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });
    const reference = () => ({ kind: 'instance', identifier: subject.instance }) as const;

    it('describes an instance', async () => {
      const found = await subject.databases.describe(subject.instance);
      expect(found).toMatchObject({ kind: 'instance', identifier: subject.instance, status: 'available' });
      expect(Date.parse(found?.latestRestorableTime ?? '')).not.toBeNaN();
    });

    it('knows no database that is not there', async () => {
      expect(await subject.databases.describe('not-there')).toBeUndefined();
    });

    it('makes a snapshot once, and finds it again', async () => {
      const { databases } = subject;
      expect(await databases.findSnapshot(reference(), 'set-1')).toBeUndefined();
      const made = await databases.createSnapshot(reference(), 'set-1', { 'drydock:set': '1' });
      const again = await databases.createSnapshot(reference(), 'set-1', { 'drydock:set': '1' });
      expect(again.arn).toBe(made.arn);
      expect((await databases.findSnapshot(reference(), 'set-1'))?.arn).toBe(made.arn);
    });

    it('takes no snapshot of another database for its own', async () => {
      const { databases, other } = subject;
      const others = { kind: 'instance', identifier: other } as const;
      await databases.createSnapshot(reference(), 'set-2', {});
      await expect(databases.createSnapshot(others, 'set-2', {})).rejects.toMatchObject({
        code: 'rds.snapshot-taken',
      });
      expect(await databases.findSnapshot(others, 'set-2')).toBeUndefined();
    });
  });
};
