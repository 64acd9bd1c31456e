import {
  MAX_JOB_LOOKS,
  MAX_MARK_LOOKS,
  MAX_PROBE_LOOKS,
  MAX_START_ASKS,
  MAX_TURN_ASKS,
} from '../../functions/records/backup/run-limits.ts';
import { MAX_COPY_SLICES } from '../../functions/records/backup/slices.ts';
import { type LoopBounds, MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { countJobLooks } from '../support/job-looks.ts';
import { readMachine } from '../support/walk-machine.ts';
import { below, type Measure } from './measure.ts';

/** A run that waits for nothing but its Job: as often as each loop is entered then. */
const CALM: LoopBounds = {
  BeginBackup: 1,
  ProbeAccess: 3,
  SetMarks: 1,
  StartBackupJob: 1,
  MarkRepositories: 1,
  CopySet: 2,
};

/** Every loop as often as its limit lets it: hours of waiting for a turn, a snapshot, a node, and a Job of two days. */
const WORST: LoopBounds = {
  BeginBackup: MAX_TURN_ASKS,
  ProbeAccess: MAX_PROBE_LOOKS,
  SetMarks: MAX_MARK_LOOKS['before-job'],
  StartBackupJob: MAX_START_ASKS,
  WatchBackupJob: MAX_JOB_LOOKS,
  MarkRepositories: MAX_MARK_LOOKS['after-job'],
  CopySet: MAX_COPY_SLICES,
};

/** Counts the events that one execution of the machine `backup` leaves at most; Step Functions ends it at 25,000. */
export const backupHistory: Measure = {
  name: 'backup-history',
  about: 'events in the history of a backup of 12 h and of 48 h, reckoned from the machine',
  run: async () => {
    const machine = readMachine('backup');
    const events = (bounds: LoopBounds): number => worstCaseHistory(machine, bounds);
    const ofHours = (hours: number) => events({ ...CALM, WatchBackupJob: countJobLooks(hours) });
    const row = (what: string, count: number) => below(what, MAX_HISTORY_EVENTS, 'events', count);
    return {
      rows: [
        row('history of a backup of 12 h in which each call fails once and is repeated', ofHours(12)),
        row('the same of 48 h, which is the longest', ofHours(48)),
        row('the same with every wait and every loop at its limit', events(WORST)),
      ],
    };
  },
};
