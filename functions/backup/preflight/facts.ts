import type { BucketLock } from '../../clients/bucket-facts.ts';
import type { Maintenance } from '../../records/maintenance.ts';
import type { PauseVerdict } from '../../rules/pausing.ts';
import type { RunningBackup } from '../job/running-backups.ts';
import type { ValuesFinding } from '../values/finding.ts';
import type { PastArchive } from './expected-size.ts';
import type { BackupPlaces, SimulatedRight } from './required-rights.ts';

/** What is gathered before a backup starts. Whatever could not be learned says why, and is never taken for good. */

export type Known<T> =
  | { readonly known: true; readonly value: T }
  /** @property why without its dot: `RDS did not answer`. */
  | { readonly known: false; readonly why: string };

/** The CronJob `<release>-toolbox-backup`, of which the Job is made. */
interface CronJobFact {
  readonly suspended: boolean;
  /** Names of its containers. */
  readonly containers: readonly string[];
}

/** Where the tool of this CronJob writes to, whatever drydock.yaml says. Absent: the CronJob does not say. */
export interface ToolTarget {
  readonly backup?: string;
  readonly tmp?: string;
}

/** Object lock as drydock.yaml wants it. */
interface WishedLock {
  readonly mode: 'governance' | 'compliance';
  readonly days: number;
}

/** What a Job under the ServiceAccount of the backup saw with its own eyes. */
export interface ProbeFact {
  /** ARN that STS gave it. */
  readonly identity?: string;
  /** Why it could not say who it is, without its dot; there is one of the two. */
  readonly unknown?: string;
  /** By bucket: could it be listed? Absent: it was not tried. */
  readonly listed: Readonly<Record<string, 'listed' | 'denied' | 'absent' | 'failed'>>;
}

/** Disk on which the archive is put together. */
export interface ScratchFact {
  readonly kind: 'generic-ephemeral' | 'persistent' | 'node-disk';
  /** Free bytes. */
  readonly bytes: number;
}

/** How the archive is uploaded. */
export interface UploadFact {
  readonly tool: 's3cmd' | 'awscli';
  /** Bytes of a part that s3cmd is set to; awscli chooses by itself. */
  readonly partBytes?: number;
}

export interface DatabaseFact {
  readonly identifier: string;
  /** As RDS calls it: `available`. */
  readonly status: string;
  /** Of PostgreSQL, `17.4`; absent where RDS does not tell it. */
  readonly version?: string;
  /** `04:00-04:30`, UTC. */
  readonly backupWindow?: string;
  /** `sun:05:00-sun:05:30`, UTC. */
  readonly maintenanceWindow?: string;
  /** Maintenance that RDS would begin in the next window: `system-update`. */
  readonly pendingMaintenance: readonly string[];
}

/** What is left for the pod of the backup, of one resource. */
export interface RoomFact {
  /** `pods`, `requests.memory`. */
  readonly resource: string;
  readonly free: number;
  readonly needed: number;
  /** Who limits it: `ResourceQuota compute`, `the nodes`. */
  readonly limitedBy: string;
  /** Does it grow when somebody waits for it, as nodes do that are scaled? */
  readonly grows: boolean;
}

export interface PreviousSet {
  readonly id: string;
  /** `running`: its record says so, whether or not somebody still works on it. */
  readonly state: 'running' | 'ended';
  readonly startedAt: string;
}

export interface PreflightFacts {
  readonly now: Date;
  readonly cluster: string;
  readonly namespace: string;
  readonly release: string;
  /** Id of the backup that this run makes: its own Job, from before an interruption, does not stand in its way. */
  readonly backupId: string;
  /** ARN of the role that the backup's ServiceAccount is to have. */
  readonly backupRole: string;
  readonly places: BackupPlaces;
  readonly wishedLock: WishedLock;
  /** Undefined: there is none. */
  readonly cronJob: Known<CronJobFact | undefined>;
  readonly toolTarget: Known<ToolTarget>;
  /** Object lock of the bucket of archives. */
  readonly lock: Known<BucketLock>;
  /** What the values linter says. */
  readonly values: Known<readonly ValuesFinding[]>;
  /** What IAM simulates of `requiredRights(places)`. */
  readonly rights: Known<readonly SimulatedRight[]>;
  readonly probe: Known<ProbeFact>;
  /** Verified archives of this policy. */
  readonly history: Known<readonly PastArchive[]>;
  /** Bytes in all buckets that go into the archive. */
  readonly rawBytes: Known<number>;
  readonly scratch: Known<ScratchFact>;
  readonly upload: Known<UploadFact>;
  readonly running: Known<readonly RunningBackup[]>;
  /** Undefined: the database is not one of RDS. */
  readonly database: Known<DatabaseFact | undefined>;
  readonly maintenance: Known<Maintenance | undefined>;
  readonly pause: Known<PauseVerdict>;
  readonly room: Known<readonly RoomFact[]>;
  readonly previousSet: Known<PreviousSet | undefined>;
}
