import type { PreflightRule } from '../preflight-rule.ts';
import { archiveLock } from './archive-lock.ts';
import { cronTemplate } from './cron-template.ts';
import { databaseReady } from './database-ready.ts';
import { databaseWindow } from './database-window.ts';
import { noMaintenance } from './no-maintenance.ts';
import { notPaused } from './not-paused.ts';
import { oneClock } from './one-clock.ts';
import { otherBackup } from './other-backup.ts';
import { podRoom } from './pod-room.ts';
import { previousSet } from './previous-set.ts';
import { probeAccess } from './probe-access.ts';
import { probeIdentity } from './probe-identity.ts';
import { roleRights } from './role-rights.ts';
import { scratchSpace } from './scratch-space.ts';
import { toolTarget } from './tool-target.ts';
import { uploadCeiling } from './upload-ceiling.ts';
import { valuesTraps } from './values-traps.ts';

/** Every rule, in the order in which reports show them. Adding one is a file and a line here. */
export const PREFLIGHT_RULES: readonly PreflightRule[] = [
  // Whether now is the time.
  notPaused,
  noMaintenance,
  previousSet,
  otherBackup,
  // What it is made of.
  cronTemplate,
  oneClock,
  toolTarget,
  valuesTraps,
  // What it may.
  roleRights,
  probeIdentity,
  probeAccess,
  archiveLock,
  // Whether it fits.
  scratchSpace,
  uploadCeiling,
  podRoom,
  // What it dumps.
  databaseReady,
  databaseWindow,
];

/** Those that are asked for a run: without the tool nobody needs its CronJob, and a small archive fits anywhere. */
export const rulesFor = (run: {
  readonly kind: 'tar' | 'native';
  readonly needsJob: boolean;
}): readonly PreflightRule[] =>
  PREFLIGHT_RULES.filter(
    ({ concerns }) => concerns === 'run' || (run.needsJob && (concerns === 'job' || run.kind === 'tar')),
  );
