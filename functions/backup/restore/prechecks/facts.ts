import type { ReleaseFacts } from '../../../records/backup/release-facts.ts';
import type { RestoreTarget } from '../../../records/backup/restore-plan.ts';
import type { RestoreRequest } from '../../../records/backup/restore-request.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { BackupInformation } from '../../../records/backup/verification.ts';
import type { Maintenance } from '../../../records/maintenance.ts';
import type { PauseVerdict } from '../../../rules/pausing.ts';
import type { RunningBackup } from '../../job/running-backups.ts';
import type { ScratchVolume } from '../../job/scratch-volume.ts';
import type { Known } from '../../preflight/facts.ts';
import type { RequiredRight, SimulatedRight } from '../../preflight/required-rights.ts';
import type { SecretsComparison } from '../../secrets/comparison.ts';
import type { DatabaseExtensions } from '../extensions/extension-report.ts';
import type { PlaceFacts } from '../place-facts.ts';

/** What is gathered before a restore. What could not be learned says why, and is never taken for good. */
export interface RestoreFacts {
  readonly now: Date;
  readonly request: RestoreRequest;
  readonly target: RestoreTarget;
  /** The GitLab that the set is of. */
  readonly origin: RestoreTarget;
  readonly set: BackupSet;
  /** `backup_information.yml` of its archive, as the last verification read it. */
  readonly information: Known<BackupInformation>;
  /** Version and edition of the toolbox that stands there: `18.10.0-ee`. */
  readonly runningVersion: Known<string>;
  /** The Helm release that stands there. */
  readonly release: Known<Extract<ReleaseFacts, { state: 'read' }>>;
  readonly place: Known<PlaceFacts>;
  /** Undefined: there is no CronJob of which the Job could be made. */
  readonly scratch: Known<ScratchVolume | undefined>;
  readonly hasCronJob: Known<boolean>;
  /** What IAM says of the rights that a restore needs. */
  readonly rights: Known<{
    readonly needed: readonly RequiredRight[];
    readonly answers: readonly SimulatedRight[];
  }>;
  readonly secrets: Known<SecretsComparison>;
  /** What each database that is restored into says of its extensions. */
  readonly extensions: Known<readonly DatabaseExtensions[]>;
  readonly running: Known<readonly RunningBackup[]>;
  readonly maintenance: Known<Maintenance | undefined>;
  readonly pause: Known<PauseVerdict>;
}
