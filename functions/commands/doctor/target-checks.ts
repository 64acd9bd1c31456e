import { judgeImageOwner } from '../../deployment/image-owner.ts';
import { describeWorkload } from '../../records/workload.ts';
import { type Check, fail, notChecked, pass } from './check.ts';
import type { TargetSubject } from './subject.ts';

/** What a run needs of a target: the workload, the container in it, and nobody else who sets its image. */
export const targetChecks: readonly Check<TargetSubject>[] = [
  {
    name: 'workload',
    async run({ target, kubernetes, environment }) {
      const found = await findContainer({ target, kubernetes });
      if (!found.workload) {
        return fail(
          `${environment.cluster.name} has no ${describeWorkload(target.workload)}`,
          `Correct deployment.targets.${target.name}.workload, or create the workload.`,
        );
      }
      if (found.container) return pass(`runs ${found.container.image}`);
      const names = found.workload.containers.map(({ name }) => name).join(', ');
      return fail(
        `${describeWorkload(target.workload)} has no container ${target.container ?? target.initContainer ?? ''}; it has ${names}`,
        `Correct deployment.targets.${target.name}.container.`,
      );
    },
  },
  {
    name: 'image owner',
    needs: ['workload'],
    async run({ target, kubernetes }) {
      const { workload, container } = await findContainer({ target, kubernetes });
      if (!workload || !container) return notChecked('the workload went away while it was looked at');
      const verdict = judgeImageOwner(workload, container, target.takeOwnership);
      if (!verdict.ok) {
        return fail(
          verdict.reason,
          `Let that tool stop setting the image, or write deployment.targets.${target.name}.takeOwnership: true.`,
        );
      }
      return pass(verdict.consequence ?? 'nobody else sets it');
    },
  },
];

const findContainer = async ({ target, kubernetes }: Pick<TargetSubject, 'target' | 'kubernetes'>) => {
  const workload = await (await kubernetes()).readWorkload(target.workload);
  const name = target.container ?? target.initContainer;
  return { workload, container: workload?.containers.find((container) => container.name === name) };
};
