import { compareMinors, minorNumber } from '../../records/kubernetes-version.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { listSome } from './rules/subject.ts';

/** How many minors kube-proxy may be older than the control plane, and away from the kubelet beside it. */
const ALLOWED_SKEW = 3;

/** Source: Kubernetes version skew policy, kube-proxy. */
export const kubeProxySkew = defineCheck({
  code: 'kube-proxy-skew',
  title: 'kube-proxy keeps within the version skew of the new control plane and of the nodes',
  reads: ['kubeProxy', 'nodes'],
  endsAtTarget: true,
  judge: ({ kubeProxy, nodes }, step) => {
    const kubelets = nodes.flatMap(({ name, kubelet }) => (kubelet === undefined ? [] : [{ name, kubelet }]));
    return kubeProxy.flatMap(({ image, version }): Verdict[] => {
      const evidence = [`image ${image}`];
      if (version === undefined) {
        return [
          {
            result: 'not-checked',
            subject: 'kube-proxy',
            message: 'Its image does not tell which version it is.',
            remedy: { text: 'Compare it with the nodes by hand.', command: `${ON_NODES} --version` },
            evidence,
          },
        ];
      }
      const tell = (result: 'block' | 'warn', message: string, more: readonly string[] = []): Verdict[] => [
        { result, subject: 'kube-proxy', message, remedy: moveProxy(step), evidence: [...evidence, ...more] },
      ];
      if (compareMinors(version, step.to) > 0) {
        return tell('block', `It is at ${version}, newer than ${step.to}, which is not supported.`);
      }
      if (minorNumber(step.to) - minorNumber(version) > ALLOWED_SKEW) {
        return tell(
          'block',
          `It is at ${version}, more than ${ALLOWED_SKEW} minor versions older than ${step.to}: it no longer works with that control plane.`,
        );
      }
      const apart = kubelets.filter(({ kubelet }) => distance(kubelet, version) > ALLOWED_SKEW);
      if (apart.length > 0) {
        return tell(
          'warn',
          `It is at ${version}, more than ${ALLOWED_SKEW} minor versions away from the kubelet of some nodes.`,
          listSome(apart.map(({ name, kubelet }) => `${name}: kubelet ${kubelet}`)),
        );
      }
      if (compareMinors(version, step.current) < 0) {
        return tell('warn', `It is at ${version}, behind the control plane, which is at ${step.current}.`);
      }
      return compareMinors(version, step.current) > 0
        ? tell('warn', `It is at ${version}, newer than the control plane, which is at ${step.current}.`)
        : [];
    });
  },
});

const ON_NODES = 'kubectl -n kube-system exec ds/kube-proxy -- kube-proxy';

const distance = (a: string, b: string): number => Math.abs(compareMinors(a, b));

const moveProxy = (step: StepContext) => ({
  text: `Bring kube-proxy to ${step.from} before this step: the add-on when EKS manages it (the command shows its versions), otherwise the image of the DaemonSet.`,
  command: `aws eks describe-addon-versions --region ${step.region} --addon-name kube-proxy --kubernetes-version ${step.from} --query 'addons[].addonVersions[].addonVersion' && ${eksCommand('update-addon', { 'addon-name': 'kube-proxy', 'addon-version': 'VERSION', 'resolve-conflicts': 'PRESERVE' }, step)}`,
  link: 'https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html',
});
