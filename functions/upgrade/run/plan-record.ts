import type { Ledger } from '../../clients/ledger.ts';
import type { Execution } from '../../records/execution.ts';
import {
  type UpgradePlan,
  type UpgradeRun,
  upgradePlanKey,
  upgradePlanKind,
  upgradeRunKey,
  upgradeRunKind,
} from '../../records/upgrade/plan.ts';
import { DefectError, RefusedError } from '../../runtime/errors.ts';
import { type ClusterSubject, findSubject } from '../cluster-subjects.ts';

/**
 * The plan that an execution made as its first step; every later step reads it from there, so that what was approved
 * is what is done.
 *
 * @throws DefectError `plan.missing`.
 */
export const readPlan = async (
  ledger: Pick<Ledger, 'read'>,
  { name }: Pick<Execution, 'name'>,
): Promise<UpgradePlan> => {
  const stored = await ledger.read(upgradePlanKind, upgradePlanKey(name));
  if (stored) return stored.value;
  throw new DefectError('plan.missing', `There is no plan of the execution ${name}.`);
};

/** The run of a plan; undefined before it began. */
export const readRun = async (
  ledger: Pick<Ledger, 'read'>,
  { cluster, execution }: Pick<UpgradePlan, 'cluster' | 'execution'>,
): Promise<UpgradeRun | undefined> =>
  (await ledger.read(upgradeRunKind, upgradeRunKey(cluster, execution.name)))?.value;

/** The settings of the cluster of a plan. @throws RefusedError `cluster.unknown` when drydock.yaml has lost it since. */
export const subjectOf = (
  subjects: readonly ClusterSubject[],
  { cluster }: Pick<UpgradePlan, 'cluster'>,
): ClusterSubject => {
  const subject = findSubject(subjects, cluster);
  if (subject) return subject;
  throw new RefusedError(
    'cluster.unknown',
    `drydock.yaml has no cluster ${cluster} any more; nothing more is done there.`,
  );
};
