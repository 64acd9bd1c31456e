import type { RestorePrecheck } from '../../../records/backup/restore-plan.ts';
import type { RestoreRequest } from '../../../records/backup/restore-request.ts';
import { chooseSafetyPolicy, type RestoreSubject } from './restore-subject.ts';

/** Can what stands there be saved before it is replaced? A scratch holds nothing that anybody misses. */
export const judgeSafety = (
  { target, owner }: Pick<RestoreSubject, 'target' | 'owner'>,
  { overrides }: Pick<RestoreRequest, 'overrides'>,
): RestorePrecheck[] => {
  if (target.kind === 'scratch' || chooseSafetyPolicy(owner.settings.policies)) return [];
  const override = overrides.find(({ check }) => check === 'safety-backup')?.why;
  return [
    {
      code: 'safety-backup',
      outcome: 'refuse',
      message: `No policy of ${target.environment} makes an archive of database and repositories, so what stands there could not be put back.`,
      remedy: 'Add one of kind tar to drydock.yaml, even if it never runs by itself.',
      stops: override === undefined,
      ...(override === undefined ? {} : { override }),
    },
  ];
};
