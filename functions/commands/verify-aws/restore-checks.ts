import * as z from 'zod';
import type { Configuration } from '../../records/configuration.ts';
import { type Check, type Finding, fail, pass } from '../doctor/check.ts';
import { judgeExecution, LOOK, runMachine } from './site-checks.ts';
import type { Verification } from './subject.ts';

/** The machines that a person needs in an emergency start, and begin nothing that nobody asked for. */

const Refusal = z.object({ outcome: z.string(), reasons: z.array(z.string()).default([]) });

/**
 * Starts a machine for an environment that is nobody's, named after this run: the machine, its first function and the
 * configuration that it carries are there, and it ends well without having changed anything.
 */
const checkRefusal = (name: string, machine: string, what: string): Check<Verification> => ({
  name,
  needs: ['stack'],
  async run(at): Promise<Finding> {
    const by = { by: 'npm run verify:aws', why: 'a test of the machine' };
    const input = { environment: at.runId, ...(name === 'restore' ? by : {}) };
    const state = await runMachine(at, machine, `${at.runId}-${name}`, input);
    const ran = judgeExecution(state, what);
    if (ran.state !== 'pass') return ran;
    const { outcome, reasons } = Refusal.parse(JSON.parse(state?.output ?? ''));
    return outcome === 'refused'
      ? pass(`${what} of an environment that is nobody's was refused: ${reasons.join('; ')}`)
      : fail(`${what} of an environment that is nobody's was ${outcome}`, LOOK);
  },
});

const restoreCheck = checkRefusal('restore', 'BackupRestoreMachineArn', 'a restore');
const drillCheck = checkRefusal('drill', 'BackupDrillMachineArn', 'a drill');

/** Where something is backed up, and where a restore of it is rehearsed. */
export const listRestoreChecks = ({ backup }: Configuration): readonly Check<Verification>[] => {
  const all = Object.values(backup?.environments ?? {});
  return [
    ...(all.length > 0 ? [restoreCheck] : []),
    ...(all.some(({ restore }) => restore.drill) ? [drillCheck] : []),
  ];
};
