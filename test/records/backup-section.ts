import * as z from 'zod';
import { Backup } from '../../functions/records/configuration/backup.ts';
import { findBackupProblems } from '../../functions/records/configuration/backup-references.ts';
import { explainIssue } from '../../functions/records/configuration/explanation.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';
import { readYamlDocument } from '../../functions/records/configuration/yaml-document.ts';

/** A valid backup section, and what a person reads of it once a line of it is written otherwise. */

export const VALID = `backup:
  environments:
    production:
      role: arn:aws:iam::123456789012:role/gitlab-toolbox
      database: { instance: gitlab }
      gitaly: { bucket: acme-gitaly }
      destination: { bucket: acme-archives, account: '210987654321', region: eu-central-1, kmsKey: alias/archives }
      tmpBucket: acme-tmp
      secrets: { bucket: acme-secrets, kmsKey: alias/secrets }
      policies:
        hourly: { schedule: cron(30 * * * ? *), skip: [registry, artifacts], freshnessHours: 3 }
        daily: { schedule: cron(0 3 * * ? *), timeZone: Europe/Berlin }
        monthly:
          schedule: cron(0 5 1 * ? *)
          kind: native
          storageClass: GLACIER_IR
          freshnessHours: 800
          retention: { days: 400, gfs: { monthly: 24 } }
`;

const KNOWN = {
  environments: { production: { cluster: { name: 'gitlab' } }, staging: { cluster: { name: 's' } } },
};

/** What a person reads of this text: every problem with its line, or that there is none. */
export const explain = (text: string): string => {
  const document = readYamlDocument(text);
  if (document.faults.length > 0) return JSON.stringify(document.faults);
  const parsed = z.strictObject({ backup: Backup }).safeParse(document.value);
  const found = parsed.success
    ? findBackupProblems(KNOWN, parsed.data.backup).map((problem) => ({ at: 'value' as const, ...problem }))
    : parsed.error.issues.flatMap((issue) => explainIssue(issue, document));
  return formatProblems(
    found.map(({ path, at, message }) => ({
      file: 'drydock.yaml',
      path: path.map((key) => (typeof key === 'number' ? key : String(key))),
      ...document.locate(path, at),
      message,
    })),
  );
};

/** The valid text with one of its lines written otherwise. */
export const withLine = (line: string, instead: string): string => {
  const changed = VALID.replace(line, instead);
  if (changed === VALID) throw new Error(`There is no such line: ${line}`);
  return explain(changed);
};

export const HOURLY = 'schedule: cron(30 * * * ? *), skip: [registry, artifacts], freshnessHours: 3';
export const DAILY = 'schedule: cron(0 3 * * ? *), timeZone: Europe/Berlin';
