import { describe, expect, it } from 'vitest';
import { readBackupLog } from '../../../functions/backup/verify/log-evidence.ts';

/** A backup that went well, as a toolbox of GitLab 18 tells it. */
const GOOD = `2025-11-21 02:00:05 UTC -- Dumping main_database ...
Dumping PostgreSQL database gitlabhq_production ... [DONE]
2025-11-21 02:00:12 UTC -- Dumping main_database ... done
2025-11-21 02:00:12 UTC -- Dumping ci_database ... [DISABLED]
WARNING: This version of GitLab depends on gitlab-shell 11.0.0, but you're running Unknown. Please update gitlab-shell.
{"command":"create","error":"manager: repository empty: repository skipped","level":"warning","msg":"skipped create"}
{"command":"create","gl_project_path":"a/failed-to-backup","level":"info","msg":"completed create"}
2025-11-21 02:00:20 UTC -- Dumping repositories ... done
2025-11-21 02:00:20 UTC -- Warning: Your gitlab.rb and gitlab-secrets.json files contain sensitive data
\u001B[34mDumping registry ...\u001B[0m
\u001B[32mempty\u001B[0m
\u001B[34mDumping uploads ...\u001B[0m
\u001B[32mdone\u001B[0m
Packing up backup tar
[DONE] Backup can be found at s3://gitlab-backups/1763690405_2025_11_21_18.10.0-ee_gitlab_backup.tar`.split(
  '\n',
);

const findings = (...lines: readonly string[]) =>
  readBackupLog(lines).findings.map(({ kind, part }) =>
    [kind, ...(part === undefined ? [] : [part])].join(' '),
  );

describe("a backup's log", () => {
  it('of a good backup has no finding, names its empty buckets, and where it went', () => {
    const { done, findings: found, emptyParts } = readBackupLog(GOOD);
    expect(found).toEqual([]);
    expect(emptyParts).toEqual(['registry']);
    expect(done).toBe('s3://gitlab-backups/1763690405_2025_11_21_18.10.0-ee_gitlab_backup.tar');
  });

  it.each([
    [
      'bucket-skipped uploads',
      '\u001B[34mBucket not found: gl-uploads. Skipping backup of uploads ...\u001B[0m',
    ],
    ['bucket-skipped', 'Bucket not found: gl-new. Skipping backup of new_thing ...'],
    ['failure', 'pg_dump: error: connection to server at "db" failed'],
    ['failure', 'Dumping PostgreSQL database gitlabhq_production ... pg_dump: error: server version: 17.2'],
    ['failure', 'Dumping PostgreSQL database gitlabhq_production ... [FAILED]'],
    ['failure', '2025-11-21 02:00:12 UTC -- Dumping repositories failed: gitaly-backup exit status 1'],
    ['failure', 'Failed to backup project group/a'],
    ['failure', '\u001B[31m[Error] ERROR: S3 error: 403 (AccessDenied)\u001B[0m'],
    ['failure', 'rake aborted!'],
    ['failure', 'Backup::Error: Backup failed'],
    ['failure', '{"command":"create","error":"manager: boom","level":"error","msg":"failed create"}'],
    ['failure', 'tar: write error: No space left on device'],
    ['failure', 'Unknown S3 tool: rclone'],
    ['failure', 'ERROR: S3 error: 403 (AccessDenied): Access Denied'],
    ['failure', 'upload failed: ../a.tar to s3://gitlab-backups/a.tar An error occurred (NoSuchBucket)'],
    ['failure', 'fatal error: Unable to locate credentials'],
    ['warning', 'WARNING: Retrying failed request: /?location (503)'],
    ['warning', 'pg_dump: warning: there are circular foreign-key constraints'],
  ])('tells of a %s: %s', (finding, line) => {
    expect(findings(line)).toEqual([finding]);
  });

  it.each([
    ['--timestamps', '2025-11-21T02:00:05.123456789Z '],
    ['--timestamps in a time zone', '2025-11-21T03:00:05.1+01:00 '],
    ['--prefix', '[pod/gitlab-backup-x7k2p/toolbox-backup] '],
    ['--prefix and --timestamps', '[pod/gitlab-backup-x7k2p/toolbox-backup] 2025-11-21T02:00:05.1Z '],
  ])('tells the same when kubectl logs wrote it with %s', (_, before) => {
    const lines = [...GOOD, 'ERROR: S3 error: 403 (AccessDenied)', '[Error] no', 'fatal error: no', ''];
    expect(readBackupLog(lines.map((line) => before + line))).toEqual(readBackupLog(lines));
  });

  it.each([
    ['a part that was left out on purpose', 'Skipping backup of uploads'],
    ['a line of progress', 'Dumping lfs ...'],
    ['an empty line', ''],
    ['the end of another line', 'empty'],
  ])('tells nothing by %s', (_, line) => {
    expect(readBackupLog([line])).toEqual({ findings: [], more: 0, emptyParts: [] });
  });

  it.each([
    [{ projects: 1, besides: 0 }, ['@hashed/6b/86/6b.git']],
    [{ projects: 1, besides: 1 }, ['@hashed/6b/86/6b.git', '@hashed/6b/86/6b.wiki.git']],
    [{ projects: 0, besides: 2 }, ['@hashed/6b/86/6b.design.git', '@snippets/6b/86/6b.git']],
    [{ projects: 2, besides: 1 }, ['group/old.git', '@groups/6b/86/6b.wiki.git', '@hashed/6b/86/6b.git']],
  ])('counts the repositories that were written, %j, of %j', (repositories, paths) => {
    const lines = paths.flatMap((path) =>
      ['started create', 'completed create'].map((msg) =>
        JSON.stringify({
          command: 'create',
          level: 'info',
          msg,
          relative_path: path,
          storage_name: 'default',
        }),
      ),
    );
    const skipped = '{"level":"warning","msg":"skipped create","relative_path":"@hashed/6b/86/6c.git"}';
    expect(readBackupLog([...lines, skipped]).repositories).toEqual(repositories);
  });

  it('keeps no secret, also where a long line is cut', () => {
    const line = `pg_dump: error: ${'x'.repeat(270)} postgres://gitlab:hunter2secret@db/gitlabhq`;
    const [finding] = readBackupLog([line, 'rake aborted! password=hunter2']).findings;
    expect(finding?.excerpt.length).toBeLessThanOrEqual(300);
    expect(JSON.stringify(readBackupLog([line, 'rake aborted! password=hunter2']))).not.toContain('hunter2');
  });

  it('keeps ten findings of a kind, and counts the others', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `Failed to backup project ${index}`);
    const { findings: found, more } = readBackupLog([...lines, 'WARNING: x']);
    expect([found.length, more]).toEqual([11, 99_990]);
  });
});
