import type { RestoreRule } from '../restore-rule.ts';
import { extensions } from './extension-rule.ts';
import { bucketsApart, cronJob, rights, scratchApart, space } from './place-rules.ts';
import { installationType, sameVersion, setArchive, setVerified, storages } from './set-rules.ts';
import { noMaintenance, notPaused, otherJob } from './time-rules.ts';
import { autoscalers, gitOps, secrets, webFound } from './workload-rules.ts';

/** Those that hold whatever the set is made of; `native-rules.ts` has the others of a native one. */
export const NATIVE_RESTORE_RULES: readonly RestoreRule[] = [
  notPaused,
  noMaintenance,
  otherJob,
  setVerified,
  sameVersion,
  secrets,
  scratchApart,
  cronJob,
  webFound,
  gitOps,
  autoscalers,
];

/** Every rule of a set with an archive, in the order in which plans show them. */
export const RESTORE_RULES: readonly RestoreRule[] = [
  // Whether now is the time.
  notPaused,
  noMaintenance,
  otherJob,
  // Whether it can be restored at all.
  setVerified,
  setArchive,
  sameVersion,
  installationType,
  storages,
  secrets,
  // Whether the place can take it.
  scratchApart,
  cronJob,
  bucketsApart,
  rights,
  space,
  extensions,
  // Whether it stays at 0.
  webFound,
  gitOps,
  autoscalers,
];
