import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/** EKS calls AppArmor deprecated from 1.34 on; the annotation was replaced by a field in 1.30. */
export const apparmorAnnotations = defineCheck({
  code: 'apparmor-annotations',
  title: 'No workload sets AppArmor by the annotation of before 1.30',
  reads: ['workloads'],
  since: '1.34',
  judge: ({ workloads }) =>
    workloads
      .filter(({ appArmorAnnotation }) => appArmorAnnotation)
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message: `It sets its AppArmor profile by annotation, which the field securityContext.appArmorProfile replaced in 1.30; and EKS calls AppArmor itself deprecated from 1.34 on.`,
        remedy: {
          text: 'Move the profile into the field, or to seccomp and Pod Security Standards.',
          command: `kubectl -n ${workload.namespace} get ${workload.kind.toLowerCase()} ${workload.name} -o yaml | grep container.apparmor.security.beta.kubernetes.io`,
          link: 'https://kubernetes.io/docs/tutorials/security/apparmor/',
        },
        evidence: ['annotation container.apparmor.security.beta.kubernetes.io'],
      })),
});
