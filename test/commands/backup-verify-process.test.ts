import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Verification } from '../../functions/records/backup/verification.ts';
import { BACKUP_ID } from '../../infra/local/large-objects/archive-members.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';

/** The command as people start it, against an S3 on loopback that holds archives of 30 GB. */

const COMMAND = fileURLToPath(new URL('../../functions/commands/backup-verify.ts', import.meta.url));
const NAME = `${BACKUP_ID}_gitlab_backup.tar`;
const PLAN = { seed: 'command', bytes: 30e9, members: 60, databaseBytes: 400_000 };

let s3: LargeObjects;
beforeAll(async () => {
  s3 = await startLargeObjects();
  s3.put('whole', NAME, PLAN);
  s3.put('cut', NAME, { ...PLAN, truncatedTo: 20e9 });
  s3.put('partial', NAME, { ...PLAN, skipped: ['uploads', 'lfs'] });
  s3.put('gl-uploads', 'user/1.png', PLAN);
  s3.put('endless', `nightly/${NAME}`, { ...PLAN, withoutEnd: true });
});
afterAll(() => s3.stop());

const run = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [COMMAND, ...args], {
    reject: false,
    env: {
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  return { stdout, stderr, exitCode };
};

describe('the command backup-verify', () => {
  it('verifies an archive of 30 GB by reading some MB of it, and prints nothing but the result', async () => {
    const { stdout, stderr, exitCode } = await run(`s3://whole/${NAME}`, '--format', 'json');
    expect([exitCode, stderr]).toEqual([0, '']);
    const { verdict, archive, reads } = Verification.parse(JSON.parse(stdout));
    expect(verdict).toBe('verified');
    expect(archive.size).toBeGreaterThan(25e9);
    expect(reads.bytes).toBeLessThan(50e6);
  }, 60_000);

  it('finds the newest archive, and that it lacks its end', async () => {
    const { stdout, exitCode } = await run('s3://endless/nightly', '--newest');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`s3://endless/nightly/${NAME}`);
    expect(stdout).toMatch(/^corrupt +cut +the archive: At byte \d+/m);
  }, 60_000);

  it('catches a backup that left a full bucket out, and lets an empty one be', async () => {
    const buckets = 'uploads=gl-uploads,lfs=gl-lfs';
    const { stdout, exitCode } = await run(`s3://partial/${NAME}`, '--buckets', buckets);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^incomplete +skipped-unasked +uploads\.tar\.gz/m);
    expect(stdout).toMatch(/^note +bucket-empty +lfs\.tar\.gz/m);
  }, 60_000);

  it('says of an archive that was cut in the middle where it ends', async () => {
    const { stdout, exitCode } = await run(`s3://cut/${NAME}`);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('Corrupt: do not count on this archive');
  }, 60_000);

  it('tells what went wrong on the standard error alone', async () => {
    const { stdout, stderr, exitCode } = await run('s3://whole/nothing.tar');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('There is no s3://whole/nothing.tar');
  }, 60_000);
});
